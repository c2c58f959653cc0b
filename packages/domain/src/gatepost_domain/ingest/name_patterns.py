"""Looking up a name in a map whose keys may contain `*`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

V = TypeVar("V")


def find_by_name_or_pattern(entries: Mapping[str, V], name: str) -> tuple[V] | None:
    """Return the value for a name, wrapped in a tuple, or None if there is no entry.

    An entry with exactly this name takes precedence over the first one whose pattern matches.
    """
    if name in entries:
        return (entries[name],)
    for pattern, value in entries.items():
        if "*" in pattern and _matches(pattern, name):
            return (value,)
    return None


def _matches(pattern: str, name: str) -> bool:
    parts = (re.escape(part) for part in re.split(r"\*+", pattern))
    return re.fullmatch(".*".join(parts), name, re.DOTALL) is not None
