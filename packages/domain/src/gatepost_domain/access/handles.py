"""Handles, the names of users: ASCII only, so no two look alike."""

from __future__ import annotations

import re
import string
import unicodedata
from typing import Final

MAX_HANDLE_LENGTH: Final = 100
HANDLE_RULE: Final = (
    "A user's name has 1 to 100 lowercase ASCII letters, digits and the characters . _ - + @, and "
    "starts with a letter or a digit."
)

_HANDLE: Final = re.compile(r"[a-z0-9][a-z0-9._+@-]*")
_MISFIT: Final = re.compile(r"[^a-z0-9._+@-]")
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The Unicode categories of characters that are invisible or change how others are displayed."""


def fold_handle(name: str) -> str:
    """Return the name with its ASCII letters in lower case and all other characters unchanged."""
    return name.translate(_LOWER)


def is_handle(name: str) -> bool:
    """Return whether a folded name is a valid handle."""
    return len(name) <= MAX_HANDLE_LENGTH and _HANDLE.fullmatch(name) is not None


def to_handle(name: str) -> str | None:
    """Return the handle for a name from another system, such as an identity provider.

    Each character that is not allowed in a handle becomes `-`, and everything before the first
    letter or digit is removed. Return None if the name contains no ASCII letter or digit.
    """
    fitting = _MISFIT.sub("-", fold_handle(name)).lstrip("-._+@")
    return fitting[:MAX_HANDLE_LENGTH] or None


def replace_invisible_characters(name: str) -> str:
    """Return a name from another system with U+FFFD in place of invisible characters."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in _UNSEEN else character
        for character in name
    )
