"""Handles: which names fit, and what others become."""

import pytest

from gatepost_domain.access.handles import (
    fold_handle,
    is_handle,
    replace_invisible_characters,
    to_handle,
)

LOOKALIKES = ("ada\u200b", "\u0430da", "ａｄａ", "ad\u0430", "Åda", "\u212aim")


@pytest.mark.parametrize("name", ["ada", "a", "0", "a.b_c-d+e@f", "a" * 100, "vic-2", "system"])
def test_lower_case_ascii_names_fit(name: str) -> None:
    """Such a name is its own handle."""
    assert is_handle(name)
    assert fold_handle(name) == to_handle(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "-ada", "@", "vic/", "CORP/alice", "a b", "a\n", "a" * 101, *LOOKALIKES]
)
def test_other_names_do_not_fit(name: str) -> None:
    """Neither look-alikes nor names that cannot be addressed are handles, in any case."""
    assert not is_handle(fold_handle(name))


@pytest.mark.parametrize("name", LOOKALIKES)
def test_folding_changes_ascii_letters_only(name: str) -> None:
    """No look-alike becomes the name that it looks like."""
    assert fold_handle(name) not in {"ada", "kim"}
    assert to_handle(name) not in {"ada", "kim"}


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ada", "ada"),
        ("CORP/alice", "corp-alice"),
        ("vic/", "vic-"),
        ("zoë", "zo-"),
        ("../etc", "etc"),
        ("Ada Lovelace", "ada-lovelace"),
        ("日本", None),
        ("", None),
        ("a" * 200, "a" * 100),
    ],
)
def test_what_does_not_fit_becomes_a_hyphen(name: str, handle: str | None) -> None:
    """The handle begins at the first letter or digit."""
    assert to_handle(name) == handle


def test_characters_that_are_not_shown_are_replaced_for_display() -> None:
    """The display name shows that there was something."""
    assert replace_invisible_characters("Zoë\u200b\u202e\n") == "Zoë\ufffd\ufffd\ufffd"
