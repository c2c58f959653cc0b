"""When a request determines the version of what is stored."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_api.http.state_version_at_arrival import (
    determine_state_version,
    raise_storage_failure,
    state_version,
)
from gatepost_domain.ports.reads import StateVersion
from gatepost_domain.storage_errors import StorageUnreachable
from tests.support.memory.ledger import InMemoryLedger

VERSION = StateVersion("7", 0, 0)


class LedgerWithQueriedVersion(InMemoryLedger):
    """A ledger that needs a query for its version."""

    async def load_state_version(self) -> StateVersion:
        """Return the version."""
        return VERSION


class UnreachableLedger(InMemoryLedger):
    """A ledger whose database does not answer."""

    async def load_state_version(self) -> None:
        """Fail."""
        raise StorageUnreachable


def a_scope(method: str = "GET", path: str = "/api/v1/services") -> Any:
    return {"method": method, "path": path}


@pytest.mark.parametrize(
    ("scope", "version"),
    [
        (a_scope(), VERSION),
        (a_scope(method="POST"), None),
        (a_scope(path="/health/live"), None),
    ],
    ids=["read", "write", "health"],
)
async def test_only_reads_of_the_api_query_the_version(
    scope: Any, version: StateVersion | None
) -> None:
    """Other requests cannot be answered with a stored response."""
    await determine_state_version(scope, LedgerWithQueriedVersion())

    assert state_version(scope) == version


async def test_failed_query_fails_the_request_later() -> None:
    """The error is raised where the request is authenticated, so that it becomes a response."""
    scope = a_scope()

    await determine_state_version(scope, UnreachableLedger())

    with pytest.raises(StorageUnreachable):
        raise_storage_failure(scope)
