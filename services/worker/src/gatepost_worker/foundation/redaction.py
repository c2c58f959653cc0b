"""Removing secrets from text that is logged or stored."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

MASK: Final = "***"
MIN_KNOWN_CHARS: Final = 6
"""The minimum length of the values to remove; shorter ones also occur in ordinary text."""

_FORMATS: Final = re.compile(
    r"(?P<token>gp_[a-z]_)[0-9A-Za-z]{8,}"
    r"|(?P<webhook_secret>whsec_)[0-9A-Za-z+/=]{8,}"
    r"|(?P<authorization>(?:bearer|basic)\s+)[^\s\"',;]+"
    r"|(?P<jwt>eyJ)[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"
    r"|(?P<forge>\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abprs]-))[\w-]{10,}"
    r"|(?P<cloud>\b(?:AKIA|ASIA))[0-9A-Z]{16}\b"
    r"|(?P<key>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:.*?-----END [A-Z ]*PRIVATE KEY-----|.*)"
    r"|(?P<login>\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+(?=@)"
    r"|(?P<named>\b[\w-]*(?:password|passwd|secret|token|api_?key|access_?key)=)[^\s&\"']+",
    re.IGNORECASE | re.DOTALL,
)
"""The formats of secrets. What precedes the secret itself is kept."""


class Redactor:
    """Removes the given values, and secrets of known formats, from text."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        forms = {
            form
            for value in known
            for line in (value, *value.splitlines())
            if len(line.strip()) >= MIN_KNOWN_CHARS
            for form in _forms(line.strip())
        }
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def redact(self, text: str) -> str:
        """Return the text with every secret replaced by `***`."""
        return _FORMATS.sub(_mask, self._known.sub(MASK, text))


def redact(text: str) -> str:
    """Return the text with every secret of a known format replaced by `***`."""
    return _FORMATS.sub(_mask, text)


def _forms(value: str) -> tuple[str, ...]:
    """Return the forms in which programs print a value: as is, base64, hexadecimal, URL-encoded."""
    raw = value.encode()
    encoded = base64.b64encode(raw).decode().rstrip("=")
    return value, encoded, raw.hex(), quote(value, safe="")


def _mask(match: re.Match[str]) -> str:
    return f"{next(filter(None, match.groups()))}{MASK}"
