"""Overrides, break-glass approvals and after-reviews with defaults, for lifecycle tests."""

from datetime import timedelta

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Role
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency_record import (
    Verdict,
)
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.lifecycle import overrides_and_break_glass
from gatepost_domain.lifecycle.transitions import Transition
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    an_actor,
)
from tests.support.domain.freezes import a_freeze

REVIEWED_AT = NOON + timedelta(hours=1)
FROZEN = GateContext(freeze_block=FreezeBlock(freeze=a_freeze(), since=NOON, opens_at=None))
REASON = "The shop is down."
EVE = an_actor("eve", roles=[Role.EMERGENCY])


def override(
    deployment: Deployment | None = None,
    *,
    gate: GateKind = GateKind.FREEZE,
    by: Actor = EVE,
    reason: str | None = REASON,
    context: GateContext = FROZEN,
) -> Transition:
    """Override a gate, by default a freeze. The default actor, eve, has the emergency role."""
    target, command = deployment or a_deployment(), a_command(by, note=reason)
    return overrides_and_break_glass.override(target, QA_THEN_DEVOPS, context, command, gate=gate)


def break_glass(
    deployment: Deployment | None = None,
    *,
    by: Actor = EVE,
    reason: str | None = REASON,
    incident: str = "INC-1",
    context: GateContext = GateContext(),  # noqa: B008  # the default is immutable
    policy: Policy = QA_THEN_DEVOPS,
) -> Transition:
    """Approve by break-glass. The default actor, eve, has the emergency role."""
    target, command = deployment or a_deployment(policy=policy), a_command(by, note=reason)
    return overrides_and_break_glass.break_glass(
        target, policy, context, command, incident=incident
    )


def close_review(
    deployment: Deployment | None = None,
    *,
    by: Actor | str = "quinn",
    note: str | None = "There was no other way.",
    verdict: Verdict = Verdict.JUSTIFIED,
    policy: Policy = QA_THEN_DEVOPS,
) -> Transition:
    """Close the after-review of eve's break-glass approval, by default as an eligible reviewer."""
    target = deployment or break_glass()[0]
    command = a_command(by, at=REVIEWED_AT, note=note)
    return overrides_and_break_glass.close_after_review(target, policy, command, verdict=verdict)
