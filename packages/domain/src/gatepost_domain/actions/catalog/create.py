"""Registration of services, versions and environments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.catalog.events import catalog_event, contracts_event_data
from gatepost_domain.actions.catalog.promotion_path_validation import validate_promotion_path
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy, validate_policy
from gatepost_domain.catalog.service import DigestContracts, Service, Version, validate_name
from gatepost_domain.errors import ResourceArchived
from gatepost_domain.event import EventKind, to_rfc3339
from gatepost_domain.ports.unit_of_work import UnitOfWork


def register_service(
    uow: UnitOfWork,
    service: Service,
    command: Command,
    *,
    digest_contracts: DigestContracts | None = None,
) -> Service:
    """Register a service, and record the digest of its contracts in the event.

    Raises:
        ValidationFailed: the name is not a DNS label.
        AlreadyExists: the name is taken.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.REGISTER, service=service.name)
    validate_name(service.name)
    event = catalog_event(
        EventKind.SERVICE_REGISTERED,
        command,
        service=service.name,
        team=service.team,
        repo_url=service.repo_url,
        display_name=service.display_name,
        description=service.description,
        **contracts_event_data(uow, service, digest_contracts),
    )
    uow.services.add(service, event)
    return service


def register_version(uow: UnitOfWork, version: Version, command: Command) -> Version:
    """Register a version of a service.

    Raises:
        NotFound: there is no such service.
        ResourceArchived: the service accepts no new versions.
        AlreadyExists: the service already has the version.
    """
    service = uow.services.get(version.service)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.REGISTER, service=service.name)
    if service.archived_at is not None:
        raise ResourceArchived("service", service.name)
    event = catalog_event(
        EventKind.VERSION_REGISTERED,
        command,
        service=service.name,
        version=version.version,
        commit_sha=version.commit_sha,
        committed_at=None if version.committed_at is None else to_rfc3339(version.committed_at),
        artifact_digest=version.artifact_digest,
        notes=version.notes,
    )
    uow.services.add_version(version, event)
    return version


def create_environment(
    uow: UnitOfWork,
    environment: Environment,
    policy: Policy,
    command: Command,
    *,
    planned: Collection[str] = (),
) -> Environment:
    """Create an environment with the first version of its policy.

    The policy may name `planned` environments, which do not exist yet.

    Raises:
        ValidationFailed: the name is not a DNS label, or the policy contradicts itself, names an
            unknown environment, or creates a cycle.
        AlreadyExists: the name is taken.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE, environment=environment.name)
    validate_name(environment.name)
    validate_policy(policy)
    validate_promotion_path(uow, environment.name, policy, planned=planned)
    event = catalog_event(
        EventKind.ENVIRONMENT_CREATED,
        command,
        environment=environment.name,
        display_name=environment.display_name,
        tier=environment.tier,
        rank=environment.rank,
        policy_version=environment.policy_version,
        policy=asdict(policy),
    )
    uow.environments.add(environment, policy, event)
    return environment
