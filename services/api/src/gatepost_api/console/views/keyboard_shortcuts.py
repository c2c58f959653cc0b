"""Descriptions of the console's keyboard shortcuts, which `keys.js` implements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A keyboard shortcut: one key, a combination, or a sequence."""

    keys: tuple[str, ...]
    effect: str
    or_keys: tuple[str, ...] = ()
    """Alternative keys with the same effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGroup:
    """The shortcuts available in one place."""

    title: str
    keys: Sequence[Key]


KEY_GROUPS: Final = (
    KeyGroup(
        title="Everywhere",
        keys=(
            Key(keys=("Ctrl", "K"), or_keys=("⌘", "K"), effect="Search"),
            Key(keys=("/",), effect="Focus the page's search field, or open the search"),
            Key(keys=("?",), effect="Show the keyboard shortcuts"),
            Key(keys=("Esc",), effect="Close a dialog"),
        ),
    ),
    KeyGroup(
        title="In lists and in the inbox",
        keys=(
            Key(keys=("j",), effect="Next row"),
            Key(keys=("k",), effect="Previous row"),
            Key(keys=("Enter",), effect="Open the row"),
            Key(keys=("x",), effect="Select the row, to approve several at once"),
            Key(keys=("a",), effect="Open the row's approval form"),
            Key(keys=("r",), effect="Open the row's rejection form"),
        ),
    ),
    KeyGroup(
        title="On a deployment",
        keys=(
            Key(keys=("a",), effect="Open the approval form"),
            Key(keys=("r",), effect="Open the rejection form"),
        ),
    ),
    KeyGroup(
        title="In the overview",
        keys=(Key(keys=("Arrow keys",), effect="Move between the versions"),),
    ),
    KeyGroup(
        title="Go to a page",
        keys=(
            Key(keys=("g", "o"), effect="Overview"),
            Key(keys=("g", "d"), effect="Deployments"),
            Key(keys=("g", "i"), effect="Inbox"),
            Key(keys=("g", "s"), effect="Services"),
            Key(keys=("g", "c"), effect="Compare"),
            Key(keys=("g", "e"), effect="Environments"),
            Key(keys=("g", "f"), effect="Freezes"),
            Key(keys=("g", "r"), effect="Reports"),
            Key(keys=("g", "p"), effect="People"),
            Key(keys=("g", "n"), effect="Request deployment"),
        ),
    ),
)
"""All keyboard shortcuts, by where they work. They are disabled while the user types in a field."""
