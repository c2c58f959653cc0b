"""The version of what is stored, as of when a request arrived."""

from __future__ import annotations

from typing import Final

from litestar.types import Scope

_VERSION: Final = "gatepost_state_version"


def set_state_version(scope: Scope, version: int | None) -> None:
    """Keep the version with the request."""
    scope.setdefault("state", {})[_VERSION] = version


def state_version(scope: Scope) -> int | None:
    """Return the version, or None if the storage cannot tell it cheaply."""
    version: int | None = scope["state"].get(_VERSION)
    return version


def authorization_header(scope: Scope) -> bytes:
    """Return the `Authorization` header of a request; empty if there is none."""
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")
