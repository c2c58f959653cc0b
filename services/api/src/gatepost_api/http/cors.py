"""Configuration of CORS (Fetch standard), for calls from web applications of other origins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from litestar.config.cors import CORSConfig

_EXPOSED_HEADERS: Final = (
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
)


def cors_config(origins: Sequence[str]) -> CORSConfig | None:
    """Return the CORS configuration, or None if only Gatepost's own pages may call the API.

    The browser's credentials are never accepted from another origin; a web application there must
    send its user's token.
    """
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_headers=["*"],
        expose_headers=list(_EXPOSED_HEADERS),
        allow_credentials=False,
    )
