"""Roles as choices in a form, each with a description and an optional scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from gatepost_domain.access.roles import Grant, Role

_TEXTS: Final[Mapping[Role, str]] = {
    Role.REQUESTER: "requests deployments, and registers services and versions",
    Role.REVIEWER: "approves and rejects, in the stages of their groups",
    Role.OPERATOR: "starts deployments, reports their outcome, and configures targets",
    Role.EMERGENCY: "overrides gates and uses break-glass, with a reason that stays on record",
    Role.ADMIN: "manages people, environments and policies; does not review",
    Role.AUDITOR: "verifies the stored data and exports deployments",
    Role.VIEWER: "has read access only, which every user has",
    Role.ACT_AS: "acts on behalf of other users, except in reviews; for pipelines",
    Role.WORKER: "runs queued deployments; for worker processes",
}
"""The descriptions of roles, in display order."""

ROLE_TEXTS: Final[Mapping[Role, str]] = {role: _TEXTS.get(role, "") for role in (*_TEXTS, *Role)}
"""The description of each role, in display order; other roles come last, without a description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role that can be ticked, with its scope."""

    number: int
    """The number in the names of its form fields."""
    role: Role
    text: str
    is_chosen: bool
    service: str
    """The service that the role is limited to, or an empty string."""
    environment: str


def role_choices(grants: Iterable[Grant]) -> list[RoleChoice]:
    """Return a ticked choice for each grant, and one for each role that was not granted."""
    given = list(grants)
    numbers = count()

    def rows() -> Iterator[RoleChoice]:
        for role, text in ROLE_TEXTS.items():
            of_role = [grant for grant in given if grant.role is role]
            for grant in of_role or [Grant(role=role)]:
                yield RoleChoice(
                    number=next(numbers),
                    role=role,
                    text=text,
                    is_chosen=bool(of_role),
                    service=grant.service or "",
                    environment=grant.environment or "",
                )

    return list(rows())
