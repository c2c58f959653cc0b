"""Changes of an environment's policy, and the check whether a policy can replace another."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import User
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.catalog.events import catalog_event
from gatepost_domain.actions.catalog.promotion_path_validation import validate_promotion_path
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy, validate_policy
from gatepost_domain.catalog.policy_satisfiability import (
    changes_required_approvals,
    validate_satisfiability,
)
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision


def change_policy(
    uow: UnitOfWork,
    environment: str,
    policy: Policy,
    command: Command,
    *,
    expected: ExpectedRevision,
) -> PolicyVersion:
    """Save a new version of an environment's policy, which applies to new requests.

    Raises:
        NotFound: there is no such environment.
        StaleRevision: `expected` is not the version in force.
        ValidationFailed: the policy contradicts itself, names an unknown environment, creates a
            cycle, or changes the review so that current users cannot complete it.
    """
    existing = uow.environments.get(environment)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE, environment=existing.name)
    require_revision(expected, existing.policy_version)
    validate_replacement_policy(uow, existing, policy, is_by_system=command.actor is SYSTEM)
    policy_version = PolicyVersion(
        environment=existing.name,
        version=existing.policy_version + 1,
        policy=policy,
        created_at=command.at,
        created_by=command.actor.name,
    )
    event = catalog_event(
        EventKind.POLICY_CHANGED,
        command,
        environment=existing.name,
        policy_version=policy_version.version,
        policy=asdict(policy),
    )
    uow.environments.change_policy(policy_version, event)
    return policy_version


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySimulationInput:
    """What is needed to simulate a policy: the environment that it is for, and all users."""

    environment: Environment
    users: tuple[User, ...]


def dry_run_policy(uow: UnitOfWork, environment: str, policy: Policy) -> PolicySimulationInput:
    """Check whether a policy can replace the one in force, without storing anything.

    Raises:
        NotFound: there is no such environment.
        ValidationFailed: `validate_replacement_policy` refuses the policy.
    """
    existing = uow.environments.get(environment)
    validate_replacement_policy(uow, existing, policy)
    return PolicySimulationInput(environment=existing, users=tuple(uow.users.list_all()))


def validate_replacement_policy(
    uow: UnitOfWork, environment: Environment, policy: Policy, *, is_by_system: bool = False
) -> None:
    """Refuse a policy that cannot replace the one in force.

    With `is_by_system`, the policy may require approvals that no user can give yet.

    Raises:
        ValidationFailed: the policy contradicts itself, names an unknown environment, creates a
            cycle, or changes the review so that current users cannot complete it.
    """
    validate_policy(policy)
    validate_promotion_path(uow, environment.name, policy)
    in_force = uow.environments.policy(environment.name, environment.policy_version)
    if not is_by_system and changes_required_approvals(in_force, policy):
        validate_satisfiability(policy, environment.name, uow.users.list_all())
