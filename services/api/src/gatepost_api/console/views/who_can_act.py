"""Who can open a gate: people by name, and roles or groups only where nobody is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from gatepost_api.console.views.labels import approver_label
from gatepost_domain.access.roles import Role
from gatepost_domain.gates.gate import Gate
from gatepost_domain.ports.unit_of_work import UnitOfWork

PeopleByRole: TypeAlias = Mapping[str, Sequence[str]]
"""The names of the people who hold each role in one service and environment."""

_USER: Final = "user:"
_ROLES: Final = frozenset(Role)
_MAX_NAMES: Final = 4


def load_people_by_role(
    uow: UnitOfWork, gates: Iterable[Gate], service: str, environment: str
) -> PeopleByRole:
    """Return the enabled people by role, for the roles named by gates that prevent the start."""
    roles = {role for gate in gates if not gate.allows_start for role in gate.who_can_act}
    return {
        role: [
            person.name
            for person in uow.users.list_people_with(Role(role))
            if any(
                grant.role == role and grant.covers(service, environment) for grant in person.grants
            )
        ]
        for role in roles & _ROLES
    }


def describe_who_can_act(who_can_act: Sequence[str], people: PeopleByRole) -> str:
    """Return who can act: the first people by name and the number of the others.

    Roles and groups are named only if nobody is known to hold them. `who_can_act` is the field of
    a gate. If the field names people, any other entry means that more people can act.
    """
    named = [entry.removeprefix(_USER) for entry in who_can_act if entry.startswith(_USER)]
    if named:
        return join_names(named, has_more=len(named) < len(who_can_act))
    holders = dict.fromkeys(name for entry in who_can_act for name in people.get(entry, ()))
    return join_names([*holders] or [approver_label(entry) for entry in who_can_act])


def join_names(names: Sequence[str], *, word: str = "or", has_more: bool = False) -> str:
    """Join names for use in a sentence; if there are many, end with the number of the others.

    `has_more` says that there are more than the given names.
    """
    if len(names) > _MAX_NAMES + 1:
        others = f"{'more than ' if has_more else ''}{len(names) - _MAX_NAMES} others"
        return f"{', '.join(names[:_MAX_NAMES])} {word} {others}"
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
