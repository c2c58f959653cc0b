"""A cache of looked-up catalog entries and users, shared by the actions in a batch."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")


MAX_LOOKUPS: Final = 10_000
"""The maximum number of results kept from one transaction to the next."""


class LookupCache:
    """Caches the results of lookups until one of the tables that were read may have changed.

    While the transaction is open, no other process can change the tables.
    """

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def find(self, key: Hashable, load: Callable[[], T]) -> T:
        """Return the result of `load`, which is called only once per key."""
        if key not in self._found:
            self._found[key] = load()
        found: T = self._found[key]
        return found

    def clear_if_too_large(self) -> None:
        """Forget all results if there are more than `MAX_LOOKUPS`."""
        if len(self._found) > MAX_LOOKUPS:
            self.clear()

    def clear(self) -> None:
        """Forget all results."""
        self._found.clear()
