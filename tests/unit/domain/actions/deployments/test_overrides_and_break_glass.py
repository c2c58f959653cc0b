"""Emergency actions: recorded attempts and the deployments that resume afterwards."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.deployments import overrides_and_break_glass
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency_record import AfterReviewState, Verdict
from gatepost_domain.errors import Denied
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_command, a_policy, an_actor, an_id
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.promotion import (
    AUTO_PROMOTE_POLICY,
    REASON,
    STAGES,
    advance_to,
    all_deployments,
    approve,
    close_after_review,
    deploy,
    expect_refusal,
    override,
    promotion_ledger,
    roll_back,
)
from tests.support.memory.ledger import InMemoryLedger

MUCH_LATER = NOON + timedelta(days=4)
TAKEN_BY = {Action.BREAK_GLASS: "break_glass", Action.AFTER_REVIEW: "close_after_review"}
JUST = Verdict.JUSTIFIED
OLGA = an_actor("olga", roles=[role for role in Role if role is not Role.EMERGENCY])
AUTO = a_policy(*STAGES, auto_start=True)


async def freeze(ledger: InMemoryLedger) -> None:
    """Block all starts from now until the freeze is lifted."""
    command = a_command("otto")
    await ledger.perform(
        partial(
            impose_freeze, request=a_freeze_request(), command=command, id=an_id(), new_id=an_id
        )
    )


async def with_break_glass(ledger: InMemoryLedger, **request: Any) -> Deployment:
    """Return a deployment that eve approved with break-glass."""
    deployment = await request_deployment(ledger, **request)
    return await perform_action(ledger, Action.BREAK_GLASS, deployment.id, "eve", note=REASON)


@pytest.mark.parametrize(("by", "code"), [(OLGA, "forbidden"), ("eve", "after_review_overdue")])
async def test_denied_break_glass_is_recorded(by: Actor | str, code: str) -> None:
    """The attempt appears in the history of the deployment."""
    ledger = await promotion_ledger()
    await with_break_glass(ledger)
    deployment = await request_deployment(ledger)

    refusal = await expect_refusal(
        ledger, perform_action(ledger, Action.BREAK_GLASS, deployment.id, by, at=MUCH_LATER)
    )

    assert isinstance(refusal, Denied)
    assert (refusal.code, refusal.audit_event is not None) == (code, True)
    assert refusal.audit_event is not None
    assert (refusal.audit_event.kind, refusal.audit_event.deployment_id) == (
        EventKind.BREAK_GLASS_DENIED,
        deployment.id,
    )
    assert refusal.audit_event.data["code"] == code


async def test_denied_override_is_recorded() -> None:
    """The attempt is recorded as a denied access."""
    ledger = await promotion_ledger()
    deployment = await request_deployment(ledger)

    refusal = await expect_refusal(ledger, override(ledger, deployment.id, GateKind.FREEZE, OLGA))

    assert refusal.audit_event is not None
    assert (refusal.code, refusal.audit_event.kind) == ("forbidden", EventKind.ACCESS_DENIED)


@pytest.mark.parametrize("by", ["ada", "eve", an_actor("zed", groups=[])])
async def test_denied_after_review_is_recorded(by: Actor | str) -> None:
    """The attempt is recorded as a denied review."""
    ledger = await promotion_ledger()
    bypassed = await with_break_glass(ledger)

    refusal = await expect_refusal(ledger, close_after_review(ledger, bypassed.id, by))

    assert refusal.audit_event is not None
    assert refusal.audit_event.kind is EventKind.REVIEW_DENIED


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (Action.BREAK_GLASS, EventKind.BREAK_GLASS_DENIED),
        (Action.AFTER_REVIEW, EventKind.REVIEW_DENIED),
    ],
)
async def test_break_glass_and_after_review_must_be_done_in_person(
    action: Action, kind: EventKind
) -> None:
    """The act_as role does not apply to break-glass and after-reviews."""
    ledger = await promotion_ledger()
    bypassed = await with_break_glass(ledger)
    deployment = bypassed if action is Action.AFTER_REVIEW else await request_deployment(ledger)
    command = replace(a_command("pipeline", note=REASON), requested_name="quinn")
    tell: dict[Action, dict[str, Any]] = {
        Action.BREAK_GLASS: {"incident": "INC-1"},
        Action.AFTER_REVIEW: {"verdict": JUST},
    }
    take = getattr(overrides_and_break_glass, TAKEN_BY[action])
    attempt = partial(take, reference=deployment.id, command=command, **tell[action])

    refusal = await expect_refusal(
        ledger, ledger.perform(partial(attempt, revision=None, new_id=an_id))
    )

    assert refusal.audit_event is not None
    assert (refusal.code, refusal.audit_event.kind) == ("act_as_forbidden", kind)
    assert refusal.audit_event.data == {"code": "act_as_forbidden", "named": "quinn"}


@pytest.mark.parametrize(
    ("execution", "status"),
    [(ExecutionMode.OPERATOR, Status.STARTED), (ExecutionMode.WORKER, Status.QUEUED)],
)
async def test_break_glass_starts_a_deployment_with_automatic_start(
    execution: ExecutionMode, status: Status
) -> None:
    """The deployment starts without a second action."""
    ledger = await promotion_ledger(production=replace(AUTO, execution=execution))

    bypassed = await with_break_glass(ledger)

    assert bypassed.status is status
    assert bypassed.after_review is not None


async def test_override_starts_a_deployment_with_automatic_start() -> None:
    """The deployment starts at once if no other gate blocks it."""
    ledger = await promotion_ledger(production=AUTO)
    await freeze(ledger)
    waiting = await approve(ledger, await request_deployment(ledger))

    overridden = await override(ledger, waiting.id, GateKind.FREEZE)

    assert (waiting.status, overridden.status) == (Status.APPROVED, Status.STARTED)
    assert [override.gate for override in overridden.overrides] == [GateKind.FREEZE]


async def test_override_before_approval_still_waits_for_approval() -> None:
    """After the freeze is overridden, the deployment still starts only once it is approved."""
    ledger = await promotion_ledger(production=AUTO)
    await freeze(ledger)
    pending = await request_deployment(ledger)

    overridden = await override(ledger, pending.id, GateKind.FREEZE)
    started = await approve(ledger, overridden)

    assert (overridden.status, started.status) == (Status.PENDING_APPROVAL, Status.STARTED)


async def test_order_gate_can_be_overridden() -> None:
    """An outdated deployment can start after the override."""
    ledger = await promotion_ledger(test=a_policy())
    old = await approve(ledger, await request_deployment(ledger))
    await deploy(ledger, version="2.0.0")

    await override(ledger, old.id, GateKind.ORDER)

    assert (await perform_action(ledger, Action.START, old.id)).status is Status.STARTED


async def test_closing_an_overdue_after_review_resumes_promotions() -> None:
    """Automatic promotions that were blocked by the after-review start."""
    ledger = await promotion_ledger(test=AUTO_PROMOTE_POLICY, production=AUTO)
    bypassed = await with_break_glass(ledger, version="3.0.0")
    await perform_action(ledger, Action.FAIL, bypassed.id)
    await deploy(ledger, "test")
    (*_, promotion) = await all_deployments(ledger)
    await advance_to(ledger, MUCH_LATER)
    waiting = await approve(ledger, promotion, at=MUCH_LATER)

    reviewed = await close_after_review(
        ledger, bypassed.id, at=MUCH_LATER, verdict=Verdict.UNJUSTIFIED
    )

    assert waiting.status is Status.APPROVED
    assert reviewed.after_review is not None
    assert reviewed.after_review.state is AfterReviewState.CLOSED
    assert (await ledger.deployment(promotion.id)).status is Status.STARTED
    again = await request_deployment(ledger, at=MUCH_LATER)
    approved = await perform_action(ledger, Action.BREAK_GLASS, again.id, "eve", at=MUCH_LATER)
    assert approved.break_glass is not None


async def test_overdue_after_review_does_not_affect_other_environments() -> None:
    """Break-glass remains available in other environments."""
    ledger = await promotion_ledger(staging=QA_THEN_DEVOPS)
    await with_break_glass(ledger, environment="staging")

    deployment = await request_deployment(ledger)
    approved = await perform_action(ledger, Action.BREAK_GLASS, deployment.id, "eve", at=MUCH_LATER)

    assert approved.status is Status.APPROVED


async def test_after_review_is_required_after_rollback_or_cancellation() -> None:
    """The after-review of a cancelled or rolled-back deployment can still be closed."""
    ledger = await promotion_ledger()
    cancelled = await with_break_glass(ledger)
    await perform_action(ledger, Action.CANCEL, cancelled.id)
    rolled_back = await with_break_glass(ledger)
    await perform_action(ledger, Action.START, rolled_back.id)
    await roll_back(ledger, rolled_back.id, redeploy=False)

    reviewed = [
        await close_after_review(ledger, deployment.id) for deployment in (cancelled, rolled_back)
    ]

    assert [deployment.status for deployment in reviewed] == [Status.CANCELLED, Status.ROLLED_BACK]
