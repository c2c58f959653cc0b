"""The version of the stored data at the time a request arrived."""

from __future__ import annotations

from typing import Final

from litestar.enums import HttpMethod
from litestar.types import HTTPScope, Scope

from gatepost_domain.ports.reads import ReadModel, StateVersion
from gatepost_domain.storage_errors import StorageError

_VERSION: Final = "gatepost_state_version"
_FAILURE: Final = "gatepost_storage_failure"
_API: Final = "/api/v1/"


async def determine_state_version(scope: HTTPScope, reads: ReadModel) -> None:
    """Determine the version, and store it with the request.

    The database is queried only if the response to the request may be cached, because otherwise the
    query would cost more time than it saves. If the query fails, the request fails when it is
    authenticated.
    """
    state = scope.setdefault("state", {})
    version = None
    try:
        version = reads.known_state_version()
        if version is None and scope["method"] == HttpMethod.GET and scope["path"].startswith(_API):
            version = await reads.load_state_version()
    except StorageError as error:
        state[_FAILURE] = error
    state[_VERSION] = version


def state_version(scope: Scope) -> StateVersion | None:
    """Return the version, or None if it was not determined."""
    version: StateVersion | None = scope["state"].get(_VERSION)
    return version


def raise_storage_failure(scope: Scope) -> None:
    """Raise the error that the query for the version failed with, if it failed."""
    failure: StorageError | None = scope["state"].get(_FAILURE)
    if failure is not None:
        raise failure


def authorization_header(scope: Scope) -> bytes:
    """Return the `Authorization` header of a request; empty if there is none."""
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")


def bearer_header(scope: Scope) -> bytes:
    """Return the `Authorization` header if it contains a bearer token, otherwise an empty value.

    Only a bearer token identifies its caller: a reverse proxy can require the same name and
    password from every user, and browsers send these along with the session cookie.
    """
    header = authorization_header(scope)
    scheme, secret = [*header.split(maxsplit=1), b"", b""][:2]
    return header if secret and scheme.lower() == b"bearer" else b""
