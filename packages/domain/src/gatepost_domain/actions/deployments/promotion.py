"""From one environment to the next: by hand, and by itself when a deployment succeeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.denial_audit import attempting
from gatepost_domain.actions.deployments.context import load, overdue_in
from gatepost_domain.actions.deployments.request import NOBODYS_ID, check_takes, keep, terms_for
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import (
    Deployment,
    Kind,
    PromotionBlocked,
    Reference,
    number_text,
)
from gatepost_domain.deployments.errors import AlreadyPromoted, RecordIsImmutable
from gatepost_domain.errors import Fault, Invalid, Refusal
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gates.restrictions import Hold
from gatepost_domain.lifecycle import creation
from gatepost_domain.lifecycle.transitions import Moved
from gatepost_domain.ports.unit_of_work import Work
from gatepost_domain.status import allowed_actions


def promote_deployment(
    work: Work,
    reference: Reference,
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
    source, _ = load(work, reference, revision)
    moved, policy = _promoted(work, source, command, environment=environment, risk=risk, id=id)
    return keep(work, moved, policy, command, new_id=new_id)


def try_to_promote(work: Work, source: Deployment, command: Command) -> None:
    """Raise what `promote_deployment` would, given risk notes where they are needed."""
    risk = source.risk or "tried out"
    _promoted(work, source, command, environment=None, risk=risk, id=NOBODYS_ID)


def follow_success(
    work: Work,
    succeeded: Deployment,
    policy: Policy,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> Deployment:
    """Do what a success entails: the next environment by policy, and a hold where it was by hand.

    Answers with the deployment that succeeded, as it stands then.
    """
    _hold_what_was_by_hand(work, succeeded, at=at)
    if policy.promotes_to is None or not policy.auto_promote or succeeded.kind is Kind.ROLLBACK:
        return succeeded
    to, by_system = policy.promotes_to, Command(actor=SYSTEM, at=at)
    blocked = _what_blocks(work, succeeded, to, at=at)
    if blocked is None:
        try:
            terms = terms_for(work, succeeded.service, to, succeeded.version, id=new_id())
            check_takes(work, succeeded.service, to, succeeded.version)
            moved = creation.promote_by_policy(succeeded, to, by_system, terms)
        except Refusal as refusal:
            blocked = PromotionBlocked(environment=to, code=refusal.code, reason=str(refusal))
        else:
            keep(work, moved, terms.policy, by_system, new_id=new_id)
            return succeeded
    stands, event = creation.block_promotion(succeeded, blocked, by_system)
    work.deployments.save(stands, event)
    return stands


def _promoted(
    work: Work,
    source: Deployment,
    command: Command,
    *,
    environment: str | None,
    risk: str | None,
    id: UUID,  # noqa: A002  # the field's own name
) -> tuple[Moved, Policy]:
    """The promotion that is asked for, with its event and its policy; nothing is kept."""
    if source.kind is Kind.RECORD:
        raise RecordIsImmutable(number_text(source.number), source.status)
    to = environment or _next(work, source)
    with attempting(command, source) as wish:
        if to is not None:
            authorize(wish.actor, Right.REQUEST, service=source.service, environment=to)
    creation.check_promotable(source)
    if to is None:
        detail = f"The policy of {source.environment} names no next environment; name one here."
        raise Invalid(Fault(field="environment", code="environment_required", detail=detail))
    if to == source.environment:
        detail = f"{number_text(source.number)} succeeded in {to} already; name another."
        raise Invalid(Fault(field="environment", code="same_environment", detail=detail))
    terms = terms_for(work, source.service, to, source.version, id=id)
    moved = creation.promote(source, to, wish, terms, risk=risk)
    before = work.deployments.promoted(source.id, to)
    if before is not None:
        number, promotion = number_text(source.number), number_text(before.number)
        allowed = allowed_actions(source.status)
        raise AlreadyPromoted(number, to, promotion, source.status, allowed)
    check_takes(work, source.service, to, source.version)
    return moved, terms.policy


def _next(work: Work, source: Deployment) -> str | None:
    stands = work.environments.get(source.environment)
    return work.environments.policy(stands.name, stands.policy_version).promotes_to


def _what_blocks(
    work: Work, source: Deployment, to: str, *, at: datetime
) -> PromotionBlocked | None:
    """What keeps anything from being promoted there by itself."""
    hold, overdue = work.restrictions.hold_on(source.service, to), overdue_in(work, to, at)
    if hold is not None:
        reason = (
            f"{hold.by} deployed {hold.version} of {source.service} to {to} by hand "
            f"({number_text(hold.number)}); an operator must release the hold, or somebody "
            "promote by hand."
        )
        return PromotionBlocked(environment=to, code="held", reason=reason)
    if overdue is not None:
        reason = (
            f"The after-review of {number_text(overdue.number)} in {to} is overdue; until a "
            "reviewer gives it, nothing is promoted there by itself."
        )
        return PromotionBlocked(environment=to, code="after_review_overdue", reason=reason)
    return None


def _hold_what_was_by_hand(work: Work, succeeded: Deployment, *, at: datetime) -> None:
    """Where policies promote to by themselves, let what a person chose instead stay in place."""
    service, environment = succeeded.service, succeeded.environment
    if succeeded.automatic or succeeded.kind is Kind.ROLLBACK:
        return
    candidates = {
        good.version
        for source in _promoting_to(work, environment)
        if (good := work.deployments.last_good(service, source, but=())) is not None
    }
    if not candidates or succeeded.version in candidates:
        return
    hold = Hold(
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
    work.restrictions.hold(hold, event)


def _promoting_to(work: Work, environment: str) -> list[str]:
    """The environments whose policies in force promote there by themselves."""
    found: list[str] = []
    for each in work.environments.standing():
        policy = work.environments.policy(each.name, each.policy_version)
        if policy.auto_promote and policy.promotes_to == environment:
            found.append(each.name)
    return found
