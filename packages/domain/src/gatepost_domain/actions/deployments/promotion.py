"""Promotion to the next environment: on request, and automatically after a success."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.deployments.open_request_limit import require_room
from gatepost_domain.actions.deployments.request import (
    PLACEHOLDER_ID,
    load_creation_context,
    require_deployable,
    save_and_advance_by_policy,
)
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold
from gatepost_domain.deployments.deployment import (
    BlockedAutoPromotion,
    Deployment,
    DeploymentKind,
    DeploymentReference,
    format_number,
)
from gatepost_domain.deployments.errors.records import RecordIsImmutable
from gatepost_domain.deployments.errors.requests import AlreadyPromoted
from gatepost_domain.errors import FieldError, Refusal, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.context import find_overdue_after_review
from gatepost_domain.lifecycle import creation
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision
from gatepost_domain.status_transitions import actions_to_suggest


def promote_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    environment: str | None,
    risk: str | None,
    revision: ExpectedRevision,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Deployment:
    """Request the version of a successful deployment in another environment.

    If `environment` is None, the next environment in the policy is used. Return the new deployment.

    Raises:
        NotFound: there is no such deployment.
        StaleRevision: `revision` is not the current one.
        RecordIsImmutable, TransitionRefused: the deployment has not succeeded in Gatepost.
        Forbidden: the actor may not request deployments in the environment.
        ValidationFailed: there is no next environment, the environment is unknown, or a creation
            rule is broken.
        AlreadyPromoted: the deployment was already promoted there.
        ResourceArchived: the service or environment is archived.
        VersionBlocked: the version is blocked there.
        TooManyOpenRequests: as many deployments as the policy allows are already waiting to start.
    """
    source, _ = load_deployment(uow, reference, revision)
    transition, policy = _build_promotion(
        uow, source, command, environment=environment, risk=risk, id=id
    )
    return save_and_advance_by_policy(uow, transition, policy, command, new_id=new_id)


def dry_run_promotion(uow: UnitOfWork, source: Deployment, command: Command) -> None:
    """Raise what `promote_deployment` would raise given valid risk notes, but store nothing."""
    risk = source.risk or "dry run"
    _build_promotion(uow, source, command, environment=None, risk=risk, id=PLACEHOLDER_ID)


def set_hold_and_auto_promote(
    uow: UnitOfWork,
    succeeded: Deployment,
    policy: Policy,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Set a hold after a manual deployment, and promote automatically if the policy requires it.

    Return the successful deployment at its latest revision.
    """
    _set_hold_after_manual_deployment(uow, succeeded, at=at)
    if (
        policy.promotes_to is None
        or not policy.auto_promote
        or succeeded.kind is DeploymentKind.ROLLBACK
    ):
        return succeeded
    to, system_command = policy.promotes_to, Command(actor=SYSTEM, at=at)
    block = _find_auto_promotion_blocker(uow, succeeded, to, at=at)
    if block is None:
        try:
            context = load_creation_context(
                uow, succeeded.service, to, succeeded.version, id=new_id()
            )
            require_deployable(uow, succeeded.service, to, succeeded.version)
            requester = uow.users.find_by_recorded_name(succeeded.requester)
            is_disabled = requester is not None and requester.disabled
            context = replace(context, is_requester_disabled=is_disabled)
            transition = creation.create_auto_promotion(succeeded, to, system_command, context)
            require_room(uow, transition[0], context.policy)
        except Refusal as refusal:
            block = BlockedAutoPromotion(environment=to, code=refusal.code, reason=str(refusal))
        else:
            save_and_advance_by_policy(
                uow, transition, context.policy, system_command, new_id=new_id
            )
            return succeeded
    updated, event = creation.record_blocked_auto_promotion(succeeded, block, system_command)
    uow.deployments.save(updated, event)
    return updated


def _build_promotion(
    uow: UnitOfWork,
    source: Deployment,
    command: Command,
    *,
    environment: str | None,
    risk: str | None,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[Transition, Policy]:
    """Create the requested promotion with its event and its policy, without storing it."""
    if source.kind is DeploymentKind.RECORD:
        raise RecordIsImmutable(format_number(source.number), source.status)
    to = environment or _next_environment(uow, source)
    with resolve_actor_and_audit_denials(command, source) as resolved:
        if to is not None:
            authorize(resolved.actor, Right.REQUEST, service=source.service, environment=to)
    creation.require_promotable(source)
    if to is None:
        detail = f"The policy of {source.environment} names no next environment; specify one."
        raise ValidationFailed(
            FieldError(field="environment", code="environment_required", detail=detail)
        )
    if to == source.environment:
        detail = (
            f"{format_number(source.number)} already succeeded in {to}; specify another "
            "environment."
        )
        raise ValidationFailed(
            FieldError(field="environment", code="same_environment", detail=detail)
        )
    context = load_creation_context(uow, source.service, to, source.version, id=id)
    transition = creation.create_promotion(source, to, resolved, context, risk=risk)
    earlier = uow.deployments.find_promotion(source.id, to)
    if earlier is not None:
        number, promotion = format_number(source.number), format_number(earlier.number)
        allowed = actions_to_suggest(source.status)
        raise AlreadyPromoted(number, to, promotion, source.status, allowed)
    require_deployable(uow, source.service, to, source.version)
    require_room(uow, transition[0], context.policy)
    return transition, context.policy


def _next_environment(uow: UnitOfWork, source: Deployment) -> str | None:
    environment = uow.environments.get(source.environment)
    return uow.environments.policy(environment.name, environment.policy_version).promotes_to


def _find_auto_promotion_blocker(
    uow: UnitOfWork, source: Deployment, to: str, *, at: datetime
) -> BlockedAutoPromotion | None:
    """Return the reason that prevents an automatic promotion, or None."""
    hold, overdue = (
        uow.restrictions.find_hold(source.service, to),
        find_overdue_after_review(uow, to, at),
    )
    if hold is not None:
        reason = (
            f"{hold.by} deployed {hold.version} of {source.service} to {to} manually "
            f"({format_number(hold.number)}); an operator can release the hold, or a requester "
            "can promote manually."
        )
        return BlockedAutoPromotion(environment=to, code="held", reason=reason)
    if overdue is not None:
        reason = (
            f"The break-glass review of {format_number(overdue.number)} is overdue; automatic "
            f"promotion to {to} is paused until a reviewer closes that review."
        )
        return BlockedAutoPromotion(environment=to, code="after_review_overdue", reason=reason)
    return None


def _set_hold_after_manual_deployment(
    uow: UnitOfWork, succeeded: Deployment, *, at: datetime
) -> None:
    """Set a hold if a person deployed a version other than the one that policies promote."""
    service, environment = succeeded.service, succeeded.environment
    if succeeded.automatic or succeeded.kind is DeploymentKind.ROLLBACK:
        return
    candidates = {
        last_good.version
        for source in _environments_auto_promoting_to(uow, environment)
        if (last_good := uow.deployments.find_last_good(service, source, exclude=())) is not None
    }
    if not candidates or succeeded.version in candidates:
        return
    hold = AutoPromotionHold(
        service=service,
        environment=environment,
        version=succeeded.version,
        at=at,
        by=succeeded.requester,
        deployment_id=succeeded.id,
        number=succeeded.number,
    )
    event = Event(
        kind=EventKind.HOLD_SET,
        actor=SYSTEM.name,
        at=at,
        deployment_id=succeeded.id,
        note=f"{hold.by} deployed {hold.version} manually; automatic promotion to {environment} "
        "is on hold until an operator releases it.",
        data={"service": service, "environment": environment, "version": hold.version},
    )
    uow.restrictions.put_hold(hold, event)


def _environments_auto_promoting_to(uow: UnitOfWork, environment: str) -> list[str]:
    """Return the environments whose current policy promotes automatically to this one."""
    sources: list[str] = []
    for source in uow.environments.list_active():
        policy = uow.environments.policy(source.name, source.policy_version)
        if policy.auto_promote and policy.promotes_to == environment:
            sources.append(source.name)
    return sources
