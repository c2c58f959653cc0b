"""Every ledger hands answers to jobs out to one worker at a time, until GitHub accepts them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.ingest.github_protection_answer_claims import (
    claim_next_answer,
    has_claimable_answer,
)
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.github_protection_answer import (
    RETRY_DELAYS,
    AnswerAttempt,
    AnswerClaimLost,
    AnswerState,
)
from tests.support.builders import (
    NOON,
    a_command,
    an_actor,
    an_id,
    create_catalog,
)
from tests.support.domain.ingest import replay, set_up
from tests.support.domain.ingest_jobs import (
    MINUTE,
    POLICIES,
    SHOP,
    TEXTS,
    claim,
    finish,
    receive_job,
)
from tests.support.storage.ledgers import AnyLedger


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with a source that answers jobs."""
    await create_catalog(ledger, services=["shop"], versions=["v1.4.2"], policies=POLICIES)
    await set_up(ledger, service_map=SHOP, requests=TEXTS)
    return ledger


async def test_attempts_are_repeated_until_github_accepts(ledger: AnyLedger) -> None:
    """After the lease of a lost worker, another one sends the answer again."""
    await receive_job(ledger, "open")
    first = await claim(ledger)
    assert first is not None
    assert await claim(ledger) is None
    second = await claim(ledger, at=NOON + 3 * MINUTE)
    assert second is not None
    with pytest.raises(AnswerClaimLost):
        await finish(ledger, first)

    at = NOON + 4 * MINUTE
    unavailable = AnswerAttempt(at=at, status=503, detail="GitHub responded with 503.")
    waiting = await finish(ledger, second, unavailable)

    assert (waiting.state, waiting.due_at) == (AnswerState.WAITING, at + RETRY_DELAYS[0])


@pytest.mark.parametrize("status", [410, 422])
async def test_job_that_no_longer_waits_ends_the_attempts(ledger: AnyLedger, status: int) -> None:
    """A replay of the delivery sends the answer again."""
    delivery = await receive_job(ledger, "open")
    task = await claim(ledger)
    assert task is not None
    gone = AnswerAttempt(at=NOON + MINUTE, status=status, detail="It is gone.")
    failed = await finish(ledger, task, gone)
    assert failed.state is AnswerState.FAILED
    with pytest.raises(AnswerClaimLost):
        await finish(ledger, task, gone)

    replayed = await replay(ledger, delivery.id, at=NOON + 2 * MINUTE)

    assert replayed.state is IngestState.APPLIED
    assert replayed.replayed_by == "root"
    again = await claim(ledger, at=NOON + 2 * MINUTE)
    assert again is not None
    assert await replay(ledger, delivery.id, at=NOON + 3 * MINUTE) == replayed


async def test_attempts_end_and_respect_the_pause(ledger: AnyLedger) -> None:
    """After the last delay, or as late as GitHub asks."""
    await receive_job(ledger, "open")
    at, hour = NOON + MINUTE, timedelta(hours=1)
    for _ in RETRY_DELAYS:
        task = await claim(ledger, at=at)
        assert task is not None
        silent = AnswerAttempt(at=at, status=None, detail="No answer.")
        at = (await finish(ledger, task, silent, retry_after=30 * hour)).due_at
    task = await claim(ledger, at=at)
    assert task is not None

    last = await finish(ledger, task, AnswerAttempt(at=at, status=None, detail="No answer."))

    assert last.state is AnswerState.FAILED
    assert last.attempts == len(RETRY_DELAYS) + 1
    assert at == NOON + MINUTE + len(RETRY_DELAYS) * 24 * hour


async def test_only_workers_for_everything_answer(ledger: AnyLedger) -> None:
    """Others get nothing, and may not report."""
    await receive_job(ledger, "open")
    operator = a_command(an_actor("olga", roles=[Role.OPERATOR]))
    limited = an_actor("worker", grants=[Grant(role=Role.WORKER, service="shop")])
    command = a_command(limited, at=NOON)

    assert not await ledger.perform(partial(has_claimable_answer, command=command))
    assert (
        await ledger.perform(partial(claim_next_answer, command=command, worker="berlin-1")) is None
    )
    with pytest.raises(Forbidden):
        await ledger.perform(partial(claim_next_answer, command=operator, worker="berlin-1"))


async def test_answers_are_stored_as_they_are(ledger: AnyLedger) -> None:
    """With everything that a claim and an attempt change."""
    delivery = await receive_job(ledger, "open")
    task = await claim(ledger)
    assert task is not None
    assert await ledger.reads.protection_answers([delivery.id]) == {delivery.id: task.answer}

    sent = await finish(ledger, task)

    assert await ledger.reads.protection_answers([delivery.id]) == {delivery.id: sent}
    assert await ledger.reads.protection_answers([an_id()]) == {}


async def test_decided_deployments_are_answered_in_the_order_of_their_jobs(
    ledger: AnyLedger,
) -> None:
    """Those that wait for approval are passed over."""
    await receive_job(ledger, "staging")
    await receive_job(ledger, "open", number=8, delivery_id="j-2", at=NOON + MINUTE)

    task = await claim(ledger, at=NOON + 2 * MINUTE)

    assert task is not None
    assert task.answer.environment_name == "open"
    assert await claim(ledger, at=NOON + 2 * MINUTE) is None
