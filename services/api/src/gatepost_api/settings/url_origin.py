"""Web origins: the scheme, host and port of a URL (RFC 6454)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

ANY_ORIGIN: Final = "*"


def parse_origin(text: str) -> str | None:
    """Return the origin, or None if the URL is not just the origin of an http or https server."""
    try:
        parts = urlsplit(text.strip())
        has_port = parts.port != 0  # reading an invalid port fails
    except ValueError:
        return None
    if "*" in parts.netloc:
        return None
    is_origin = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    is_http = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return (
        f"{parts.scheme}://{parts.netloc.lower()}" if is_http and is_origin and has_port else None
    )


def parse_origins(text: str) -> tuple[str, ...]:
    """Parse origins separated by commas; `*` stands for all origins.

    Raises:
        ValueError: an entry is not an origin; the message is this entry.
    """
    origins: list[str] = []
    for part in filter(None, map(str.strip, text.split(","))):
        origin = ANY_ORIGIN if part == ANY_ORIGIN else parse_origin(part)
        if origin is None:
            raise ValueError(part)
        origins.append(origin)
    return tuple(origins)


def host_of(url: str) -> str:
    """Return a URL's host as written in requests, with IPv6 addresses in brackets."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host
