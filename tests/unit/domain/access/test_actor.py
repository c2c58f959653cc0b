"""User name comparison and reserved names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.access.actor import (
    Actor,
    is_reserved_name,
    is_same_name,
    normalize_name,
)
from gatepost_domain.access.credential_provenance import Identity
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
def test_names_of_the_system_and_workers_are_reserved(name: str) -> None:
    """No spelling of `system` or `worker:…` is available to users."""
    assert is_reserved_name(name)


@pytest.mark.parametrize("name", ["ada", "systems", "worker", "my-worker:one", "the system", ""])
def test_other_names_are_available(name: str) -> None:
    """Only names that could be mistaken for Gatepost itself are reserved."""
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
def test_spellings_of_one_name_are_the_same_name(one: str, other: str) -> None:
    """Case, width, ligatures and Unicode composition do not matter."""
    assert is_same_name(one, other)
    assert is_same_name(other, one)


@pytest.mark.parametrize(("one", "other"), [("ada", "adam"), ("ada", "a da"), ("ada", "аda")])
def test_different_names_are_different_people(one: str, other: str) -> None:
    """Names that differ in more than spelling, even by a look-alike letter, are different."""
    assert not is_same_name(one, other)


@given(st.text())
def test_normalizing_a_name_is_idempotent(name: str) -> None:
    """Normalizing a normalized name does not change it."""
    assert normalize_name(normalize_name(name)) == normalize_name(name)


@given(st.text())
def test_every_spelling_of_a_name_has_one_normalized_form(name: str) -> None:
    """Case, case folding and padding do not change the normalized form."""
    assert normalize_name(name) == normalize_name(name.casefold()) == normalize_name(f" {name}\n")


def test_actor_has_no_groups_and_rights_by_default() -> None:
    """Groups and rights must be given explicitly."""
    nobody = Actor(name="ada", identity=Identity(humans=("ada",)))

    assert not nobody.groups
    assert not any(nobody.may(right) for right in Right)
