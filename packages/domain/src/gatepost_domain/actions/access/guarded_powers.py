"""Guarded powers: the roles and groups that a user has or gets in guarded environments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.access.errors import GuardedPowers
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import AccountIdentifierKind, User, UserKind, restrict_grants
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.settings_changes.newly_given_powers import (
    find_newly_given_powers,
    groups_in_rules,
)
from gatepost_domain.settings_changes.proposal import PolicyReplacement


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """The guarded environments that a change affects, and the powers it newly gives there."""

    environments: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    """Roles and groups, such as `reviewer` and `group:qa`."""


def find_guarded_powers(uow: UnitOfWork, before: User | None, after: User) -> Guards:
    """Return the powers in guarded environments that `after` has but `before` did not."""
    given = {
        name: find_newly_given_powers(before, after, name, groups_in_rules(policies))
        for name, policies in _load_guarded_environment_policies(uow).items()
    }
    return Guards(
        environments=tuple(name for name, powers in given.items() if powers),
        gives=tuple(dict.fromkeys(power for powers in given.values() for power in powers)),
    )


def find_powers_blocking_invitation(uow: UnitOfWork, user: User) -> Guards:
    """Return the guarded powers that prevent a person from being invited.

    A new person can always be invited, whatever their powers. A later invitation, however, would
    give the powers to anyone who uses the link, without the approval of another admin.
    """
    provenance = {} if user.origin is None else user.origin.provenance
    was_reset = Means.RESET in provenance.values()
    had_sign_in = any(
        login.account.kind is AccountIdentifierKind.SUBJECT for login in user.former_logins
    )
    if not (was_reset or had_sign_in or uow.users.had_credential(user.name)):
        return Guards()
    return find_guarded_powers(uow, None, user)


def require_unguarded_invitation(uow: UnitOfWork, user: User, actor: Actor) -> None:
    """Refuse to invite a person who has had a credential and has guarded powers.

    Raises:
        GuardedPowers: the person has guarded powers, and is not invited in the server's terminal.
    """
    guards = Guards() if actor is SYSTEM else find_powers_blocking_invitation(uow, user)
    if guards.environments:
        raise GuardedPowers(user.name, guards.gives, guards.environments, by="invitation")


def require_unguarded_token(
    uow: UnitOfWork, holder: User, actor: Actor, scopes: tuple[Grant, ...] | None
) -> None:
    """Refuse a token that gives guarded powers to the person who issues it.

    Raises:
        GuardedPowers: the actor does not have these powers, and does not use the server's terminal.
    """
    if actor is SYSTEM:
        return
    is_service = holder.kind is UserKind.SERVICE
    issuer = replace(uow.users.get(actor.name), grants=actor.grants)
    given = replace(
        holder,
        grants=restrict_grants(holder.grants, scopes),
        groups=() if is_service else holder.groups,  # programs never review
    )
    guards = find_guarded_powers(uow, issuer, given)
    if guards.environments:
        raise GuardedPowers(holder.name, guards.gives, guards.environments, by="token")


def _load_guarded_environment_policies(uow: UnitOfWork) -> Mapping[str, tuple[Policy, ...]]:
    """Return the policies of each guarded environment: in force, in use by requests, and proposed.

    With only the policy in force, a user could be added to a group before a proposed policy that
    names it is approved, or while requests under an older policy that names it are pending.
    """
    proposed: dict[str, list[Policy]] = {}
    for change in uow.settings_changes.list_pending():
        if isinstance(change.proposal, PolicyReplacement):
            proposed.setdefault(change.proposal.environment, []).append(change.proposal.policy)
    guarded: dict[str, tuple[Policy, ...]] = {}
    for environment in uow.environments.list_all():
        name = environment.name
        in_force = uow.environments.policy(name, environment.policy_version)
        if in_force.settings_approvals:
            in_use = uow.deployments.list_waiting_policy_versions(name)
            older = (uow.environments.policy(name, version) for version in in_use)
            guarded[name] = (in_force, *older, *proposed.get(name, ()))
    return guarded
