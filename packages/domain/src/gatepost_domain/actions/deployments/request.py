"""Asking for a deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.auto_start import start_by_itself
from gatepost_domain.actions.deployments.context import around
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.deployments.review import stages_of
from gatepost_domain.errors import Archived, Fault, Invalid, Unknown
from gatepost_domain.gates.errors import VersionBlocked
from gatepost_domain.lifecycle import approval, creation
from gatepost_domain.lifecycle.creation import Terms
from gatepost_domain.lifecycle.explanation import Explanation, explain
from gatepost_domain.lifecycle.transitions import Moved
from gatepost_domain.ports.unit_of_work import Work

NOBODYS_ID: Final = UUID(int=0)
"""Stands for the id of a deployment that is only tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would become of a request."""

    deployment: Deployment
    policy: Policy
    explanation: Explanation


def request_deployment(
    work: Work,
    asked: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Deployment:
    """Ask for a version in an environment.

    Where the policy asks for no review, the system approves it at once, in an event of its own.

    Raises:
        Invalid: the service or environment is unknown, the version is not the service's, or a
            creation rule is broken.
        Archived: the service or the environment takes nothing new.
        VersionBlocked: the version was rolled back there.
    """
    terms, moved = _requested(work, asked, command, id=id)
    return keep(work, moved, terms.policy, command, new_id=new_id)


def preview_request(work: Work, asked: DeploymentRequest, command: Command) -> Preview:
    """Tell what would become of a request, without making it.

    Raises: as `request_deployment`.
    """
    terms, (deployment, _) = _requested(work, asked, command, id=NOBODYS_ID)
    policy = terms.policy
    if not stages_of(deployment, policy):
        by_system = Command(actor=SYSTEM, at=command.at)
        deployment, _ = approval.approve_by_policy(deployment, by_system)
    situation = around(work, deployment, policy, command.at)
    explanation = explain(deployment, policy, situation, actor=command.actor, at=command.at)
    return Preview(deployment=deployment, policy=policy, explanation=explanation)


def terms_for(
    work: Work,
    service: str,
    environment: str,
    version: str,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Terms:
    """What a deployment of a version to an environment would be asked for under now.

    Raises:
        Invalid: the service or environment is unknown, or the version is not the service's.
    """
    try:
        of, to = work.services.get(service), work.environments.get(environment)
    except Unknown as unknown:
        raise Invalid(
            Fault(field=unknown.kind, code=unknown.code, detail=str(unknown))
        ) from unknown
    found = work.services.version(of.name, version)
    if found is None:
        detail = f"Version {version} does not belong to service {of.name}."
        raise Invalid(Fault(field="version", code="version_not_of_service", detail=detail))
    return Terms(
        id=id,
        number=work.deployments.next_number(),
        tier=to.tier,
        artifact_digest=found.artifact_digest,
        policy=work.environments.policy(to.name, to.policy_version),
        policy_version=to.policy_version,
    )


def check_takes(work: Work, service: str, environment: str, version: str) -> None:
    """Refuse what takes nothing new, or not this version.

    Raises:
        Archived: the service or the environment takes nothing new.
        VersionBlocked: the version was rolled back there.
    """
    for kind, asked_of in (
        ("service", work.services.get(service)),
        ("environment", work.environments.get(environment)),
    ):
        if asked_of.archived_at is not None:
            raise Archived(kind, asked_of.name)
    block = work.restrictions.block_of(service, environment, version)
    if block is not None:
        raise VersionBlocked(block)


def keep(
    work: Work, moved: Moved, policy: Policy, command: Command, *, new_id: Callable[[], UUID]
) -> Deployment:
    """Keep a new deployment; what needs no review is approved, and starts if it shall."""
    deployment, event = moved
    work.deployments.add(deployment, event)
    if not stages_of(deployment, policy):
        by_system = Command(actor=SYSTEM, at=command.at)
        deployment, event = approval.approve_by_policy(deployment, by_system)
        work.deployments.save(deployment, event)
    return start_by_itself(work, deployment, policy, at=command.at, new_id=new_id)


def _requested(
    work: Work,
    asked: DeploymentRequest,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[Terms, Moved]:
    """The deployment that is asked for, with its event and its terms; nothing is kept."""
    terms = terms_for(work, asked.service, asked.environment, asked.version, id=id)
    with attempting(command) as wish:
        moved = creation.request(asked, wish, terms)
    check_takes(work, asked.service, asked.environment, asked.version)
    return terms, moved
