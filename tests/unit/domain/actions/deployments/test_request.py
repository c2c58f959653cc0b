"""Requesting a deployment, and its immediate effects."""

from dataclasses import replace
from typing import Any

import pytest

from gatepost_domain.actions.catalog.policies import change_policy
from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentRequest
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_request,
    a_stage,
    a_version,
    an_event,
    create_catalog,
)
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.memory.ledger import InMemoryLedger

FIELDS = sorted(set(DeploymentRequest.__dataclass_fields__) - {"auto_start"})


async def a_ledger(policy: Policy = QA_THEN_DEVOPS) -> InMemoryLedger:
    """Return a ledger with two services and a production environment with this policy."""
    ledger = InMemoryLedger()
    await create_catalog(
        ledger, services=["shop", "portal"], policies={"production": (Tier.PRODUCTION, policy)}
    )
    return ledger


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"service": "nowhere"}, "service", "unknown_service"),
        ({"environment": "nowhere"}, "environment", "unknown_environment"),
        ({"version": "9.9.9"}, "version", "version_not_of_service"),
        ({"risk": None}, "risk", "risk_required"),
        ({"rollback_plan": " "}, "rollback_plan", "rollback_plan_required"),
        ({"work_references": ()}, "work_references", "work_references_required"),
    ],
)
async def test_invalid_request_stores_nothing(
    changes: dict[str, Any], field: str, code: str
) -> None:
    """The refusal names the field, and no deployment or event is stored."""
    ledger = await a_ledger()
    entries = await all_entries(ledger)

    with pytest.raises(ValidationFailed) as refusal:
        await request_deployment(ledger, **changes)

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [(field, code)]
    assert await all_entries(ledger) == entries


async def test_version_of_another_service_is_refused() -> None:
    """A version that belongs to another service cannot be requested."""
    ledger = await a_ledger()
    other = a_version("2.0.0", service="portal")
    await ledger.perform(lambda uow: uow.services.add_version(other, an_event()))

    with pytest.raises(ValidationFailed, match=r"Version 2\.0\.0 does not belong to service shop"):
        await request_deployment(ledger, version="2.0.0")


async def test_request_is_numbered_and_waits_for_approval() -> None:
    """All deployments are numbered from 1, and each request is one event."""
    ledger = await a_ledger()

    first, second = (
        await request_deployment(ledger),
        await request_deployment(ledger, service="portal"),
    )

    assert (first.number, second.number) == (1, 2)
    assert (first.status, first.revision) == (Status.PENDING_APPROVAL, 1)
    assert [entry.event.kind for entry in (await all_entries(ledger))[-2:]] == [
        EventKind.REQUESTED
    ] * 2


async def test_request_takes_the_artifact_digest_of_its_version() -> None:
    """The deployment has the artifact digest that was registered with the version."""
    ledger = await a_ledger()
    built = a_version("2.0.0", artifact_digest="sha256:abc")
    await ledger.perform(lambda uow: uow.services.add_version(built, an_event()))

    deployment = await request_deployment(ledger, version="2.0.0")

    assert deployment.artifact_digest == "sha256:abc"


async def test_request_without_stages_is_approved_by_the_system() -> None:
    """The request and the approval by policy are two separate events."""
    ledger = await a_ledger(a_policy())

    deployment = await request_deployment(ledger)

    assert (deployment.status, deployment.revision) == (Status.APPROVED, 2)
    requested, approved = (entry.event for entry in (await all_entries(ledger))[-2:])
    assert (requested.kind, requested.actor) == (EventKind.REQUESTED, "ada")
    assert (approved.kind, approved.actor) == (EventKind.APPROVED, "system")


@pytest.mark.parametrize(
    ("execution", "status"),
    [(ExecutionMode.OPERATOR, Status.STARTED), (ExecutionMode.WORKER, Status.QUEUED)],
)
async def test_automatic_start_follows_the_approval(
    execution: ExecutionMode, status: Status
) -> None:
    """The system starts or queues the deployment in a separate event."""
    ledger = await a_ledger(a_policy(execution=execution, auto_start=True))

    deployment = await request_deployment(ledger)

    assert (deployment.status, deployment.revision) == (status, 3)
    (*_, last) = await all_entries(ledger)
    assert (last.event.kind, last.event.actor) == (EventKind(status), "system")


async def test_last_approval_starts_a_deployment_with_automatic_start() -> None:
    """The deployment starts without any action by an operator."""
    ledger = await a_ledger(a_policy(a_stage("qa")))
    deployment = await request_deployment(ledger, auto_start=True)

    started = await perform_action(ledger, Action.APPROVE, deployment.id, "quinn")

    assert (started.status, started.revision) == (Status.STARTED, 3)


async def test_automatic_start_waits_while_the_lane_is_busy() -> None:
    """The deployment stays approved, and the approval is not refused."""
    ledger = await a_ledger(a_policy(auto_start=True))
    await request_deployment(ledger)

    waiting = await request_deployment(ledger)

    assert (waiting.status, waiting.revision) == (Status.APPROVED, 2)


async def test_policy_at_creation_applies_to_the_deployment() -> None:
    """A later policy does not change an open request."""
    ledger = await a_ledger(a_policy(a_stage("qa")))
    before = await request_deployment(ledger)
    await put_in_force(ledger, a_policy())
    after = await request_deployment(ledger)

    approved = await perform_action(ledger, Action.APPROVE, before.id, "quinn")

    assert (before.status, before.policy_version) == (Status.PENDING_APPROVAL, 1)
    assert (after.status, after.policy_version) == (Status.APPROVED, 2)
    assert (approved.status, approved.policy_version) == (Status.APPROVED, 1)


async def test_request_is_stored_unchanged() -> None:
    """Every field is stored as given."""
    ledger = await a_ledger()
    request = a_request(notes="For the sale.", work_references=("SHOP-1", "https://git.example/7"))

    deployment = await request_deployment(
        ledger, **{name: getattr(request, name) for name in FIELDS}
    )

    assert {name: getattr(deployment, name) for name in FIELDS} == {
        name: getattr(request, name) for name in FIELDS
    }


async def put_in_force(ledger: InMemoryLedger, policy: Policy) -> None:
    await ledger.perform(
        lambda uow: change_policy(uow, "production", policy, a_command("owner"), expected=None)
    )


async def test_redeploying_a_version_needs_new_approvals() -> None:
    """An approval applies to one deployment, not to the version."""
    ledger = await a_ledger()
    first = await request_deployment(ledger)
    for reviewer in ("quinn", "dora"):
        await perform_action(ledger, Action.APPROVE, first.id, reviewer)
    await perform_action(ledger, Action.START, first.id)
    await perform_action(ledger, Action.SUCCEED, first.id)

    again = await request_deployment(ledger)
    with pytest.raises(TransitionRefused):
        await perform_action(ledger, Action.START, again.id)
    half = await perform_action(ledger, Action.APPROVE, again.id, "quinn")

    assert (again.status, again.approvals) == (Status.PENDING_APPROVAL, ())
    assert (half.status, len(half.approvals)) == (Status.PENDING_APPROVAL, 1)
    assert len((await ledger.deployment(first.id)).approvals) == 2


async def test_changed_policy_applies_to_new_requests_only() -> None:
    """The gates, expiry and lane mode of open requests do not change."""
    ledger = await a_ledger()
    before = await request_deployment(ledger)
    stricter = replace(
        QA_THEN_DEVOPS,
        requires=("test",),
        soak_s=60,
        approval_expires_s=60,
        execution=ExecutionMode.WORKER,
        auto_start=True,
    )
    policies = {"test": (Tier.TEST, a_policy())}
    await create_catalog(ledger, services=(), versions=(), policies=policies)
    await put_in_force(ledger, stricter)
    after = await request_deployment(ledger)
    for deployment in (before, after):
        for reviewer in ("quinn", "dora"):
            await perform_action(ledger, Action.APPROVE, deployment.id, reviewer)

    started = await perform_action(ledger, Action.START, before.id)

    assert (started.status, started.policy_version) == (Status.STARTED, 1)
    assert (started.expires_at, before.expires_at) == (None, None)
    assert after.expires_at is not None
    assert (await ledger.deployment(after.id)).status is Status.QUEUED
    with pytest.raises(GateNotOpen) as refusal:
        await perform_action(ledger, Action.CLAIM, after.id, "worker:one")
    assert refusal.value.code == "upstream_missing"
