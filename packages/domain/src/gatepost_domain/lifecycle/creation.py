"""Creating deployments: by request, by promotion or by rollback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from gatepost_domain.access.actor import TriggeringPerson
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.roles import Right
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.target import Target, settings_digest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    BlockedAutoPromotion,
    Deployment,
    DeploymentKind,
    DeploymentRequest,
    consent_digest,
    format_number,
    validate_request,
)
from gatepost_domain.deployments.errors.records import RecordIsImmutable
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.lifecycle.approval import expiry_from
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.status_transitions import Action, Status, actions_to_suggest


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationContext:
    """The values, besides the request, that the new deployment keeps."""

    id: UUID
    number: int
    tier: Tier
    artifact_digest: str | None
    policy: Policy
    policy_version: int
    target: Target | None = None
    """The target with the settings in force; None if it was never configured."""
    is_requester_disabled: bool = False
    """Whether a promotion is requested in the name of a user who has been disabled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentOrigin:
    """Who requested a deployment, and how it was created."""

    requester: str
    on_behalf_of: str | None
    identities: tuple[Identity, ...]
    trigger: TriggeringPerson | None = None
    """Who triggered the pipeline that requested it."""
    kind: DeploymentKind = DeploymentKind.REQUEST
    promoted_from: UUID | None = None
    automatic: bool = False
    rolls_back: UUID | None = None
    redeploys: Deployment | None = None
    """The deployment whose version a rollback deploys again."""
    unreviewed: bool = False
    """Whether it is a rollback to a version that was never reviewed, and so requires all stages."""


def create_requested(
    request: DeploymentRequest, command: Command, context: CreationContext
) -> Transition:
    """Create a requested deployment, which waits for its reviewers.

    Raises:
        Forbidden: the actor may not request deployments in the environment.
        ValidationFailed: a creation rule is broken.
    """
    authorize(
        command.actor, Right.REQUEST, service=request.service, environment=request.environment
    )
    return _create(request, command, context, _build_requester_origin(command))


def create_promotion(
    source: Deployment,
    environment: str,
    command: Command,
    context: CreationContext,
    *,
    risk: str | None,
) -> Transition:
    """Create a deployment of the same version in another environment.

    The new deployment inherits the work references, the rollback plan and, unless `risk` is given,
    the risk notes.

    Raises:
        Forbidden: the actor may not request deployments in the environment.
        ValidationFailed: a creation rule is broken.
    """
    authorize(command.actor, Right.REQUEST, service=source.service, environment=environment)
    origin = replace(
        _build_requester_origin(command), kind=DeploymentKind.PROMOTION, promoted_from=source.id
    )
    request = _copy_request(source, environment, risk=risk or source.risk, notes=command.note)
    return _create(request, command, context, origin)


def create_auto_promotion(
    source: Deployment, environment: str, command: Command, context: CreationContext
) -> Transition:
    """Create the promotion that the policy requires, with the requester of the promoted deployment.

    If the requester has been disabled, the promotion does not start automatically.

    Raises:
        ValidationFailed: a creation rule is broken.
    """
    origin = DeploymentOrigin(
        requester=source.requester,
        on_behalf_of=source.on_behalf_of,
        identities=source.identities,
        trigger=source.trigger,
        kind=DeploymentKind.PROMOTION,
        promoted_from=source.id,
        automatic=True,
    )
    request = replace(
        _copy_request(source, environment, risk=source.risk, notes=source.notes),
        auto_start=False if context.is_requester_disabled else None,
    )
    return _create(request, command, context, origin)


def create_rollback(
    rolled_back: Deployment,
    good: Deployment,
    command: Command,
    context: CreationContext,
    *,
    was_reviewed: bool,
) -> Transition:
    """Create the deployment that redeploys the last known good version.

    If that version was never reviewed, the deployment requires the approvals of all stages.
    """
    origin = replace(
        _build_requester_origin(command),
        kind=DeploymentKind.ROLLBACK,
        rolls_back=rolled_back.id,
        redeploys=good,
        unreviewed=bool(context.policy.approval_stages) and not was_reviewed,
    )
    bad, number = rolled_back.version, format_number(rolled_back.number)
    request = replace(
        _copy_request(rolled_back, rolled_back.environment, risk=None, notes=command.note),
        version=good.version,
        risk=f"Reverts the changes of {bad} ({number}). {good.version} was live before it.",
        rollback_plan=f"Unblock {bad}, and deploy it again.",
    )
    return _create(request, command, context, origin)


def require_promotable(source: Deployment) -> None:
    """Refuse to promote a deployment that did not succeed in Gatepost.

    Raises:
        RecordIsImmutable: the deployment is a record.
        TransitionRefused: the deployment has not succeeded, or was rolled back.
    """
    if source.kind is DeploymentKind.RECORD:
        raise RecordIsImmutable(format_number(source.number), source.status)
    if source.status is not Status.SUCCEEDED:
        raise TransitionRefused(source.status, Action.PROMOTE, actions_to_suggest(source.status))


def record_blocked_auto_promotion(
    source: Deployment, blocked: BlockedAutoPromotion, command: Command
) -> Transition:
    """Record why a deployment could not be promoted automatically."""
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


def _build_requester_origin(command: Command) -> DeploymentOrigin:
    return DeploymentOrigin(
        requester=command.effective_actor_name,
        on_behalf_of=command.on_behalf_of,
        identities=command.identities,
        trigger=command.actor.trigger,
    )


def _copy_request(
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


def _create(
    request: DeploymentRequest, command: Command, context: CreationContext, origin: DeploymentOrigin
) -> Transition:
    validate_request(request, context.tier)
    policy, target = context.policy, context.target
    deployment = Deployment(
        id=context.id,
        number=context.number,
        kind=origin.kind,
        service=request.service,
        environment=request.environment,
        tier=context.tier,
        version=request.version,
        artifact_digest=context.artifact_digest,
        requester=origin.requester,
        on_behalf_of=origin.on_behalf_of,
        identities=origin.identities,
        triggered_by=None if origin.trigger is None else origin.trigger.name,
        unmapped_issuer=None if origin.trigger is None else origin.trigger.unmapped_issuer,
        work_references=request.work_references,
        risk=request.risk,
        rollback_plan=request.rollback_plan,
        notes=request.notes,
        policy_version=context.policy_version,
        target_version=None if target is None else target.revision,
        target_digest=None if target is None else settings_digest(target.settings),
        target_set_at=None if target is None else target.changed_at,
        auto_start=policy.auto_start if request.auto_start is None else request.auto_start,
        created_at=command.at,
        promoted_from=origin.promoted_from,
        automatic=origin.automatic,
        rolls_back=origin.rolls_back,
        unreviewed=origin.unreviewed,
        revision=1,
        status=Status.PENDING_APPROVAL,
        expires_at=expiry_from(policy, command.at),
    )
    event = Event(
        kind=EventKind.REQUESTED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        deployment_id=context.id,
        to_status=Status.PENDING_APPROVAL,
        note=request.notes,
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
            **_target_data(deployment),
            "auto_start": deployment.auto_start,
            "digest": consent_digest(deployment),
            "identities": [identity.to_event_data() for identity in deployment.identities],
            **triggering_person_data(deployment),
            **_origin_data(deployment),
            **_redeployment_data(origin),
        },
    )
    return deployment, event


def triggering_person_data(deployment: Deployment) -> Mapping[str, object]:
    """Return the data about who triggered the pipeline, for the first event."""
    data: dict[str, object] = {}
    if deployment.triggered_by is not None:
        data["triggered_by"] = deployment.triggered_by
    if deployment.unmapped_issuer is not None:
        data["unmapped_issuer"] = deployment.unmapped_issuer
    return data


def _target_data(deployment: Deployment) -> Mapping[str, object]:
    """Return the event data about the target; events from older versions of Gatepost lack it."""
    if deployment.target_version is None or deployment.target_set_at is None:
        return {"target_version": None}
    return {
        "target_version": deployment.target_version,
        "target_digest": deployment.target_digest,
        "target_set_at": to_rfc3339(deployment.target_set_at),
    }


def _origin_data(deployment: Deployment) -> Mapping[str, object]:
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


def _redeployment_data(origin: DeploymentOrigin) -> Mapping[str, object]:
    """Return the deployment that a rollback redeploys, and its version of the target's settings."""
    if origin.redeploys is None:
        return {}
    good = origin.redeploys
    number = format_number(good.number)
    return {"redeploys": {"number": number, "target_version": good.target_version}}
