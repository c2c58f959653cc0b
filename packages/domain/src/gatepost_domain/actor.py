"""Who acts: a name, the groups it speaks for, and when two names mean one person."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import Final


class _EveryGroup(Container[str]):
    """Membership of whatever group a rule may ask for."""

    def __contains__(self, group: object) -> bool:
        return True


EVERY_GROUP: Final[Container[str]] = _EveryGroup()
"""The groups of somebody whom the holder of the owner token vouches for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who acts, as known at the instant of the act."""

    name: str
    groups: Container[str] = frozenset()


SYSTEM: Final = Actor(name="system")
"""Gatepost itself, acting by a policy and never by its own judgement."""


def is_reserved(name: str) -> bool:
    """Whether a name is Gatepost's own, `system` or `worker:…`, so that nobody may go by it."""
    key = person_key(name)
    return key == SYSTEM.name or key.startswith("worker:")


def person_key(name: str) -> str:
    """What two names of one person share, whatever their case, width or composition.

    Source: Unicode TR15 compatibility composition and default case folding, applied until stable.
    """
    key = name
    while (folded := unicodedata.normalize("NFKC", key).casefold().strip()) != key:
        key = folded
    return key


def same_person(one: str, other: str) -> bool:
    """Whether two names mean the same person for every four-eyes rule."""
    return person_key(one) == person_key(other)
