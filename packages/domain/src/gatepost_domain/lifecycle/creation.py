"""How a deployment begins: asked for by a person, by a promotion or by a rollback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from gatepost_domain.access.actor import Identity
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    Deployment,
    DeploymentRequest,
    Kind,
    PromotionBlocked,
    check_request,
    digest_of,
    number_text,
)
from gatepost_domain.deployments.errors import RecordIsImmutable, TransitionRefused
from gatepost_domain.event import Event, EventKind
from gatepost_domain.lifecycle.transitions import Moved
from gatepost_domain.status import Action, Status, allowed_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a deployment is asked for under."""

    id: UUID
    number: int
    tier: Tier
    artifact_digest: str | None
    policy: Policy
    policy_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a deployment comes from."""

    requester: str
    on_behalf_of: str | None
    identities: tuple[Identity, ...]
    kind: Kind = Kind.REQUEST
    promoted_from: UUID | None = None
    automatic: bool = False
    rolls_back: UUID | None = None
    unreviewed: bool = False
    """Whether nobody here ever reviewed what it goes back to."""


def request(asked: DeploymentRequest, command: Command, terms: Terms) -> Moved:
    """Ask for a deployment; it waits for its reviewers.

    Raises:
        Forbidden: the actor asks for nothing there.
        Invalid: a creation rule is broken.
    """
    authorize(command.actor, Right.REQUEST, service=asked.service, environment=asked.environment)
    return _ask(asked, command, terms, _asked_by(command))


def promote(
    source: Deployment, environment: str, command: Command, terms: Terms, *, risk: str | None
) -> Moved:
    """Ask for the version of a deployment that succeeded in another environment.

    Its work references, rollback plan and, unless `risk` tells another, its risk notes go with it.

    Raises:
        Forbidden: the actor asks for nothing there.
        Invalid: a creation rule is broken.
    """
    authorize(command.actor, Right.REQUEST, service=source.service, environment=environment)
    origin = replace(_asked_by(command), kind=Kind.PROMOTION, promoted_from=source.id)
    asked = _as_before(source, environment, risk=risk or source.risk, notes=command.note)
    return _ask(asked, command, terms, origin)


def promote_by_policy(
    source: Deployment, environment: str, command: Command, terms: Terms
) -> Moved:
    """Ask, as the policy has it, for the next environment, in the name of whoever asked before.

    Raises:
        Invalid: a creation rule is broken.
    """
    origin = Origin(
        requester=source.requester,
        on_behalf_of=source.on_behalf_of,
        identities=source.identities,
        kind=Kind.PROMOTION,
        promoted_from=source.id,
        automatic=True,
    )
    asked = _as_before(source, environment, risk=source.risk, notes=source.notes)
    return _ask(asked, command, terms, origin)


def redeploy(rolled_back: Deployment, good: Deployment, command: Command, terms: Terms) -> Moved:
    """Ask for what stood before, to undo what was rolled back."""
    origin = replace(
        _asked_by(command),
        kind=Kind.ROLLBACK,
        rolls_back=rolled_back.id,
        unreviewed=good.unreviewed and good.reviewed_by is None,
    )
    asked = replace(
        _as_before(rolled_back, rolled_back.environment, risk=rolled_back.risk, notes=command.note),
        version=good.version,
    )
    return _ask(asked, command, terms, origin)


def check_promotable(source: Deployment) -> None:
    """Refuse to promote what did not succeed here.

    Raises:
        RecordIsImmutable: it happened elsewhere.
        TransitionRefused: it has not succeeded, or was rolled back.
    """
    if source.kind is Kind.RECORD:
        raise RecordIsImmutable(number_text(source.number), source.status)
    if source.status is not Status.SUCCEEDED:
        raise TransitionRefused(source.status, Action.PROMOTE, allowed_actions(source.status))


def block_promotion(source: Deployment, blocked: PromotionBlocked, command: Command) -> Moved:
    """Record why what succeeded was not promoted by itself, though a policy wants it to be."""
    after = replace(source, promotion_blocked=blocked, revision=source.revision + 1)
    event = Event(
        kind=EventKind.PROMOTION_BLOCKED,
        actor=command.actor.name,
        at=command.at,
        deployment_id=source.id,
        from_status=source.status,
        to_status=source.status,
        note=blocked.reason,
        data={"environment": blocked.environment, "code": blocked.code},
    )
    return after, event


def _asked_by(command: Command) -> Origin:
    return Origin(
        requester=command.speaker,
        on_behalf_of=command.on_behalf_of,
        identities=command.identities,
    )


def _as_before(
    source: Deployment, environment: str, *, risk: str | None, notes: str | None
) -> DeploymentRequest:
    return DeploymentRequest(
        service=source.service,
        environment=environment,
        version=source.version,
        work_references=source.work_references,
        rollback_plan=source.rollback_plan,
        risk=risk,
        notes=notes,
    )


def _ask(asked: DeploymentRequest, command: Command, terms: Terms, origin: Origin) -> Moved:
    check_request(asked, terms.tier)
    policy, expires_s = terms.policy, terms.policy.approval_expires_s
    deployment = Deployment(
        id=terms.id,
        number=terms.number,
        kind=origin.kind,
        service=asked.service,
        environment=asked.environment,
        tier=terms.tier,
        version=asked.version,
        artifact_digest=terms.artifact_digest,
        requester=origin.requester,
        on_behalf_of=origin.on_behalf_of,
        identities=origin.identities,
        work_references=asked.work_references,
        risk=asked.risk,
        rollback_plan=asked.rollback_plan,
        notes=asked.notes,
        policy_version=terms.policy_version,
        auto_start=policy.auto_start if asked.auto_start is None else asked.auto_start,
        created_at=command.at,
        promoted_from=origin.promoted_from,
        automatic=origin.automatic,
        rolls_back=origin.rolls_back,
        unreviewed=origin.unreviewed,
        revision=1,
        status=Status.PENDING_APPROVAL,
        expires_at=None if expires_s is None else command.at + timedelta(seconds=expires_s),
    )
    event = Event(
        kind=EventKind.REQUESTED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=terms.id,
        to_status=Status.PENDING_APPROVAL,
        note=asked.notes,
        data={
            "number": deployment.number,
            "kind": deployment.kind,
            "service": deployment.service,
            "environment": deployment.environment,
            "tier": deployment.tier,
            "version": deployment.version,
            "artifact_digest": deployment.artifact_digest,
            "requester": deployment.requester,
            "work_references": list(deployment.work_references),
            "risk": deployment.risk,
            "rollback_plan": deployment.rollback_plan,
            "policy_version": deployment.policy_version,
            "auto_start": deployment.auto_start,
            "digest": digest_of(deployment),
            **_came_from(deployment),
        },
    )
    return deployment, event


def _came_from(deployment: Deployment) -> Mapping[str, object]:
    if deployment.promoted_from is not None:
        return {
            "promoted_from": str(deployment.promoted_from),
            "automatic": deployment.automatic,
        }
    if deployment.rolls_back is not None:
        return {
            "rolls_back": str(deployment.rolls_back),
            "unreviewed": deployment.unreviewed,
        }
    return {}
