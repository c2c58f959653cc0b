"""Waiting GitHub jobs: what is requested for them, what they are told, and how they end."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.due_work import perform_due_work
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.github_protection_answer import (
    AnswerState,
    AnswerVerdict,
)
from gatepost_domain.ingest.source import RequestTexts
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    a_policy,
    a_stage,
    a_user,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.ingest import CALLBACK_URL, deliver, github_status, replay, set_up
from tests.support.domain.ingest_jobs import (
    MINUTE,
    POLICIES,
    SHOP,
    TEXTS,
    approve,
    claim,
    deployment_of,
    finish,
    receive_job,
)
from tests.support.domain.sessions import add
from tests.support.memory.ledger import InMemoryLedger


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with a source that answers jobs."""
    ledger = InMemoryLedger()
    await create_catalog(ledger, services=["shop"], versions=["v1.4.2"], policies=POLICIES)
    await set_up(ledger, service_map=SHOP, requests=TEXTS)
    return ledger


async def kinds_of_events(ledger: InMemoryLedger) -> list[EventKind]:
    """Return the kinds of all events."""
    entries = (await ledger.reads.entries(PageRequest(limit=200))).items
    return [entry.event.kind for entry in entries]


async def test_job_requests_a_deployment_that_starts_automatically(
    ledger: InMemoryLedger,
) -> None:
    """With the texts of the settings, and the person who triggered the workflow."""
    delivery = await receive_job(ledger, "production")

    deployment = await deployment_of(ledger, delivery)
    assert (delivery.state, delivery.reason) == (IngestState.APPLIED, None)
    assert deployment.status is Status.PENDING_APPROVAL
    assert (deployment.version, deployment.requester) == ("v1.4.2", "ingest:github")
    assert (deployment.triggered_by, deployment.auto_start) == ("octo-ada", True)
    assert (deployment.rollback_plan, deployment.risk) == (TEXTS.rollback_plan, TEXTS.risk)
    assert deployment.work_references[0] == "https://github.com/example/shop/pull/12"
    assert (await kinds_of_events(ledger))[-2:] == [
        EventKind.REQUESTED,
        EventKind.INGEST_RECEIVED,
    ]
    answer = (await ledger.reads.protection_answers([delivery.id]))[delivery.id]
    assert (answer.state, answer.callback_url) == (AnswerState.WAITING, CALLBACK_URL)


async def test_job_is_approved_once_the_deployment_starts(ledger: InMemoryLedger) -> None:
    """Not before: the gates are those of every start."""
    deployment = await deployment_of(ledger, await receive_job(ledger))
    assert await claim(ledger) is None

    started = await approve(ledger, deployment)
    task = await claim(ledger)

    assert started.status is Status.STARTED
    assert task is not None
    assert (task.verdict, task.deployment.id) == (AnswerVerdict.APPROVED, deployment.id)
    assert (await finish(ledger, task)).state is AnswerState.SENT
    assert await claim(ledger, at=NOON + timedelta(days=9)) is None


async def test_environment_without_reviewers_answers_at_once(ledger: InMemoryLedger) -> None:
    """If its gates are open."""
    deployment = await deployment_of(ledger, await receive_job(ledger, "open"))
    task = await claim(ledger)

    assert deployment.status is Status.STARTED
    assert task is not None
    assert task.verdict is AnswerVerdict.APPROVED


@pytest.mark.parametrize("action", [Action.REJECT, Action.CANCEL])
async def test_job_is_rejected_if_the_deployment_cannot_start(
    ledger: InMemoryLedger, action: Action
) -> None:
    """And GitHub's report that the job failed changes nothing."""
    deployment = await deployment_of(ledger, await receive_job(ledger))
    by = "quinn" if action is Action.REJECT else "olga"
    await perform_action(ledger, action, deployment.id, by, note="Not today.")

    task = await claim(ledger)
    report = await deliver(ledger, github_status("failure", environment="staging"))

    assert task is not None
    assert task.verdict is AnswerVerdict.REJECTED
    assert report.state is IngestState.IGNORED
    assert "had not started" in (report.reason or "")


async def test_expired_request_rejects_the_job(ledger: InMemoryLedger) -> None:
    """As everything that cancels a request does."""
    policies = {"brief": (Tier.STAGING, a_policy(a_stage("qa"), approval_expires_s=60))}
    await create_catalog(ledger, services=[], versions=[], policies=policies)
    await receive_job(ledger, "brief")
    later = NOON + 2 * MINUTE
    await ledger.perform(partial(perform_due_work, at=later, new_id=an_id))

    task = await claim(ledger, at=later)

    assert task is not None
    assert task.verdict is AnswerVerdict.REJECTED


@pytest.mark.parametrize(
    ("state", "status", "kind"),
    [
        ("success", Status.SUCCEEDED, EventKind.SUCCEEDED),
        ("failure", Status.FAILED, EventKind.FAILED),
        ("error", Status.FAILED, EventKind.FAILED),
    ],
)
async def test_report_of_the_job_ends_the_deployment(
    ledger: InMemoryLedger, state: str, status: Status, kind: EventKind
) -> None:
    """Instead of a record of its own; a second report changes nothing."""
    deployment = await deployment_of(ledger, await receive_job(ledger))
    await approve(ledger, deployment)

    report = await deliver(ledger, github_status(state, environment="staging"))
    repeated = github_status(state, environment="staging", created_at="2026-11-20T09:31:00Z")
    again = await deliver(ledger, repeated, delivery_id="d-2")

    ended = await ledger.reads.deployment(deployment.number)
    assert (report.state, report.deployment_id) == (IngestState.APPLIED, deployment.id)
    assert ended.status is status
    assert kind in await kinds_of_events(ledger)
    assert again.state is IngestState.IGNORED
    assert "has already ended" in (again.reason or "")


async def test_job_that_ran_without_its_start_is_recorded(ledger: InMemoryLedger) -> None:
    """An admin of the repository can bypass protection rules."""
    deployment = await deployment_of(ledger, await receive_job(ledger))

    report = await deliver(ledger, github_status(environment="staging"))

    record = await deployment_of(ledger, report)
    assert record.id != deployment.id
    assert record.status is Status.SUCCEEDED
    assert (await deployment_of(ledger, await receive_job(ledger))).status is (
        Status.PENDING_APPROVAL
    )


async def test_failed_deployment_does_not_approve_its_job(ledger: InMemoryLedger) -> None:
    """Somebody ended it while no worker was there to answer."""
    deployment = await deployment_of(ledger, await receive_job(ledger))
    await approve(ledger, deployment)
    await perform_action(ledger, Action.FAIL, deployment.id, "olga", note="No answer.")

    task = await claim(ledger)

    assert task is not None
    assert task.verdict is AnswerVerdict.REJECTED


async def test_open_request_of_the_version_decides_the_job(ledger: InMemoryLedger) -> None:
    """Somebody requested it before, for example with more references."""
    requested = await request_deployment(ledger, environment="staging", version="v1.4.2")
    delivery = await receive_job(ledger)
    assert delivery.deployment_id == requested.id
    await approve(ledger, requested)
    await perform_action(ledger, Action.START, requested.id, "olga")

    second = await receive_job(ledger, number=8, delivery_id="j-2")

    assert second.deployment_id == requested.id


async def test_repetition_requests_nothing(ledger: InMemoryLedger) -> None:
    """GitHub may send the same job under another delivery id."""
    first = await receive_job(ledger)

    again = await receive_job(ledger, delivery_id="j-2", event="workflow_dispatch")

    assert again.state is IngestState.IGNORED
    assert again.deployment_id == first.deployment_id
    assert "already decides" in (again.reason or "")


async def test_missing_version_is_registered(ledger: InMemoryLedger) -> None:
    """If the settings allow it; a fault leaves nothing half done."""
    refused = await receive_job(ledger, ref="v2.0.0")
    assert "no version v2.0.0" in (refused.reason or "")
    await set_up(ledger, secret=None, service_map=SHOP, requests=TEXTS, create_missing=True)

    replayed = await replay(ledger, refused.id, at=NOON + MINUTE)

    assert replayed.state is IngestState.APPLIED
    assert (await deployment_of(ledger, replayed)).version == "v2.0.0"


@pytest.mark.parametrize(
    ("environment", "requests", "words"),
    [
        ("farm", TEXTS, "Workers roll out to farm"),
        ("production", RequestTexts(rollback_plan="Redeploy."), "risk notes are required"),
        ("moon", TEXTS, "no environment moon"),
    ],
)
async def test_request_that_is_not_possible_is_a_fault(
    ledger: InMemoryLedger, environment: str, requests: RequestTexts, words: str
) -> None:
    """The delivery fails with the cure, and no version is registered for it."""
    settings: dict[str, Any] = {
        "service_map": SHOP,
        "requests": requests,
        "create_missing": True,
    }
    await set_up(ledger, secret=None, **settings)

    delivery = await receive_job(ledger, environment, ref="v3.0.0")

    assert delivery.state is IngestState.FAILED
    assert words in (delivery.reason or "")
    with pytest.raises(NotFound):
        await ledger.reads.version("shop", "v3.0.0")


async def test_environment_can_be_ignored(ledger: InMemoryLedger) -> None:
    """Its jobs are then not answered; another rule has to."""
    settings: dict[str, Any] = {"environment_map": {"pr-*": None}}
    await set_up(ledger, secret=None, service_map=SHOP, requests=TEXTS, **settings)

    assert (await receive_job(ledger, "pr-1")).state is IngestState.IGNORED


async def test_account_needs_the_right_to_request(ledger: InMemoryLedger) -> None:
    """It acts with its own roles."""
    await ledger.perform(lambda uow: add(uow, a_user("ci", kind=UserKind.SERVICE)))
    await set_up(ledger, secret=None, service_map=SHOP, requests=TEXTS, account="ci")

    assert "ci may not request" in ((await receive_job(ledger)).reason or "")
