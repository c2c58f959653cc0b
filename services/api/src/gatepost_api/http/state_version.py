"""The version of what is stored, as of when a request arrived."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

from gatepost_domain.ports.reads import ReadModel, StateVersion
from gatepost_domain.storage_errors import StorageError

_VERSION: Final = "gatepost_state_version"
_FAILURE: Final = "gatepost_storage_failure"
_API: Final = "/api/v1/"

ScopeValues = MutableMapping[str, Any]


def set_state_version(scope: ScopeValues, version: StateVersion | None) -> None:
    """Keep the version with the request."""
    scope[_VERSION] = version


def state_version(scope: ScopeValues) -> StateVersion | None:
    """Return the version, or None if it was not determined."""
    version: StateVersion | None = scope.get(_VERSION)
    return version


async def determine_state_version(scope: ScopeValues, reads: ReadModel) -> None:
    """Keep the version with the request.

    A query for it is worth its time only if a stored response may be the answer. If the query
    fails, the request fails when it is authenticated.
    """
    version = reads.state_version()
    if version is None and scope["method"] == "GET" and scope["path"].startswith(_API):
        try:
            version = await reads.load_state_version()
        except StorageError as error:
            scope[_FAILURE] = error
    set_state_version(scope, version)


def raise_storage_failure(scope: ScopeValues) -> None:
    """Raise the error with which the query for the version failed, if it did."""
    failure: StorageError | None = scope.get(_FAILURE)
    if failure is not None:
        raise failure


def authorization_header(scope: ScopeValues) -> bytes:
    """Return the `Authorization` header of a request; empty if there is none."""
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")
