"""When two names mean one person, and which names nobody may go by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.access.actor import (
    Actor,
    Identity,
    is_reserved_name,
    normalize_name,
    same_person,
)
from gatepost_domain.access.roles import Right


@pytest.mark.parametrize(
    "name",
    [
        "system",
        "System",
        " SYSTEM ",
        "ｓｙｓｔｅｍ",
        "ſyſtem",
        "worker:",
        "worker:one",
        "Worker:One",
        "ｗｏｒｋｅｒ：one",
    ],
)
def test_a_name_of_gatepost_itself_is_reserved(name: str) -> None:
    """Nobody passes for the system or a worker, by any spelling."""
    assert is_reserved_name(name)


@pytest.mark.parametrize("name", ["ada", "systems", "worker", "my-worker:one", "the system", ""])
def test_any_other_name_is_free(name: str) -> None:
    """Only what could be mistaken for Gatepost is kept."""
    assert not is_reserved_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "ADA"),
        ("ada", " ada\t"),
        ("ada", "ａｄａ"),
        ("ﬁona", "fiona"),
        ("strauß", "STRAUSS"),
        ("Ångström", "A\u030angstro\u0308m"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("K", "\u212a"),
    ],
)
def test_one_person_under_two_spellings_is_one_person(one: str, other: str) -> None:
    """Case, width, ligatures and composition make nobody another."""
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(("one", "other"), [("ada", "adam"), ("ada", "a da"), ("ada", "аda")])
def test_different_names_are_different_people(one: str, other: str) -> None:
    """Names that differ in more than spelling stay apart, look-alike letters included."""
    assert not same_person(one, other)


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    """However often a name is reduced, it stays the same."""
    assert normalize_name(normalize_name(name)) == normalize_name(name)


@given(st.text())
def test_every_spelling_of_a_name_has_one_key(name: str) -> None:
    """Upper, lower, folded or padded, it is one person."""
    assert normalize_name(name) == normalize_name(name.casefold()) == normalize_name(f" {name}\n")


def test_an_actor_has_no_group_and_no_right_unless_told() -> None:
    """Membership and rights are never assumed."""
    nobody = Actor(name="ada", identity=Identity(human="ada"))

    assert not nobody.groups
    assert not any(nobody.may(right) for right in Right)
