"""Calls from web applications of other origins (CORS, Fetch standard)."""

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
    """Return the configuration for the origins, or None if only Gatepost's own pages may call.

    Credentials of the browser are never accepted from another origin: such an application sends a
    token of its user.
    """
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_headers=["*"],
        expose_headers=list(_EXPOSED_HEADERS),
        allow_credentials=False,
    )
