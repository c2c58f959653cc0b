"""Validating and resolving JSON pointers (RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

_BAD_ESCAPE: Final = re.compile("~(?![01])")
_POSITION: Final = re.compile("0|[1-9][0-9]{0,8}")


def find_pointer_fault(pointer: str) -> str | None:
    """Return a sentence about what is wrong with a pointer, or None."""
    if not pointer.startswith("/"):
        return "A JSON pointer begins with /, as in /app/name."
    if _BAD_ESCAPE.search(pointer):
        return "In a JSON pointer, ~ is written ~0, and a / in a name is written ~1."
    return None


def resolve_pointer(document: object, pointer: str) -> object:
    """Return the value at a pointer in a document, or None if the pointer leads to nothing."""
    value = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get(key)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            items = cast("Sequence[object]", value)
            is_position = _POSITION.fullmatch(key) is not None and int(key) < len(items)
            value = items[int(key)] if is_position else None
        else:
            return None
    return value
