"""The revision that the user saw when filling in a form."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from gatepost_api.console.forms.form import Form
from gatepost_api.http.problems import BadInput

MAX_DIGITS: Final = 9


def parse_seen_revision(form: Form) -> int:
    """Return the revision in the hidden field `seen`.

    Raises:
        BadInput: the field is missing or not a number.
    """
    text = form.get("seen")
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "#/seen", "Reload the page and try again."
        )
    return int(text)
