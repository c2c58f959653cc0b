"""A cache of JSON-encoded list items, which many pages share."""

from __future__ import annotations

from typing import Final

import msgspec

MAX_ITEMS: Final = 8192
"""The maximum number of encoded items. A deployment takes about 1.2 kB."""

ItemKey = tuple[int, int]
"""A resource's number and revision, which together identify its content."""


class EncodedItemCache:
    """A cache of the JSON of resources, by number and revision, which determine the content."""

    def __init__(self) -> None:
        self._items: dict[ItemKey, msgspec.Raw] = {}

    def get(self, key: ItemKey) -> msgspec.Raw | None:
        """Return the JSON of a resource, or None if it is not cached."""
        return self._items.get(key)

    def put(self, key: ItemKey, encoded: bytes) -> msgspec.Raw:
        """Cache the JSON of a resource, replacing the oldest entry if there are too many."""
        if len(self._items) >= MAX_ITEMS:
            del self._items[next(iter(self._items))]
        item = self._items[key] = msgspec.Raw(encoded)
        return item
