"""Actors: users, workers and the system, with their names, grants and groups."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gatepost_domain.access.credential_provenance import SYSTEM_NAME, Identity
from gatepost_domain.access.roles import ROLES_WITH, Grant, Right, Role

UNKNOWN_PERSON: Final = "unknown"
"""The name used if a pipeline's token does not name the person who triggered the pipeline; no login
has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggeringPerson:
    """The person who triggered a pipeline, identified by a login or only by the reported name."""

    name: str
    """The user's name or, if no user has the reported login, the name that the pipeline reports."""
    unmapped_issuer: str | None = None
    """The issuer that reported the name, or None if `name` is a user's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A user, a worker or the system, with its grants at the instant of the action."""

    name: str
    identity: Identity
    groups: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    is_scoped: bool = False
    """Whether the token used is limited to scopes or belongs to a pipeline. With such a token, the
    actor needs the right `manage_people` to create tokens."""
    is_service_account: bool = False
    """Whether the actor is a program; programs never review."""
    token: UUID | None = None
    """The token used; None for the system."""
    is_session: bool = False
    """Whether the token used is a browser session."""
    proved_at: datetime | None = None
    """When the holder of the session proved who they are; None if they did not."""
    former_name: str | None = None
    """The user's name in an older release, if that name is not a valid handle; otherwise None."""
    trigger: TriggeringPerson | None = None
    """Who triggered the pipeline, if the actor is a pipeline."""

    @property
    def names(self) -> tuple[str, ...]:
        """The normalized names under which the actor is recorded."""
        names = (self.name, self.former_name)
        return tuple(normalize_name(name) for name in names if name is not None)

    def has_name(self, name: str) -> bool:
        """Return whether this is the actor's name, or was in an older release."""
        return normalize_name(name) in self.names

    def may(
        self, right: Right, *, service: str | None = None, environment: str | None = None
    ) -> bool:
        """Return whether the actor has this right for the service and environment."""
        roles = ROLES_WITH[right]
        return any(
            grant.role in roles and grant.covers(service, environment) for grant in self.grants
        )

    def may_somewhere(
        self, right: Right, *, service: str | None = None, environment: str | None = None
    ) -> bool:
        """Return whether the actor has this right for any matching service and environment.

        None matches every name. Without the right, every operation that requires it is refused,
        whatever its input.
        """
        roles = ROLES_WITH[right]
        return any(
            grant.role in roles and grant.overlaps(service, environment) for grant in self.grants
        )


SYSTEM: Final = Actor(
    name=SYSTEM_NAME,
    identity=Identity(humans=(SYSTEM_NAME,)),
    grants=tuple(Grant(role=role) for role in Role),
)
"""The actor for everything that Gatepost does automatically, as policies specify."""


def is_reserved_name(name: str) -> bool:
    """Return whether a name is reserved by Gatepost: `system`, `worker:…` or `ingest:…`."""
    key = normalize_name(name)
    return key == SYSTEM.name or key.startswith(("worker:", "ingest:"))


def normalize_name(name: str) -> str:
    """Return the form used to compare names, independent of case, width and composition.

    Unicode compatibility composition (UAX #15) and default case folding are applied until stable.
    """
    key = name
    while (folded := unicodedata.normalize("NFKC", key).casefold().strip()) != key:
        key = folded
    return key


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names are equal after `normalize_name`, which ignores case and width."""
    return normalize_name(one) == normalize_name(other)
