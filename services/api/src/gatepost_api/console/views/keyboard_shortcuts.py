"""Descriptions of the console's keyboard shortcuts, which `keys.js` implements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A keyboard shortcut: one key, a combination, or a sequence."""

    keys: tuple[str, ...]
    effect: str
    or_keys: tuple[str, ...] = ()
    """Alternative keys with the same effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutGroup:
    """The shortcuts available in one place."""

    title: str
    keys: Sequence[Shortcut]


KEY_GROUPS: Final = (
    ShortcutGroup(
        title="Everywhere",
        keys=(
            Shortcut(keys=("Ctrl", "K"), or_keys=("⌘", "K"), effect="Search"),
            Shortcut(keys=("/",), effect="Focus the page's search field, or open the search"),
            Shortcut(keys=("?",), effect="Show the keyboard shortcuts"),
            Shortcut(keys=("Esc",), effect="Close a dialog"),
        ),
    ),
    ShortcutGroup(
        title="In lists and in the inbox",
        keys=(
            Shortcut(keys=("j",), effect="Next row"),
            Shortcut(keys=("k",), effect="Previous row"),
            Shortcut(keys=("Enter",), effect="Open the row"),
            Shortcut(keys=("x",), effect="Select the row (to approve several requests at once)"),
            Shortcut(keys=("a",), effect="Open the row's approval form"),
            Shortcut(keys=("r",), effect="Open the row's rejection form"),
        ),
    ),
    ShortcutGroup(
        title="On a deployment",
        keys=(
            Shortcut(keys=("a",), effect="Open the approval form"),
            Shortcut(keys=("r",), effect="Open the rejection form"),
        ),
    ),
    ShortcutGroup(
        title="In the overview",
        keys=(Shortcut(keys=("Arrow keys",), effect="Move between the versions"),),
    ),
    ShortcutGroup(
        title="Go to a page",
        keys=(
            Shortcut(keys=("g", "o"), effect="Overview"),
            Shortcut(keys=("g", "d"), effect="Deployments"),
            Shortcut(keys=("g", "i"), effect="Inbox"),
            Shortcut(keys=("g", "s"), effect="Services"),
            Shortcut(keys=("g", "c"), effect="Compare"),
            Shortcut(keys=("g", "e"), effect="Environments"),
            Shortcut(keys=("g", "f"), effect="Freezes"),
            Shortcut(keys=("g", "r"), effect="Reports"),
            Shortcut(keys=("g", "p"), effect="People"),
            Shortcut(keys=("g", "n"), effect="Request deployment"),
        ),
    ),
)
"""All keyboard shortcuts, by where they work. They are disabled while the user types in a field."""
