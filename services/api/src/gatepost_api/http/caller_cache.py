"""A cache of the callers of recent requests, whose tokens need no further lookup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from gatepost_api.http.caller import Caller
from gatepost_api.http.caller_cache_expiry import next_lookup_at
from gatepost_domain.ports.reads import StateVersion

MAX_CALLERS: Final = 10_000
"""The maximum number of cached headers. It is bounded because a caller can write one token in many
ways."""


class CallerCache:
    """The callers, keyed by `Authorization` header, valid until a user or a token changes.

    A token that is revoked, or whose user is disabled, is therefore refused at once. Other commits
    do not affect callers.
    """

    def __init__(self) -> None:
        self._callers: dict[bytes, tuple[Caller, datetime]] = {}
        self._access: int | None = None

    def find(
        self, authorization: bytes, *, version: StateVersion | None, now: Callable[[], datetime]
    ) -> Caller | None:
        """Return the caller if the token was accepted and no user or token has changed since."""
        if version is None or version.access != self._access:
            return None
        caller, until = self._callers.get(authorization, (None, None))
        return caller if until is not None and now() < until else None

    def add(self, authorization: bytes, caller: Caller, *, version: StateVersion | None) -> None:
        """Remember a caller whose token was accepted based on this version of the stored data."""
        access = None if version is None else version.access
        if access != self._access or len(self._callers) >= MAX_CALLERS:
            self._callers.clear()
            self._access = access
        self._callers[authorization] = caller, next_lookup_at(caller.token)
