"""Format a JSON document with arbitrary fields as human-readable text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gatepost_cli.terminal.layout import format_instant


def to_labelled_texts(document: Mapping[str, object]) -> dict[str, str | None]:
    """Return a label and a text for each field, in order.

    The label is the field's name in words, without the `_at` of a timestamp. The text is None for
    null, false and an empty list.
    """
    return {
        name.removesuffix("_at").replace("_", " "): _text(name, value)
        for name, value in document.items()
    }


def _text(name: str, value: object) -> str | None:
    match value:
        case None | False | []:
            return None
        case True:
            return "yes"
        case list():
            return "\n".join(_text(name, item) or "-" for item in value)
        case dict():
            entries = to_labelled_texts(value).items()
            return "\n".join(f"{label}: {text}" for label, text in entries if text is not None)
        case str() if name == "at" or name.endswith("_at"):
            return _format_timestamp(value)
        case _:
            return str(value)


def _format_timestamp(text: str) -> str | None:
    try:
        return format_instant(datetime.fromisoformat(text))
    except ValueError:
        return text
