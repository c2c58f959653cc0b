"""Conversion of times in the document to the form with six decimals that is hashed."""

from __future__ import annotations

import re
from typing import Any

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z")


class UnknownNotation(ValueError):
    """A time is not in Gatepost's notation."""


def canonical_instant(at: object, field: str) -> str:
    """Return a time with six decimals.

    Raises:
        UnknownNotation: the time is in another notation, even if it denotes the same instant.
    """
    if not isinstance(at, str) or _INSTANT.fullmatch(at) is None:
        raise UnknownNotation(f"{field}: the time {at!r} is not in Gatepost's notation.")
    return at if "." in at else f"{at[:-1]}.000000Z"


def with_canonical_times(value: Any, field: str = "") -> Any:  # noqa: ANN401  # any JSON value
    """Return a JSON value in which every member named `at` or `..._at` has six decimals."""
    if isinstance(value, dict):
        return {
            name: canonical_instant(member, f"{field}.{name}")
            if member is not None and (name == "at" or name.endswith("_at"))
            else with_canonical_times(member, f"{field}.{name}")
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [
            with_canonical_times(member, f"{field}.{index}") for index, member in enumerate(value)
        ]
    return value
