"""Finding the environments that guard a settings change, requiring another admin's approval."""

from __future__ import annotations

from gatepost_domain.access.users import User, has_new_provider_login
from gatepost_domain.actions.access.guarded_powers import Guards, find_guarded_powers
from gatepost_domain.actions.settings_changes.dry_run import SettingsWrite
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.ports.unit_of_work import UnitOfWork


def find_guards(uow: UnitOfWork, write: SettingsWrite) -> Guards:
    """Return the environments whose current policy requires the change to be approved."""
    before, after = write.before, write.after
    if isinstance(after, User):
        return _guards_of_user(uow, before if isinstance(before, User) else None, after)
    if isinstance(after, Environment):
        if isinstance(before, Environment) and _keeps_tier_and_archival(before, after):
            return Guards()
        name = after.name
    else:
        name = after.environment
    version = uow.environments.get(name).policy_version
    is_guarded = uow.environments.policy(name, version).settings_approvals
    return Guards(environments=(name,) if is_guarded else ())


def _keeps_tier_and_archival(before: Environment, after: Environment) -> bool:
    """Return whether the tier and the time of archiving both stay the same."""
    return before.tier is after.tier and before.archived_at == after.archived_at


def _guards_of_user(uow: UnitOfWork, before: User | None, after: User) -> Guards:
    """Return the environments that guard the powers which the change gives to a user.

    A change that creates the user or adds a login gives all of the user's powers.
    """
    is_new = before is None or has_new_provider_login(before, after)
    return find_guarded_powers(uow, None if is_new else before, after)
