"""Gates overridden by an override or by break-glass."""

from dataclasses import replace

import pytest

from gatepost_domain.deployments.emergency_record import Override
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.evaluation import GATES, OVERRIDABLE, evaluate_gates
from gatepost_domain.gates.gate import GateState
from gatepost_domain.status_transitions import Action
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment
from tests.support.domain.freezes import a_freeze
from tests.support.domain.gates import (
    BLOCK,
    EARLIER,
    NEEDS_TEST,
    NO_REQUIREMENTS,
    OVERDUE,
    PROMOTED,
    a_context,
    missing,
)
from tests.support.domain.lifecycle import transition


def test_approval_gate_shows_break_glass() -> None:
    """The gate is overridden and says who bypassed the reviewers, why and for which incident."""
    after, _ = transition(a_deployment(), Action.BREAK_GLASS, by="eve", note="The shop is down.")

    gate = approval_gate(after, QA_THEN_DEVOPS, a_context())

    assert (gate.state, gate.code) == (GateState.OVERRIDDEN, "broke_glass")
    assert gate.message == (
        "Approved without reviewers by eve (break-glass) for INC-1: The shop is down."
    )
    assert (gate.since, gate.who_can_act) == (NOON, ())


ALL_CLOSED = GateContext(
    lane=LaneState(
        started=LaneDeployment(number=8, version="2.0.0", since=EARLIER),
        newest=LaneDeployment(number=8, version="2.0.0", since=EARLIER),
    ),
    freeze_block=FreezeBlock(freeze=a_freeze(), since=EARLIER, opens_at=None),
    upstream=(missing(),),
    overdue_review=OVERDUE,
)
"""A context in which every gate is closed or waiting."""


def an_override(kind: GateKind, code: str) -> Override:
    return Override(gate=kind, code=code, actor="eve", at=NOON, reason="The shop is down.")


def test_override_applies_to_one_code_only() -> None:
    """An override of a missing success does not cover a version that is blocked later."""
    overridden = replace(PROMOTED, overrides=(an_override(GateKind.PROMOTION, "upstream_missing"),))
    blocked = replace(ALL_CLOSED, version_block=BLOCK)

    promotion = next(
        gate
        for gate in evaluate_gates(overridden, NEEDS_TEST, blocked)
        if gate.kind is GateKind.PROMOTION
    )

    assert (promotion.state, promotion.code) == (GateState.WAITING, "version_blocked")


@pytest.mark.parametrize("kind", GateKind)
def test_only_the_overridden_gate_is_overridden(kind: GateKind) -> None:
    """The gate keeps its code, says who overrode it and why, and needs no further action."""
    policy = replace(NEEDS_TEST, approval_stages=QA_THEN_DEVOPS.approval_stages)
    before = {gate.kind: gate for gate in evaluate_gates(PROMOTED, policy, ALL_CLOSED)}
    override = an_override(kind, before[kind].code)
    overridden = replace(PROMOTED, overrides=(override,))

    after = {gate.kind: gate for gate in evaluate_gates(overridden, policy, ALL_CLOSED)}

    assert not any(gate.allows_start for gate in before.values())
    assert after == before | {
        kind: replace(
            before[kind],
            state=GateState.OVERRIDDEN,
            message=f"Overridden by eve: The shop is down. ({before[kind].message})",
            since=NOON,
            who_can_act=(),
        )
    }
    assert after[kind].allows_start


def test_open_gate_does_not_show_its_override() -> None:
    """A gate that has opened since the override is shown as open."""
    overridden = replace(a_deployment(), overrides=(an_override(GateKind.FREEZE, "frozen"),))

    assert evaluate_gates(overridden, NO_REQUIREMENTS, a_context()) == evaluate_gates(
        a_deployment(), NO_REQUIREMENTS, a_context()
    )


def test_overridable_gates_name_the_emergency_role() -> None:
    """All gates except the approval and lane gates list the role among those who can act."""
    policy = replace(NEEDS_TEST, approval_stages=QA_THEN_DEVOPS.approval_stages)
    gates = evaluate_gates(PROMOTED, policy, ALL_CLOSED)

    assert {gate.kind for gate in gates} == set(GateKind)
    assert len(GATES) == len(GateKind)
    assert set(GateKind) - OVERRIDABLE == {GateKind.APPROVAL, GateKind.LANE}
    assert {gate.kind for gate in gates if "emergency" in gate.who_can_act} == OVERRIDABLE
