"""The deployments that are waiting for an actor's review."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap

from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.lookup import find_trigger
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency import Verdict
from gatepost_domain.deployments.independence import (
    describe_dependence,
    find_dependences,
    participants_of,
)
from gatepost_domain.errors import Refusal
from gatepost_domain.lifecycle import approval, overrides
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewableDeployment:
    """A deployment that an actor can approve, or whose after-review they can close."""

    deployment: Deployment
    policy: PolicyVersion
    would_be_dependent: tuple[str, ...] = ()
    """Why the actor's approval would be marked as dependent, in words."""


def reviewable_by(
    uow: UnitOfWork, pending: tuple[Deployment, ...], command: Command
) -> list[ReviewableDeployment]:
    """Return the pending deployments that the actor can review now, in the same order.

    The actual rules of approval and after-review are applied, and some require a note in `command`.
    """
    reviewable: list[ReviewableDeployment] = []
    for deployment in (find_trigger(uow, waiting) for waiting in pending):
        version = deployment.environment, deployment.policy_version
        policy = uow.environments.policy_version(*version)
        try:
            if deployment.status is Status.PENDING_APPROVAL:
                approval.approve(deployment, policy.policy, command)
            else:
                overrides.close_after_review(
                    deployment, policy.policy, command, verdict=Verdict.JUSTIFIED
                )
        except Refusal:
            continue
        dependences = find_dependences(command.actor, participants_of(deployment))
        reviewable.append(
            ReviewableDeployment(
                deployment=deployment,
                policy=policy,
                would_be_dependent=tuple(starmap(describe_dependence, dependences)),
            )
        )
    return reviewable
