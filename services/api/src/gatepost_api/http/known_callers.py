"""A cache of the callers of recent requests, whose tokens need no further lookup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from gatepost_api.http.caller import Caller
from gatepost_api.http.known_caller_expiry import accepted_until
from gatepost_domain.ports.reads import StateVersion

MAX_CALLERS: Final = 10_000
"""The maximum number of headers cached. It is bounded because a caller can write one token in many
ways."""


class KnownCallers:
    """The callers, keyed by `Authorization` header, valid until the next commit.

    A token that is revoked, or whose user is disabled, is therefore refused at once.
    """

    def __init__(self) -> None:
        self._callers: dict[bytes, tuple[Caller, datetime]] = {}
        self._version: StateVersion | None = None

    def find(
        self, authorization: bytes, *, version: StateVersion | None, now: Callable[[], datetime]
    ) -> Caller | None:
        """Return the caller if the token was accepted in this version of the stored data."""
        if version is None or version != self._version:
            return None
        caller, until = self._callers.get(authorization, (None, None))
        return caller if until is not None and now() < until else None

    def add(self, authorization: bytes, caller: Caller, *, version: StateVersion | None) -> None:
        """Remember a caller whose token was accepted in this version of the stored data."""
        if version != self._version or len(self._callers) >= MAX_CALLERS:
            self._callers.clear()
            self._version = version
        self._callers[authorization] = caller, accepted_until(caller.token)
