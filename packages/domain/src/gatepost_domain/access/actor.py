"""Actors with their names, grants and groups, and whether two of them may be the same human."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.roles import ROLES_WITH, Grant, Right, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleHumans:
    """The human who is responsible for an action. Names are normalized (`normalize_name`)."""

    human: str
    """The actor or, for a service account, the human who created it."""
    issuer: str | None = None
    """The human who created the token that was used; None if Gatepost created it."""

    def to_event_data(self) -> dict[str, object]:
        """Return the names as they are recorded in the data of an event."""
        return {"human": self.human, "issuer": self.issuer}


def may_be_same_human(one: ResponsibleHumans, other: ResponsibleHumans) -> bool:
    """Return whether both may be the same human, and thus do not satisfy the four-eyes rule.

    This is the case if the humans are equal, or if one created the token that the other used.
    """
    return one.human in {other.human, other.issuer} or other.human == one.issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A user, a worker or the system, with its grants at the instant of the action."""

    name: str
    identity: ResponsibleHumans
    groups: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    is_scoped: bool = False
    """Whether the token used is limited to scopes or a pipeline. Such a token can create tokens
    only with the right to manage people."""
    is_service_account: bool = False
    """Whether it is a program, which never reviews."""

    def may(
        self, right: Right, *, service: str | None = None, environment: str | None = None
    ) -> bool:
        """Return whether the actor has this right for the service and environment."""
        roles = ROLES_WITH[right]
        return any(
            grant.role in roles and grant.covers(service, environment) for grant in self.grants
        )


SYSTEM: Final = Actor(
    name="system",
    identity=ResponsibleHumans(human="system"),
    grants=tuple(Grant(role=role) for role in Role),
)
"""The actor for everything that Gatepost does itself, as policies specify."""


def is_reserved_name(name: str) -> bool:
    """Return whether a name is reserved by Gatepost, such as `system` or `worker:…`."""
    key = normalize_name(name)
    return key == SYSTEM.name or key.startswith("worker:")


def normalize_name(name: str) -> str:
    """Return the form in which names are compared, independent of case, width and composition.

    Unicode compatibility composition (UAX #15) and default case folding are applied until stable.
    """
    key = name
    while (folded := unicodedata.normalize("NFKC", key).casefold().strip()) != key:
        key = folded
    return key


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names belong to the same person."""
    return normalize_name(one) == normalize_name(other)
