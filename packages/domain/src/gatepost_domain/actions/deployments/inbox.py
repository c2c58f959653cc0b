"""Finding the deployments that are waiting for an actor's review."""

from __future__ import annotations

from dataclasses import dataclass

from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.deployment_loading import refresh_people
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.deployments.errors.reviews import NotIndependent
from gatepost_domain.deployments.independence import (
    describe_dependence,
    find_dependences,
    participants_of,
)
from gatepost_domain.errors import Refusal
from gatepost_domain.gates.archival import require_not_archived
from gatepost_domain.lifecycle import approval, overrides_and_break_glass
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewableDeployment:
    """A deployment that an actor can approve, or whose after-review they can close."""

    deployment: Deployment
    policy: PolicyVersion
    would_be_dependent: tuple[str, ...] = ()
    """A message that explains why the actor's approval would be marked as dependent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedReview:
    """A deployment that an actor could review if independent of everybody behind the deployment."""

    deployment: Deployment
    policy: PolicyVersion
    reason: str
    """A message that explains why the actor is not independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The pending deployments that concern an actor as a reviewer."""

    reviewable: tuple[ReviewableDeployment, ...]
    refused: tuple[RefusedReview, ...]


def build_inbox(uow: UnitOfWork, pending: tuple[Deployment, ...], command: Command) -> Inbox:
    """Return the pending deployments that the actor can review, or could review if independent.

    Both lists in the inbox keep the order of `pending`, and leave out deployments that the actor
    cannot review for other reasons. The actual rules for approvals and after-reviews are applied;
    some of them require a note in `command`.
    """
    reviewable: list[ReviewableDeployment] = []
    refused: list[RefusedReview] = []
    for deployment in (refresh_people(uow, waiting) for waiting in pending):
        version = deployment.environment, deployment.policy_version
        policy = uow.environments.policy_version(*version)
        try:
            _try_review(uow, deployment, policy.policy, command)
        except NotIndependent as error:
            refused.append(RefusedReview(deployment=deployment, policy=policy, reason=str(error)))
            continue
        except Refusal:
            continue
        dependences = find_dependences(command.actor, participants_of(deployment))
        reviewable.append(
            ReviewableDeployment(
                deployment=deployment,
                policy=policy,
                would_be_dependent=tuple(
                    describe_dependence(*dependence, names=deployment.current_name_by_key)
                    for dependence in dependences
                ),
            )
        )
    return Inbox(reviewable=tuple(reviewable), refused=tuple(refused))


def _try_review(uow: UnitOfWork, deployment: Deployment, policy: Policy, command: Command) -> None:
    """Check the rules for an approval or an after-review, discarding the result.

    Raises:
        Refusal: the actor cannot review the deployment.
    """
    if deployment.status is Status.PENDING_APPROVAL:
        approval.approve(deployment, policy, command)
        require_not_archived(uow, deployment.service, deployment.environment)
    else:
        overrides_and_break_glass.close_after_review(
            deployment, policy, command, verdict=Verdict.JUSTIFIED
        )
