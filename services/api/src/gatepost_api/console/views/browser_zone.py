"""The browser's time zone, which console.js stores in a cookie."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from gatepost_api.http.request import ApiRequest

ZONE_COOKIE: Final = "gatepost-zone"
_MAX_LENGTH: Final = 64


def browser_zone(request: ApiRequest) -> ZoneInfo:
    """Return the browser's time zone, or UTC if it is unknown."""
    return find_zone(request.cookies.get(ZONE_COOKIE, "").replace("%2F", "/"))


def zone_name(zone: ZoneInfo, at: datetime) -> str:
    """Return the short name of a time zone at a time, such as CET."""
    return at.astimezone(zone).tzname() or zone.key


def find_zone(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name, or UTC if there is none."""
    try:
        return ZoneInfo(name) if name and len(name) <= _MAX_LENGTH else ZoneInfo("UTC")
    except (KeyError, OSError, ValueError):  # OSError: a directory, such as Europe
        return ZoneInfo("UTC")
