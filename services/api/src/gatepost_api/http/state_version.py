"""The version of what is stored, as of when a request arrived."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

_VERSION: Final = "gatepost_state_version"

ScopeValues = MutableMapping[str, Any]


def set_state_version(scope: ScopeValues, version: int | None) -> None:
    """Keep the version with the request."""
    scope[_VERSION] = version


def state_version(scope: ScopeValues) -> int | None:
    """Return the version, or None if the storage cannot tell it cheaply."""
    version: int | None = scope.get(_VERSION)
    return version


def authorization_header(scope: ScopeValues) -> bytes:
    """Return the `Authorization` header of a request; empty if there is none."""
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")
