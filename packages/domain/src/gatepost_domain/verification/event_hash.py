"""The hash of an event: SHA-256 of its canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)

canonical_text: Callable[[object], str] = _CANONICAL.encode
"""Returns JSON with sorted keys, without white space or unnecessary escapes."""


def canonical_json(value: object) -> bytes:
    """Return JSON in UTF-8 with sorted keys, without white space or unnecessary escapes."""
    return canonical_text(value).encode()
