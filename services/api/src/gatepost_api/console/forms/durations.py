"""Duration fields in forms: a number and its unit."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from gatepost_api.console.forms.form import Form
from gatepost_api.http.problems import BadInput

UNITS: Final[dict[str, int]] = {
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86_400,
}
"""The units that forms offer, with their lengths in seconds."""
MAX_DIGITS: Final = 9


def parse_duration(form: Form, name: str) -> int | None:
    """Return the duration in seconds from the fields `name` and `name-unit`.

    Return None if the number is missing.

    Raises:
        BadInput: the number is not a whole number, or the unit is unknown.
    """
    text, unit = form.get(name), form.get(f"{name}-unit") or "seconds"
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS and unit in UNITS):
        detail = "Enter a whole number and choose its unit."
        raise BadInput(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"#/{name}", detail)
    return int(text) * UNITS[unit]


def duration_fields(name: str, seconds: int | None) -> dict[str, str]:
    """Return the two form fields for a duration, in the largest unit that divides it evenly."""
    if not seconds:
        return {f"{name}-unit": "hours"}
    unit = next(unit for unit, size in reversed(UNITS.items()) if seconds % size == 0)
    return {name: str(seconds // UNITS[unit]), f"{name}-unit": unit}
