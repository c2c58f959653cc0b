"""Every ledger returns the same history for a simulation, and so the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.catalog.policy import LaneMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    Approval,
    Dependence,
    Deployment,
    DeploymentKind,
    HideDecision,
)
from gatepost_domain.deployments.emergency_record import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
)
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.reports.periods import Span
from gatepost_domain.simulation import history as facts
from gatepost_domain.simulation.simulation import simulate
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, a_deployment, a_policy, a_stage, create_catalog
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.waiting_deployments import add_deployments

HOUR: Final = timedelta(hours=1)
SPAN: Final = Span(since=NOON + 5 * HOUR, until=NOON + 40 * HOUR)
POLICIES: Final = {
    "no rules": a_policy(),
    "stages": a_policy(a_stage("qa"), a_stage("devops"), approval_expires_s=3600),
    "requires": a_policy(requires=("staging", "test")),
    "soak": a_policy(requires=("staging",), soak_s=7200, max_age_s=20 * 3600),
    "reject": a_policy(lane=LaneMode.REJECT),
    "supersede": a_policy(lane=LaneMode.SUPERSEDE, after_review_s=3600),
}
CATALOG: Final = {
    "production": (Tier.PRODUCTION, a_policy(a_stage("qa"))),
    "staging": (Tier.STAGING, a_policy()),
    "test": (Tier.TEST, a_policy()),
}


def deployments(seed: int) -> Iterator[Deployment]:
    """Yield deployments in the order of time, even if no actions lead to them."""
    random = Random(seed)  # a history, not a secret
    for number in range(1, 81):
        deployment = a_deployment(
            number=number,
            service=random.choice(["shop", "cart"]),
            environment=random.choice(list(CATALOG)),
            version=random.choice(["1", "2"]),
        )
        yield replace(deployment, **_facts(random, NOON + number // 2 * HOUR))


def _facts(random: Random, created_at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "kind": random.choice(list(DeploymentKind)),
        "status": random.choice([status for status in Status if status is not Status.STARTED]),
        "created_at": created_at,
        "automatic": random.random() < 0.3,
        "auto_start": random.random() < 0.3,
        "unreviewed": random.random() < 0.3,
        "worker": random.choice([None, "w-1"]),
        "deployed_by": random.choice([None, "otto", "quinn"]),
    }
    at = created_at
    for name in ("approved_at", "queued_at", "started_at", "finished_at", "deployed_at"):
        at += random.randrange(3) * HOUR
        changes[name] = at if random.random() < 0.8 else None
    if changes["kind"] is DeploymentKind.RECORD:
        changes["deployed_at"] = at
    if changes["deployed_at"] is not None and random.random() < 0.2:
        changes["rolled_back_at"] = changes["deployed_at"] + HOUR
    if changes["kind"] is DeploymentKind.RECORD and random.random() < 0.2:
        changes["hidden"] = HideDecision(actor="root", at=NOON, reason="A typo.")
    if random.random() < 0.2:
        changes["overrides"] = (
            Override(gate=GateKind.PROMOTION, code="held", actor="eve", at=NOON, reason="Now."),
        )
    if random.random() < 0.5:
        changes["approvals"] = tuple(_approvals(random))
    if random.random() < 0.1:
        changes |= _break_glass()
    return changes


def _approvals(random: Random) -> Iterator[Approval]:
    for name in ("quinn", "devin"):
        dependence = Dependence(reviewer=name, of="ada", through=("root",), by=Means.ACCOUNT)
        yield Approval(
            stage="qa",
            actor=name,
            at=NOON,
            note=None,
            digest="0",
            rules=(0,),
            identity=Identity(humans=(name,)),
            dependencies=(dependence,) if random.random() < 0.3 else (),
        )


def _break_glass() -> dict[str, Any]:
    identity = Identity(humans=("eve",))
    return {
        "break_glass": BreakGlass(
            actor="eve", at=NOON, reason="Now.", incident="INC-1", identity=identity
        ),
        "after_review": AfterReview(state=AfterReviewState.OPEN, due_at=NOON + HOUR),
    }


def comparable(history: facts.EnvironmentHistory, policy: Policy) -> tuple[object, ...]:
    """Return the facts that the policy uses, in an order of their own."""
    judged = {(each.service, each.version) for each in history.deployments}
    upstream = [
        each for each in history.upstream if policy.soak_s or (each.service, each.version) in judged
    ]
    return (
        sorted(history.deployments, key=lambda each: each.number),
        sorted(upstream, key=lambda each: each.number),
        sorted(history.retirements),
        history.checked_lanes,
        len(history.freezes),
        history.is_complete,
    )


async def filled(ledger: AnyLedger, seed: int) -> AnyLedger:
    await create_catalog(ledger, services=["shop", "cart"], versions=["1", "2"], policies=CATALOG)
    await add_deployments(ledger, *deployments(seed))
    return ledger


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_ledger_gives_the_same_answer(ledger: AnyLedger, seed: int) -> None:
    """For every kind of rule, on a history with any facts."""
    in_memory = await filled(InMemoryLedger(), seed)
    await filled(ledger, seed)
    for policy in POLICIES.values():
        expected, history = [
            await each.reads.environment_history("production", SPAN, policy)
            for each in (in_memory, ledger)
        ]

        assert comparable(history, policy) == comparable(expected, policy)
        assert simulate(history, policy, "production", ()) == simulate(
            expected, policy, "production", ()
        )


async def test_a_history_that_is_too_long_is_incomplete(
    ledger: AnyLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more is loaded than a simulation replays."""
    await filled(ledger, 1)
    if isinstance(ledger, InMemoryLedger):
        return
    monkeypatch.setattr("gatepost_persistence.reads.simulation.MAX_DEPLOYMENTS", 3)

    history = await ledger.reads.environment_history("production", SPAN, a_policy())

    assert len(history.deployments) == 3
    assert not history.is_complete
