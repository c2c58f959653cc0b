"""Who acts: a name, what it may do, and when two acts could be one human's."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.roles import ROLES_WITH, Grant, Right, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which human is behind an act, as far as can be known. Names are keys; see `normalize_name`."""

    human: str
    """Whom the actor counts as: itself, or the human who made the service account."""
    issuer: str | None = None
    """Who had the token made that was used; none where Gatepost itself did."""


def may_be_same_human(one: Identity, other: Identity) -> bool:
    """Whether one human could be behind both, so that they do not count as four eyes.

    They are if they are the same human, or if one had the token made that the other used.
    """
    return one.human in {other.human, other.issuer} or other.human == one.issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who acts, as known at the instant of the act."""

    name: str
    identity: Identity
    groups: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    is_scoped: bool = False
    """Whether the token used is confined to scopes or to a pipeline: then it makes tokens only as
    an admin's may."""

    def may(
        self, right: Right, *, service: str | None = None, environment: str | None = None
    ) -> bool:
        """Whether a grant of theirs gives them this right there."""
        roles = ROLES_WITH[right]
        return any(
            grant.role in roles and grant.covers(service, environment) for grant in self.grants
        )


SYSTEM: Final = Actor(
    name="system",
    identity=Identity(human="system"),
    grants=tuple(Grant(role=role) for role in Role),
)
"""Gatepost itself, acting by a policy and never by its own judgement."""


def is_reserved_name(name: str) -> bool:
    """Whether a name is Gatepost's own, `system` or `worker:…`, so that nobody may go by it."""
    key = normalize_name(name)
    return key == SYSTEM.name or key.startswith("worker:")


def normalize_name(name: str) -> str:
    """What two names of one person share, whatever their case, width or composition.

    Source: Unicode TR15 compatibility composition and default case folding, applied until stable.
    """
    key = name
    while (folded := unicodedata.normalize("NFKC", key).casefold().strip()) != key:
        key = folded
    return key


def same_person(one: str, other: str) -> bool:
    """Whether two names mean the same person for every four-eyes rule."""
    return normalize_name(one) == normalize_name(other)
