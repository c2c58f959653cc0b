"""Lookups in the catalog and of users, which the actions of a batch share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Lookups:
    """What was looked up since the transaction began, until one of these tables changes.

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

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()
