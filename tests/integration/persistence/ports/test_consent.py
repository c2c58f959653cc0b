"""What every ledger finds when consent ends, and the versions of targets that it keeps."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.actions.access.users import add_user, change_user
from gatepost_domain.catalog.executors import SimulatedExecutor
from gatepost_domain.catalog.policy import ApprovalRule, ExecutionMode
from gatepost_domain.catalog.target import Target
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_stage,
    a_user,
    create_catalog,
)
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.claims import claim_task
from tests.support.domain.consent import replace_target
from tests.support.storage.ledgers import AnyLedger


def get_version(uow: UnitOfWork, version: int) -> Target:
    return uow.target_settings.get_version("shop", "farm", version, set_at=NOON)


def list_versions(uow: UnitOfWork, environment: str, **options: Any) -> tuple[Target, ...]:
    versions = uow.target_settings.list_versions("shop", environment, **options)
    assert all(target.environment == environment for target in versions)
    return versions


NAMES = ("quinn", 'o"hara', "50%", "a_b", "back\\slash", "zoë", "quin")
PAIR = a_policy(a_stage("review", ApprovalRule(required=9)), auto_start=True)
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    policies = {
        "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
        "pair": (Tier.STAGING, PAIR),
        "farm": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER)),
    }
    await create_catalog(ledger, policies=policies)
    return ledger


async def approved_by(ledger: AnyLedger, reviewer: str) -> list[int]:
    found = await ledger.perform(lambda uow: uow.deployments.list_waiting_approved_by(reviewer))
    return [deployment.number for deployment in found]


async def starting_for(ledger: AnyLedger, requester: str) -> list[int]:
    found = await ledger.perform(
        lambda uow: uow.deployments.list_waiting_for_auto_start_of(requester)
    )
    return [deployment.number for deployment in found]


async def disable(ledger: AnyLedger, name: str, *, disabled: bool = True) -> None:
    await ledger.perform(
        partial(
            change_user,
            name=name,
            command=a_command("owner", at=LATER),
            grants=None,
            groups=None,
            disabled=disabled,
            revision=None,
        )
    )


async def add(ledger: AnyLedger, *names: str) -> None:
    for name in names:
        await ledger.perform(partial(add_user, user=a_user(name), command=a_command("owner")))


@pytest.mark.parametrize("reviewer", NAMES)
async def test_waiting_deployments_of_a_reviewer_are_found(
    ledger: AnyLedger, reviewer: str
) -> None:
    """Only those that exactly this reviewer has approved, whatever the name contains."""
    for other in NAMES:
        deployment = await request_deployment(ledger, environment="pair")
        await perform_action(ledger, Action.APPROVE, deployment.id, other)

    assert await approved_by(ledger, reviewer) == [NAMES.index(reviewer) + 1]
    assert await approved_by(ledger, "nobody") == []


async def test_started_and_ended_deployments_are_not_found(ledger: AnyLedger) -> None:
    """Their approvals are history."""
    started, ended, waiting = [await request_deployment(ledger) for _ in range(3)]
    for deployment in (started, ended, waiting):
        for reviewer in ("quinn", "dora"):
            await perform_action(ledger, Action.APPROVE, deployment.id, reviewer)
    await perform_action(ledger, Action.START, started.id)
    await perform_action(ledger, Action.CANCEL, ended.id)

    assert await approved_by(ledger, "quinn") == [waiting.number]


async def test_waiting_automatic_starts_of_a_requester_are_found(ledger: AnyLedger) -> None:
    """Those of others, and those without automatic start, are not."""
    mine = await request_deployment(ledger, environment="pair")
    await request_deployment(ledger, environment="pair", requester="bo")
    await request_deployment(ledger)

    assert await starting_for(ledger, "ada") == [mine.number]


async def test_disabling_a_user_ends_their_consent(ledger: AnyLedger) -> None:
    """In one transaction, and only once; enabling the user brings nothing back."""
    await add(ledger, "quinn", "dora")
    deployment = await request_deployment(ledger)
    for reviewer in ("quinn", "dora"):
        await perform_action(ledger, Action.APPROVE, deployment.id, reviewer)

    await disable(ledger, "quinn")
    await disable(ledger, "quinn")
    await disable(ledger, "quinn", disabled=False)

    after = await ledger.reads.deployment(deployment.id)
    assert after.status is Status.PENDING_APPROVAL
    assert [given.actor for given in after.approvals] == ["dora"]
    kinds = [entry.event.kind for entry in await all_entries(ledger.reads)]
    assert kinds.count(EventKind.APPROVAL_VOIDED) == 1
    assert await approved_by(ledger, "quinn") == []


async def test_disabling_a_requester_cancels_automatic_starts(ledger: AnyLedger) -> None:
    """The deployment keeps waiting for its reviewers, and does not start by itself later."""
    await add(ledger, "ada")
    deployment = await request_deployment(ledger, environment="pair")

    await disable(ledger, "ada")

    after = await ledger.reads.deployment(deployment.id)
    assert (after.status, after.auto_start) == (Status.PENDING_APPROVAL, False)
    assert await starting_for(ledger, "ada") == []


async def test_every_version_of_a_target_is_kept(ledger: AnyLedger) -> None:
    """Also of two targets that were set at the same instant."""
    for version in (1, 2, 3):
        for environment in ("farm", "pair"):
            await replace_target(ledger, environment, duration_s=10 * version, at=NOON)

    for version in (1, 2, 3):
        target = await ledger.perform(partial(get_version, version=version))
        assert (target.environment, target.revision) == ("farm", version)
        assert target.settings.executor == SimulatedExecutor(duration_s=10 * version)
        assert (target.changed_at, target.changed_by) == (NOON, "olga")


async def test_versions_of_a_target_are_listed_newest_first(ledger: AnyLedger) -> None:
    """Those of other targets are left out, also if they were set at the same instant."""
    for version in (1, 2, 3):
        for environment in ("farm", "pair"):
            await replace_target(ledger, environment, duration_s=10 * version, at=NOON)

    async def revisions(environment: str, **options: Any) -> list[int]:
        listing = partial(list_versions, environment=environment, **options)
        return [target.revision for target in await ledger.perform(listing)]

    assert await revisions("farm", limit=9) == [3, 2, 1]
    assert await revisions("farm", limit=2) == [3, 2]
    assert await revisions("farm", limit=2, before=2) == [1]
    assert await revisions("production", limit=9) == []


async def test_worker_gets_the_version_of_the_request(ledger: AnyLedger) -> None:
    """It is read from the event log if there is a newer one."""
    first = await replace_target(ledger, "farm", duration_s=10)
    deployment: Deployment = await request_deployment(ledger, environment="farm")
    await perform_action(ledger, Action.START, deployment.id)
    await replace_target(ledger, "farm", duration_s=20, at=LATER)

    task = await claim_task(ledger, "one", at=LATER)

    assert task.settings == first.settings
    assert (task.deployment.target_version, task.deployment.target_set_at) == (1, NOON)
