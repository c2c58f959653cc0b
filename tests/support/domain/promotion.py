"""Promotion of versions from one environment to the next, and rollback, for tests."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.actions.catalog.policies import change_policy
from gatepost_domain.actions.catalog.update import change_environment, change_service
from gatepost_domain.actions.deployments import block_and_hold_removal as restrictions
from gatepost_domain.actions.deployments import overrides_and_break_glass, promotion, rollback
from gatepost_domain.actions.deployments.auto_start import (
    auto_start_waiting_in_all_lanes,
    find_auto_start_candidates,
    select_startable,
)
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import ServiceChange
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.errors import Refusal
from gatepost_domain.event import Event
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import Gate
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_command, a_policy, an_id, create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.memory.ledger import InMemoryLedger

STAGES: Final = QA_THEN_DEVOPS.approval_stages
AUTO_PROMOTE_POLICY: Final = a_policy(promotes_to="production", auto_promote=True)
"""A policy without reviews that automatically promotes a success to production."""

REASON: Final = "The shop is down for all customers."


async def promotion_ledger(
    *,
    test: Policy = AUTO_PROMOTE_POLICY,
    production: Policy = QA_THEN_DEVOPS,
    versions: tuple[str, ...] = ("1.0.0", "2.0.0", "3.0.0"),
    **more_policies: Policy,
) -> InMemoryLedger:
    """Create a ledger with versions of the shop and a promotion path from test to production."""
    ledger = InMemoryLedger()
    environments = {"test": (Tier.TEST, test), "production": (Tier.PRODUCTION, production)}
    environments |= {name: (Tier.STAGING, policy) for name, policy in more_policies.items()}
    await create_catalog(ledger, versions=versions, policies=environments)
    return ledger


async def approve(
    ledger: InMemoryLedger, deployment: Deployment, *, at: datetime = NOON
) -> Deployment:
    """Approve a deployment with as many reviewers as its stages require."""
    number = 0
    while deployment.status is Status.PENDING_APPROVAL:
        number += 1
        deployment = await perform_action(
            ledger, Action.APPROVE, deployment.id, f"reviewer-{number}", at=at
        )
    return deployment


async def complete_deployment(
    ledger: InMemoryLedger, deployment: Deployment, *, at: datetime = NOON
) -> Deployment:
    """Approve, start and complete a deployment."""
    await approve(ledger, deployment, at=at)
    deployment = await ledger.deployment(deployment.id)
    if deployment.status is Status.APPROVED:
        deployment = await perform_action(ledger, Action.START, deployment.id, at=at)
    if deployment.status is Status.QUEUED:
        await perform_action(ledger, Action.CLAIM, deployment.id, "worker:one", at=at)
    return await perform_action(ledger, Action.SUCCEED, deployment.id, at=at)


async def deploy(
    ledger: InMemoryLedger,
    environment: str = "production",
    version: str = "1.0.0",
    *,
    at: datetime = NOON,
    **fields: Any,
) -> Deployment:
    """Request a version and complete the resulting deployment."""
    deployment = await request_deployment(
        ledger, environment=environment, version=version, at=at, **fields
    )
    return await complete_deployment(ledger, deployment, at=at)


async def promote(
    ledger: InMemoryLedger,
    reference: DeploymentReference,
    by: Actor | str = "ada",
    *,
    environment: str | None = None,
    risk: str | None = None,
    note: str | None = None,
    at: datetime = NOON,
) -> Deployment:
    """Promote a deployment manually."""
    return await ledger.perform(
        partial(
            promotion.promote_deployment,
            reference=reference,
            command=a_command(by, at=at, note=note),
            environment=environment,
            risk=risk,
            revision=None,
            id=an_id(),
            new_id=an_id,
        )
    )


async def roll_back(
    ledger: InMemoryLedger,
    reference: DeploymentReference,
    by: Actor | str = "olga",
    *,
    redeploy: bool = True,
    at: datetime = NOON,
    note: str = "It lost orders.",
) -> Deployment:
    """Roll back a deployment and, by default, redeploy the previous version."""
    return await ledger.perform(
        partial(
            rollback.roll_back_deployment,
            reference=reference,
            command=a_command(by, at=at, note=note),
            revision=None,
            new_id=an_id,
            redeploy=redeploy,
        )
    )


async def override(
    ledger: InMemoryLedger,
    reference: DeploymentReference,
    gate: GateKind,
    by: Actor | str = "eve",
    *,
    at: datetime = NOON,
    reason: str | None = REASON,
) -> Deployment:
    """Override a gate."""
    return await ledger.perform(
        partial(
            overrides_and_break_glass.override_gate,
            reference=reference,
            command=a_command(by, at=at, note=reason),
            gate=gate,
            revision=None,
            new_id=an_id,
        )
    )


async def close_after_review(
    ledger: InMemoryLedger,
    reference: DeploymentReference,
    by: Actor | str = "quinn",
    *,
    verdict: Verdict = Verdict.JUSTIFIED,
    note: str | None = "There was no other way.",
    at: datetime = NOON,
) -> Deployment:
    """Close an after-review."""
    return await ledger.perform(
        partial(
            overrides_and_break_glass.close_after_review,
            reference=reference,
            command=a_command(by, at=at, note=note),
            verdict=verdict,
            revision=None,
            new_id=an_id,
        )
    )


async def unblock_version(
    ledger: InMemoryLedger,
    version: str = "1.0.0",
    *,
    by: Actor | str = "olga",
    reason: str | None = "Mended.",
    service: str = "shop",
    environment: str = "production",
) -> VersionBlock:
    """Unblock a version."""
    command = a_command(by, note=reason)
    return await ledger.perform(
        lambda uow: restrictions.unblock_version(
            uow, service, version, command, environment=environment, new_id=an_id
        )
    )


async def release_hold(
    ledger: InMemoryLedger,
    *,
    by: Actor | str = "olga",
    reason: str | None = "All is well.",
    service: str = "shop",
    environment: str = "production",
) -> AutoPromotionHold:
    """Release a promotion hold."""
    command = a_command(by, note=reason)
    return await ledger.perform(
        lambda uow: restrictions.release_hold(uow, service, environment, command, new_id=an_id)
    )


async def get_hold(
    ledger: InMemoryLedger, environment: str = "production"
) -> AutoPromotionHold | None:
    """Return the promotion hold of the shop in an environment, or None."""
    return await ledger.read_snapshot(lambda uow: uow.restrictions.find_hold("shop", environment))


async def get_block(
    ledger: InMemoryLedger, version: str, environment: str = "production"
) -> VersionBlock | None:
    """Return the block of a version of the shop in an environment, or None."""
    return await ledger.read_snapshot(
        lambda uow: uow.restrictions.find_block("shop", environment, version)
    )


async def advance_to(ledger: InMemoryLedger, at: datetime) -> None:
    """Advance the clock to an instant, perform the work that is due, and start what can start."""
    await ledger.perform(partial(perform_due_work, at=at, new_id=an_id))
    await ledger.perform(partial(auto_start_waiting_in_all_lanes, at=at, new_id=an_id))


async def is_anything_due(ledger: InMemoryLedger, at: datetime) -> bool:
    """Return whether anything is due or can start at an instant."""

    def find(uow: UnitOfWork) -> bool:
        candidates = find_auto_start_candidates(uow, at=at)
        startable = select_startable(uow, candidates, at=at, new_id=an_id)
        return has_due_work(uow, at=at) or bool(startable)

    return await ledger.read_snapshot(find)


async def set_policy(ledger: InMemoryLedger, environment: str, policy: Policy) -> None:
    """Activate another policy."""
    command = a_command("owner")
    await ledger.perform(
        partial(
            change_policy, environment=environment, policy=policy, command=command, expected=None
        )
    )


async def archive(ledger: InMemoryLedger, subject: str) -> None:
    """Archive the service shop, or the environment production."""
    command = a_command("owner")
    if subject == "service":
        change: Any = partial(change_service, name="shop", change=ServiceChange(archived=True))
    else:
        change = partial(
            change_environment, name="production", change=EnvironmentChange(archived=True)
        )
    await ledger.perform(partial(change, command=command, revision=None))


async def get_gate(
    ledger: InMemoryLedger, reference: DeploymentReference, kind: GateKind, *, at: datetime = NOON
) -> Gate:
    """Return one gate of a deployment as of an instant."""

    def find_gate(uow: Any) -> Gate:
        deployment, policy = load_deployment(uow, reference, None)
        gates = evaluate_gates(deployment, policy, load_gate_context(uow, deployment, policy, at))
        return next(gate for gate in gates if gate.kind is kind)

    return await ledger.read_snapshot(find_gate)


async def all_deployments(ledger: InMemoryLedger) -> list[Deployment]:
    """Return every deployment, oldest first."""
    count = await ledger.read_snapshot(lambda uow: uow.deployments.next_number() - 1)
    return [await ledger.deployment(number) for number in range(1, count + 1)]


async def last_event(ledger: InMemoryLedger) -> Event:
    """Return the latest event of the ledger."""
    (*_, last) = await all_entries(ledger)
    return last.event


async def expect_refusal(ledger: InMemoryLedger, action: Any) -> Refusal:
    """Check that an action is refused and stores only its audit event, and return the refusal."""
    before, entries_before = await all_deployments(ledger), await all_entries(ledger)
    with pytest.raises(Refusal) as refused:
        await action
    new = [entry.event for entry in (await all_entries(ledger))[len(entries_before) :]]
    assert new == ([] if refused.value.audit_event is None else [refused.value.audit_event])
    assert await all_deployments(ledger) == before
    return refused.value
