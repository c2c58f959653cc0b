"""Registering services, versions and environments, and changing a policy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.catalog.events import catalog_event, contracts_told
from gatepost_domain.actions.catalog.promotion_path import check_way
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy, check_policy
from gatepost_domain.catalog.service import SealContracts, Service, Version, check_name
from gatepost_domain.errors import Archived, Stale
from gatepost_domain.event import EventKind, utc_text
from gatepost_domain.ports.unit_of_work import Work


def register_service(
    work: Work, service: Service, command: Command, *, seal: SealContracts | None = None
) -> Service:
    """Make a service known; `seal` tells the event which contracts are generated for it.

    Raises:
        Invalid: its name is no DNS label.
        AlreadyExists: the name is taken.
    """
    with attempting(command) as wish:
        authorize(wish.actor, Right.REGISTER, service=service.name)
    check_name(service.name)
    event = catalog_event(
        EventKind.SERVICE_REGISTERED,
        command,
        service=service.name,
        team=service.team,
        repo_url=service.repo_url,
        display_name=service.display_name,
        description=service.description,
        **contracts_told(work, service, seal),
    )
    work.services.add(service, event)
    return service


def register_version(work: Work, version: Version, command: Command) -> Version:
    """Make a build of a service known.

    Raises:
        Unknown: there is no such service.
        Archived: it takes no new version.
        AlreadyExists: the service has a version so called.
    """
    service = work.services.get(version.service)
    with attempting(command) as wish:
        authorize(wish.actor, Right.REGISTER, service=service.name)
    if service.archived_at is not None:
        raise Archived("service", service.name)
    event = catalog_event(
        EventKind.VERSION_REGISTERED,
        command,
        service=service.name,
        version=version.version,
        commit_sha=version.commit_sha,
        committed_at=None if version.committed_at is None else utc_text(version.committed_at),
        artifact_digest=version.artifact_digest,
        notes=version.notes,
    )
    work.services.add_version(version, event)
    return version


def create_environment(
    work: Work,
    environment: Environment,
    policy: Policy,
    command: Command,
    *,
    to_come: Collection[str] = (),
) -> Environment:
    """Make a place where versions run, with the first version of its policy.

    The policy may name environments that are `to_come` as if they existed.

    Raises:
        Invalid: its name is no DNS label, or the policy contradicts itself, names what does not
            exist, or leads in a circle.
        AlreadyExists: the name is taken.
    """
    with attempting(command) as wish:
        authorize(wish.actor, Right.CONFIGURE, environment=environment.name)
    check_name(environment.name)
    check_policy(policy)
    check_way(work, environment.name, policy, to_come=to_come)
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
    work.environments.add(environment, policy, event)
    return environment


def change_policy(
    work: Work, environment: str, policy: Policy, command: Command, *, expected: int | None
) -> PolicyVersion:
    """Put a new version of an environment's policy in force, for what is asked for from now on.

    Raises:
        Unknown: there is no such environment.
        Stale: `expected` is not the version in force.
        Invalid: the policy contradicts itself, names what does not exist, or leads in a circle.
    """
    found = work.environments.get(environment)
    with attempting(command) as wish:
        authorize(wish.actor, Right.CONFIGURE, environment=found.name)
    if expected is not None and expected != found.policy_version:
        raise Stale(expected, found.policy_version)
    check_policy(policy)
    check_way(work, found.name, policy)
    changed = PolicyVersion(
        environment=found.name,
        version=found.policy_version + 1,
        policy=policy,
        created_at=command.at,
        created_by=command.actor.name,
    )
    event = catalog_event(
        EventKind.POLICY_CHANGED,
        command,
        environment=found.name,
        policy_version=changed.version,
        policy=asdict(policy),
    )
    work.environments.change_policy(changed, event)
    return changed
