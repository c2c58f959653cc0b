"""Lookups in the catalog and of users, which the actions of a batch share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")


MAX_LOOKUPS: Final = 10_000
"""The number of lookups that are kept from one transaction to the next."""


class Lookups:
    """What was looked up, until one of these tables changes or may have changed.

    While the transaction is open, no other process can change them.
    """

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def find(self, key: Hashable, load: Callable[[], T]) -> T:
        """Return the result of `load`, which is called only once for a key."""
        if key not in self._found:
            self._found[key] = load()
        found: T = self._found[key]
        return found

    def limit(self) -> None:
        """Forget everything if it has become too much."""
        if len(self._found) > MAX_LOOKUPS:
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()
