"""Textual comparison of two versions of settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NOTHING: Final = "\N{EN DASH}"
"""The text for a setting without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSetting:
    """A changed setting, with its text before and after the change."""

    label: str
    before: str
    after: str


def compare_texts(before: Mapping[str, str], after: Mapping[str, str]) -> list[ChangedSetting]:
    """Compare two mappings from labels to texts, and return the settings that differ."""
    return [
        ChangedSetting(
            label=label, before=before.get(label, NOTHING), after=after.get(label, NOTHING)
        )
        for label in dict.fromkeys((*before, *after))
        if before.get(label, NOTHING) != after.get(label, NOTHING)
    ]
