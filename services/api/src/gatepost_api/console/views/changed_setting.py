"""What differs between two versions of settings, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NOTHING: Final = "\N{EN DASH}"
"""The text of a setting that has no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSetting:
    """A setting with its text before and after the change."""

    label: str
    before: str
    after: str


def compare_texts(before: Mapping[str, str], after: Mapping[str, str]) -> list[ChangedSetting]:
    """Return the settings whose texts differ, by their labels."""
    return [
        ChangedSetting(
            label=label, before=before.get(label, NOTHING), after=after.get(label, NOTHING)
        )
        for label in dict.fromkeys((*before, *after))
        if before.get(label, NOTHING) != after.get(label, NOTHING)
    ]
