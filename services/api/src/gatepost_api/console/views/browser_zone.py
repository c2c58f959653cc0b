"""The time zone of the browser, which console.js stores in a cookie."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from gatepost_api.http.request import ApiRequest

ZONE_COOKIE: Final = "gatepost-zone"
_MAX_LENGTH: Final = 64


def browser_zone(request: ApiRequest) -> ZoneInfo:
    """Return the zone of the browser, or UTC if it is not known."""
    return find_zone(request.cookies.get(ZONE_COOKIE, "").replace("%2F", "/"))


def find_zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name, or UTC if there is none."""
    try:
        return ZoneInfo(name) if name and len(name) <= _MAX_LENGTH else ZoneInfo("UTC")
    except (KeyError, OSError, ValueError):  # OSError: a directory, such as Europe
        return ZoneInfo("UTC")
