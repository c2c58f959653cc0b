"""Named views of the overview, kept in a browser cookie."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from litestar.datastructures import Cookie

from gatepost_api.console.views.overview_query import OverviewQuery, parse_overview_query

MAX_VIEWS: Final = 10
MAX_NAME_LENGTH: Final = 40
MAX_COOKIE_LENGTH: Final = 3800
"""The maximum length of the value. Browsers keep cookies of up to 4096 bytes, including name and
attributes (RFC 6265 §6.1)."""
COOKIE: Final = "gatepost-views"

_YEAR_S: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A named overview query."""

    name: str
    query: OverviewQuery


def views_in_cookie(value: str | None) -> tuple[SavedView, ...]:
    """Return the views in a cookie's value, or no views if it cannot be decoded."""
    try:
        entries = json.loads(urlsafe_b64decode(f"{value or ''}==="))
        views = [
            SavedView(name=name[:MAX_NAME_LENGTH], query=parse_overview_query(parse_qsl(query)))
            for name, query in entries
        ]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()
    return tuple(views[:MAX_VIEWS])


def views_cookie(views: Iterable[SavedView], *, secure: bool) -> Cookie:
    """Return a cookie that stores the views for a year."""
    entries = [[view.name, view.query.text] for view in views]
    encoded = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
    return Cookie(
        key=COOKIE,
        value=urlsafe_b64encode(encoded).decode().rstrip("="),
        max_age=_YEAR_S,
        httponly=True,
        secure=secure,
        samesite="lax",
    )


def with_view(views: Iterable[SavedView], name: str, query: OverviewQuery) -> list[SavedView]:
    """Return the views with a new one added, replacing a view with the same name."""
    others = [view for view in views if view.name != name]
    return [*others, SavedView(name=name, query=query)]


def find_saving_fault(views: list[SavedView], cookie: Cookie) -> str | None:
    """Return why the last view cannot be saved with the others, or None if it can."""
    name = views[-1].name
    if not name:
        return "Enter a name for the view."
    if len(name) > MAX_NAME_LENGTH:
        return f"A name can have at most {MAX_NAME_LENGTH} characters."
    if len(views) > MAX_VIEWS:
        return f"{MAX_VIEWS} views are already saved. Delete one first."
    if len(cookie.value or "") > MAX_COOKIE_LENGTH:
        return "The views are too large to save in a browser. Delete one, or use fewer filters."
    return None
