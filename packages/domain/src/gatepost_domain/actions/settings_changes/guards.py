"""Which environments guard a change of settings, so that another admin has to approve it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatepost_domain.access.users import User
from gatepost_domain.actions.settings_changes.plan import SettingsWrite
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.settings_changes.powers import groups_in_rules, newly_given
from gatepost_domain.settings_changes.proposal import PolicyReplacement


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """The environments that guard a change, and what the change newly gives there."""

    environments: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    """Roles and groups, such as `reviewer` and `group:qa`."""


def find_guards(uow: UnitOfWork, write: SettingsWrite) -> Guards:
    """Return the environments whose policy in force requires an approval of the change."""
    before, after = write.before, write.after
    if isinstance(after, User):
        return _guards_of_user(uow, before if isinstance(before, User) else None, after)
    if isinstance(after, Environment):
        if isinstance(before, Environment) and _is_unguarded(before, after):
            return Guards()
        name = after.name
    else:
        name = after.environment
    return Guards(environments=(name,) if _policy(uow, name).settings_approvals else ())


def _is_unguarded(before: Environment, after: Environment) -> bool:
    """Return whether neither the tier nor the archival changes."""
    return before.tier is after.tier and before.archived_at == after.archived_at


def _guards_of_user(uow: UnitOfWork, before: User | None, after: User) -> Guards:
    given = {
        name: newly_given(before, after, name, groups_in_rules(policies))
        for name, policies in _guarded_policies(uow).items()
    }
    return Guards(
        environments=tuple(name for name, powers in given.items() if powers),
        gives=tuple(dict.fromkeys(power for powers in given.values() for power in powers)),
    )


def _guarded_policies(uow: UnitOfWork) -> Mapping[str, tuple[Policy, ...]]:
    """Return the policies of each guarded environment: the one in force and those proposed.

    Otherwise, somebody could be added to a group before the policy that names it is approved.
    """
    proposed: dict[str, list[Policy]] = {}
    for change in uow.settings_changes.list_pending():
        if isinstance(change.proposal, PolicyReplacement):
            proposed.setdefault(change.proposal.environment, []).append(change.proposal.policy)
    return {
        environment.name: (policy, *proposed.get(environment.name, ()))
        for environment in uow.environments.list_all()
        if (policy := _policy(uow, environment.name)).settings_approvals
    }


def _policy(uow: UnitOfWork, name: str) -> Policy:
    return uow.environments.policy(name, uow.environments.get(name).policy_version)
