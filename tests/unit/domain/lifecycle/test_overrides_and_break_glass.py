"""Gate overrides, and refused overrides and break-glass attempts."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.emergency_record import (
    Override,
)
from gatepost_domain.deployments.errors.break_glass import AfterReviewOverdue
from gatepost_domain.deployments.errors.records import RecordIsImmutable
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.errors import FieldError, Refusal, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext, OverdueAfterReview
from gatepost_domain.gates.errors import GateAlreadyOpen
from gatepost_domain.lifecycle import overrides_and_break_glass
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.status_transitions import WAITING_STATUSES, Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_deployment,
    an_actor,
)
from tests.support.domain.emergencies import (
    EVE,
    FROZEN,
    REASON,
    break_glass,
    override,
)
from tests.support.domain.lifecycle import deployment_with_status, transition

OVERDUE = GateContext(overdue_review=OverdueAfterReview(number=7, due_at=NOON))
ALL_BUT_EMERGENCY = an_actor("olga", roles=[role for role in Role if role is not Role.EMERGENCY])
RECORD = replace(deployment_with_status(Status.SUCCEEDED), kind=DeploymentKind.RECORD)
LANE_NOT_OVERRIDABLE = (
    "The lane gate cannot be overridden, because two rollouts would then run at once; finish "
    "the rollout in progress first."
)

TWO_ERRORS = (
    FieldError(
        field="gate",
        code="gate_not_overridable",
        detail="The approval gate cannot be overridden; in an emergency, use break-glass.",
    ),
    FieldError(
        field="reason",
        code="reason_too_short",
        detail="A reason of at least 10 characters is required; it is recorded permanently.",
    ),
)


@pytest.mark.parametrize(
    ("attempt", "error", "code", "message"),
    [
        (
            lambda: override(RECORD, by=ALL_BUT_EMERGENCY),
            RecordIsImmutable,
            "record_is_immutable",
            (
                "DEP-1 is a record of a deployment made elsewhere and never changes; record a "
                "later deployment instead."
            ),
        ),
        (
            lambda: override(deployment_with_status(Status.STARTED), by=ALL_BUT_EMERGENCY),
            Forbidden,
            "forbidden",
            "olga needs the emergency role for shop in production.",
        ),
        (
            lambda: override(deployment_with_status(Status.STARTED), reason=None),
            TransitionRefused,
            "transition_refused",
            (
                "This action is not available in status started; available now: succeed, fail, "
                "rollback."
            ),
        ),
        (
            lambda: override(gate=GateKind.LANE),
            ValidationFailed,
            "gate_not_overridable",
            LANE_NOT_OVERRIDABLE,
        ),
        (
            lambda: override(gate=GateKind.ORDER),
            GateAlreadyOpen,
            "gate_is_open",
            (
                "The order gate is not closed, so there is nothing to override: No newer "
                "deployment of shop has started in production."
            ),
        ),
        (
            lambda: override(override()[0]),
            GateAlreadyOpen,
            "gate_is_open",
            (
                "The freeze gate is not closed, so there is nothing to override: Overridden by "
                "eve: The shop is down. (otto froze everything until it is lifted: Year's "
                "end.)"
            ),
        ),
        (
            lambda: break_glass(RECORD, by=ALL_BUT_EMERGENCY),
            RecordIsImmutable,
            "record_is_immutable",
            (
                "DEP-1 is a record of a deployment made elsewhere and never changes; record a "
                "later deployment instead."
            ),
        ),
        (
            lambda: break_glass(
                deployment_with_status(Status.STARTED), by=ALL_BUT_EMERGENCY, context=OVERDUE
            ),
            Forbidden,
            "forbidden",
            "olga needs the emergency role for shop in production.",
        ),
        (
            lambda: break_glass(deployment_with_status(Status.APPROVED), context=OVERDUE),
            TransitionRefused,
            "transition_refused",
            (
                "This action is not available in status approved; available now: start, cancel, "
                "withdraw."
            ),
        ),
        (
            lambda: break_glass(context=OVERDUE, reason=None),
            AfterReviewOverdue,
            "after_review_overdue",
            (
                "The break-glass review of DEP-7 is overdue; a reviewer must close it "
                "before break-glass can be used in production again."
            ),
        ),
        (
            lambda: break_glass(incident=" \n"),
            ValidationFailed,
            "incident_required",
            "A reference to the incident is required, such as its ticket.",
        ),
    ],
    ids=count(1),
)
def test_override_and_break_glass_are_refused_with_the_first_failing_rule(
    attempt: Callable[[], Transition], error: type[Refusal], code: str, message: str
) -> None:
    """The checks are, in order: immutable record, missing right, status, input."""
    with pytest.raises(error) as refusal:
        attempt()

    assert type(refusal.value) is error
    assert (refusal.value.code, str(refusal.value)) == (code, message)


@pytest.mark.parametrize("reason", [None, "", " " * 10, "too short", "  too short  "])
@pytest.mark.parametrize("attempt", [override, break_glass])
def test_reason_needs_ten_characters(
    attempt: Callable[..., Transition], reason: str | None
) -> None:
    """A shorter reason is refused. Surrounding whitespace is not counted."""
    with pytest.raises(ValidationFailed) as refusal:
        attempt(reason=reason)

    assert refusal.value.errors == (TWO_ERRORS[1],)


@pytest.mark.parametrize("attempt", [override, break_glass])
def test_reason_of_ten_characters_is_accepted(attempt: Callable[..., Transition]) -> None:
    """The reason is stored without surrounding whitespace; the event has it as written."""
    after, event = attempt(reason=" 0123456789 ")

    emergency_record = after.break_glass or after.overrides[0]
    assert (emergency_record.reason, event.note) == ("0123456789", " 0123456789 ")


def test_all_errors_of_an_override_are_listed_at_once() -> None:
    """A wrong gate and a missing reason are reported together."""
    with pytest.raises(ValidationFailed) as refusal:
        override(gate=GateKind.APPROVAL, reason="No.")

    assert refusal.value.errors == TWO_ERRORS


@pytest.mark.parametrize("status", sorted(WAITING_STATUSES))
def test_override_is_an_event_and_changes_no_status(status: Status) -> None:
    """The event and the deployment record the gate and its code; the status stays the same."""
    before = deployment_with_status(status)

    after, event = override(before)

    expected = Override(gate=GateKind.FREEZE, code="frozen", actor="eve", at=NOON, reason=REASON)
    assert after == replace(before, overrides=(expected,), revision=before.revision + 1)
    assert (event.kind, event.actor, event.note) == (EventKind.OVERRIDDEN, "eve", REASON)
    assert (event.from_status, event.to_status) == (status, status)
    assert event.data == {"gate": "freeze", "code": "frozen"}


def test_override_on_behalf_of_another_records_both() -> None:
    """The gate shows the person acted for, and the event also names the actor."""
    command = Command(actor=EVE, at=NOON, note=REASON, on_behalf_of="bo")

    after, event = overrides_and_break_glass.override(
        a_deployment(), QA_THEN_DEVOPS, FROZEN, command, gate=GateKind.FREEZE
    )

    assert after.overrides[0].actor == "bo"
    assert (event.actor, event.on_behalf_of) == ("eve", "bo")


def test_overridden_gate_allows_the_start() -> None:
    """The deployment can start although the gate is not open."""
    approved, _ = override(deployment_with_status(Status.APPROVED))

    started, _ = transition(approved, Action.START, around=FROZEN)

    assert started.status is Status.STARTED
