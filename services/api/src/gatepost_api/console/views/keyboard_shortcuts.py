"""The keyboard shortcuts of the console, as `keys.js` implements them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, or several that are pressed one after the other."""

    keys: tuple[str, ...]
    effect: str
    or_keys: tuple[str, ...] = ()
    """Other keys with the same effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGroup:
    """The keys that work in one place."""

    title: str
    keys: Sequence[Key]


KEY_GROUPS: Final = (
    KeyGroup(
        title="Everywhere",
        keys=(
            Key(keys=("Ctrl", "K"), or_keys=("⌘", "K"), effect="Search"),
            Key(keys=("/",), effect="Focus the search field of the page, or open search"),
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
            Key(keys=("a",), effect="Open the approval form of the row"),
            Key(keys=("r",), effect="Open the rejection form of the row"),
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
            Key(keys=("g", "n"), effect="Request a deployment"),
        ),
    ),
)
"""All keyboard shortcuts, by where they work. They do nothing while somebody types in a field."""
