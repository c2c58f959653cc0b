"""From one environment to the next: by hand, and by itself when a deployment succeeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments.context import find_overdue_review, load_deployment
from gatepost_domain.actions.deployments.request import (
    PLACEHOLDER_ID,
    creation_context,
    require_deployable,
    save_new_deployment,
)
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import (
    BlockedPromotion,
    Deployment,
    DeploymentKind,
    DeploymentReference,
    format_number,
)
from gatepost_domain.deployments.errors import AlreadyPromoted, RecordIsImmutable
from gatepost_domain.errors import FieldError, Refusal, ValidationFailed
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.restrictions import PromotionHold
from gatepost_domain.lifecycle import creation
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import allowed_actions


def promote_deployment(
    uow: UnitOfWork,
    reference: DeploymentReference,
    command: Command,
    *,
    environment: str | None,
    risk: str | None,
    revision: int | None,
    id: UUID,  # noqa: A002  # the field's own name
    new_id: Callable[[], UUID],
) -> Deployment:
    """Ask for what succeeded in one environment in another: the next one, unless told which.

    Answers with the deployment asked for.

    Raises:
        Unknown: there is no such deployment.
        Stale: the caller expected another revision than the one that stands.
        RecordIsImmutable, TransitionRefused: it has not succeeded here.
        Forbidden: the actor asks for nothing there.
        Invalid: no environment comes next, it is unknown, or a creation rule is broken.
        AlreadyPromoted: it was promoted there before.
        Archived, VersionBlocked: the environment takes nothing new, or not this version.
    """
    source, _ = load_deployment(uow, reference, revision)
    moved, policy = _build_promotion(
        uow, source, command, environment=environment, risk=risk, id=id
    )
    return save_new_deployment(uow, moved, policy, command, new_id=new_id)


def dry_run_promotion(uow: UnitOfWork, source: Deployment, command: Command) -> None:
    """Raise what `promote_deployment` would, given risk notes where they are needed."""
    risk = source.risk or "tried out"
    _build_promotion(uow, source, command, environment=None, risk=risk, id=PLACEHOLDER_ID)


def apply_success(
    uow: UnitOfWork,
    succeeded: Deployment,
    policy: Policy,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Do what a success entails: the next environment by policy, and a hold where it was by hand.

    Answers with the deployment that succeeded, as it stands then.
    """
    _hold_manual_version(uow, succeeded, at=at)
    if (
        policy.promotes_to is None
        or not policy.auto_promote
        or succeeded.kind is DeploymentKind.ROLLBACK
    ):
        return succeeded
    to, by_system = policy.promotes_to, Command(actor=SYSTEM, at=at)
    blocked = _find_promotion_block(uow, succeeded, to, at=at)
    if blocked is None:
        try:
            terms = creation_context(uow, succeeded.service, to, succeeded.version, id=new_id())
            require_deployable(uow, succeeded.service, to, succeeded.version)
            moved = creation.create_auto_promotion(succeeded, to, by_system, terms)
        except Refusal as refusal:
            blocked = BlockedPromotion(environment=to, code=refusal.code, reason=str(refusal))
        else:
            save_new_deployment(uow, moved, terms.policy, by_system, new_id=new_id)
            return succeeded
    stands, event = creation.record_blocked_promotion(succeeded, blocked, by_system)
    uow.deployments.save(stands, event)
    return stands


def _build_promotion(
    uow: UnitOfWork,
    source: Deployment,
    command: Command,
    *,
    environment: str | None,
    risk: str | None,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[Transition, Policy]:
    """The promotion that is asked for, with its event and its policy; nothing is kept."""
    if source.kind is DeploymentKind.RECORD:
        raise RecordIsImmutable(format_number(source.number), source.status)
    to = environment or _next_environment(uow, source)
    with audit_denials(command, source) as wish:
        if to is not None:
            authorize(wish.actor, Right.REQUEST, service=source.service, environment=to)
    creation.require_promotable(source)
    if to is None:
        detail = f"The policy of {source.environment} names no next environment; name one here."
        raise ValidationFailed(
            FieldError(field="environment", code="environment_required", detail=detail)
        )
    if to == source.environment:
        detail = f"{format_number(source.number)} succeeded in {to} already; name another."
        raise ValidationFailed(
            FieldError(field="environment", code="same_environment", detail=detail)
        )
    terms = creation_context(uow, source.service, to, source.version, id=id)
    moved = creation.create_promotion(source, to, wish, terms, risk=risk)
    before = uow.deployments.find_promotion(source.id, to)
    if before is not None:
        number, promotion = format_number(source.number), format_number(before.number)
        allowed = allowed_actions(source.status)
        raise AlreadyPromoted(number, to, promotion, source.status, allowed)
    require_deployable(uow, source.service, to, source.version)
    return moved, terms.policy


def _next_environment(uow: UnitOfWork, source: Deployment) -> str | None:
    stands = uow.environments.get(source.environment)
    return uow.environments.policy(stands.name, stands.policy_version).promotes_to


def _find_promotion_block(
    uow: UnitOfWork, source: Deployment, to: str, *, at: datetime
) -> BlockedPromotion | None:
    """What keeps anything from being promoted there by itself."""
    hold, overdue = uow.restrictions.find_hold(source.service, to), find_overdue_review(uow, to, at)
    if hold is not None:
        reason = (
            f"{hold.by} deployed {hold.version} of {source.service} to {to} by hand "
            f"({format_number(hold.number)}); an operator must release the hold, or somebody "
            "promote by hand."
        )
        return BlockedPromotion(environment=to, code="held", reason=reason)
    if overdue is not None:
        reason = (
            f"The after-review of {format_number(overdue.number)} in {to} is overdue; until a "
            "reviewer gives it, nothing is promoted there by itself."
        )
        return BlockedPromotion(environment=to, code="after_review_overdue", reason=reason)
    return None


def _hold_manual_version(uow: UnitOfWork, succeeded: Deployment, *, at: datetime) -> None:
    """Where policies promote to by themselves, let what a person chose instead stay in place."""
    service, environment = succeeded.service, succeeded.environment
    if succeeded.automatic or succeeded.kind is DeploymentKind.ROLLBACK:
        return
    candidates = {
        good.version
        for source in _environments_promoting_to(uow, environment)
        if (good := uow.deployments.last_known_good(service, source, exclude=())) is not None
    }
    if not candidates or succeeded.version in candidates:
        return
    hold = PromotionHold(
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
        note=f"{hold.by} deployed {hold.version} by hand; nothing is promoted to {environment} by "
        "itself until an operator releases the hold.",
        data={"service": service, "environment": environment, "version": hold.version},
    )
    uow.restrictions.add_hold(hold, event)


def _environments_promoting_to(uow: UnitOfWork, environment: str) -> list[str]:
    """The environments whose policies in force promote there by themselves."""
    found: list[str] = []
    for each in uow.environments.list_active():
        policy = uow.environments.policy(each.name, each.policy_version)
        if policy.auto_promote and policy.promotes_to == environment:
            found.append(each.name)
    return found
