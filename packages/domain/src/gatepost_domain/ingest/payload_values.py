"""Reading values from payloads whose shape is not guaranteed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, TypeAlias, cast

from gatepost_domain.allowed_characters import VERSION_PATTERN, is_blank, replace_refused_characters

Payload: TypeAlias = Mapping[str, object]
"""A decoded JSON object."""

MAX_TEXT_LENGTH: Final = 200
"""The maximum length of a name, version or id taken from a payload."""

_VERSION: Final = re.compile(VERSION_PATTERN)
_LINE_BREAKS: Final = re.compile(r"[\t\n\r\u2028\u2029]+")
_COMMIT: Final = re.compile("[0-9a-f]{7,64}")


class MappingFault(Exception):
    """A payload cannot be mapped to a deployment.

    The message explains what went wrong and how to fix it.
    """


def value_at(value: object, *path: str | int) -> object:
    """Return the value at a path of keys and positions, or None if there is none."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = cast("Mapping[str, object]", value).get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and isinstance(step, int):
            items = cast("Sequence[object]", value)
            value = items[step] if step < len(items) else None
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str | None:
    """Return the text or whole number at a path as one line; None if it is missing or blank."""
    return to_line(value_at(value, *path))


def to_line(value: object) -> str | None:
    """Return text or a whole number as one line of allowed characters; None for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) < 10**18:
        return str(value)
    if not isinstance(value, str):
        return None
    line = replace_refused_characters(_LINE_BREAKS.sub(" ", value)).strip()
    return None if is_blank(line) else line


def short_line(text: str) -> str:
    """Return the text, cut to `MAX_TEXT_LENGTH` characters."""
    return text if len(text) <= MAX_TEXT_LENGTH else f"{text[: MAX_TEXT_LENGTH - 1]}…"


def bounded_id(text: str) -> str:
    """Return an id of at most `MAX_TEXT_LENGTH` characters; a digest keeps longer ones distinct."""
    if len(text) <= MAX_TEXT_LENGTH:
        return text
    digest = sha256(text.encode()).hexdigest()
    return f"{text[: MAX_TEXT_LENGTH - len(digest) - 1]}-{digest}"


def is_version_name(text: str) -> bool:
    """Return whether a text can be the name of a version."""
    return len(text) <= MAX_TEXT_LENGTH and _VERSION.fullmatch(text) is not None


def commit_at(value: object, *path: str | int) -> str | None:
    """Return the commit hash at a path, in lowercase, or None."""
    text = text_at(value, *path)
    if text is None or _COMMIT.fullmatch(text.lower()) is None:
        return None
    return text.lower()
