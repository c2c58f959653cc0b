"""Marking times within sentences, so that the browser can show them in its own time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup, escape

from gatepost_api.console.rendering.safe_text import isolate
from gatepost_domain.event import MONTHS

_INSTANT: Final = re.compile(
    rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}}), (\d\d):(\d\d)(?::(\d\d))? UTC\b"
)
"""An instant in the format of `format_instant`."""


def mark_instants(sentence: str) -> Markup:
    """Return the sentence with each instant in a `<time>` element titled with the UTC time."""
    parts: list[Markup] = []
    end = 0
    for match in _INSTANT.finditer(sentence):
        instant = _instant_of(match)
        if instant is not None:
            parts += [
                _escape_and_isolate(sentence[end : match.start()]),
                _element(instant, match.group()),
            ]
            end = match.end()
    return Markup().join([*parts, _escape_and_isolate(sentence[end:])])


def _escape_and_isolate(text: str) -> Markup:
    return escape(isolate(text))


def _element(instant: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}" title="{}" data-absolute>{}</time>').format(
        instant.isoformat(), text, text
    )


def _instant_of(match: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second = match.groups(default="0")
    try:
        return datetime(
            int(year),
            MONTHS.index(month) + 1,
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=UTC,
        )
    except ValueError:
        return None
