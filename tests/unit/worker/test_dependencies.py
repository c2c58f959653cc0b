"""The dependencies of a worker."""

from __future__ import annotations

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.http.resolver import resolve_host


def test_a_worker_uses_the_system_by_default() -> None:
    """The default clock, resolver and certificate authorities are those of the system."""
    dependencies = Dependencies(executor_options={})

    assert dependencies.clock.now().tzinfo is not None
    assert dependencies.resolver is resolve_host
    assert dependencies.tls_context.check_hostname
