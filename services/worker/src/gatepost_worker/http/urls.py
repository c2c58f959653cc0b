"""Where to ask: URLs put together."""

from __future__ import annotations


def below(base_url: str, path: str) -> str:
    """The URL of a path, which begins with a slash, below a base URL; a query may follow it."""
    return base_url.rstrip("/") + path
