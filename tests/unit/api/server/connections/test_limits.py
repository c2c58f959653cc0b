"""The number of connections that a number of file descriptors allows."""

from __future__ import annotations

import pytest

from gatepost_api.server.connections.limits import RESERVED_DESCRIPTORS, ConnectionLimits


@pytest.mark.parametrize("descriptors", [128, 256, 1024, 4096, 65_536, 1_048_576])
def test_connections_leave_descriptors_for_everything_else(descriptors: int) -> None:
    """Open and accepted connections together stay below the limit of open files."""
    limits = ConnectionLimits.for_descriptors(descriptors)

    used = limits.max_connections + limits.backlog
    assert used <= descriptors - RESERVED_DESCRIPTORS


@pytest.mark.parametrize(("descriptors", "expected"), [(128, 64), (1024, 848), (65_536, 10_000)])
def test_number_of_connections(descriptors: int, expected: int) -> None:
    """The bound follows the limit of open files, up to 10,000."""
    assert ConnectionLimits.for_descriptors(descriptors).max_connections == expected
