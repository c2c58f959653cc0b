"""Claiming, renewing and finishing check runs."""

from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.check_runs.claims import MAX_LOST, has_claimable_check_run
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.check_runs.check_run import WAITING_LIMIT, CheckRunState, CheckState
from gatepost_domain.check_runs.errors import CheckRunClaimLost
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.errors import NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, a_command, a_policy, an_actor, an_id
from tests.support.domain.actions import all_entries
from tests.support.domain.check_runs import (
    CHECKS,
    a_check,
    a_result,
    claim_checks,
    finish_checks,
    put_checks,
    renew_checks,
    request_checks,
    require_claimed,
)
from tests.support.domain.claims import WORKER_ACCOUNT, claim_task, finish
from tests.support.domain.promotion import last_event
from tests.support.domain.worker_environments import (
    SECOND,
    queue_deployment,
    worker_ledger,
    worker_with_grants,
)
from tests.support.memory.ledger import InMemoryLedger


async def ledger_with_request() -> InMemoryLedger:
    """Create a ledger with a check run that waits for a worker."""
    ledger = await worker_ledger(
        a_policy(outgoing_allow=("shop.example",)), farm=a_policy(outgoing_allow=("10.0.0.0/8",))
    )
    await put_checks(ledger)
    await request_checks(ledger)
    return ledger


async def test_worker_receives_the_checks_and_where_they_may_connect() -> None:
    """The event has the worker and the attempt; no deployment changes."""
    ledger = await ledger_with_request()

    task = await require_claimed(ledger)

    assert task.settings.checks == CHECKS
    assert task.outgoing_allow == ("shop.example",)
    assert (task.run.state, task.run.attempt, task.run.worker) == ("running", 1, "berlin-1")
    assert await ledger.check_run(task.run.id) == task.run
    event = await last_event(ledger)
    assert (event.kind, event.actor) == (EventKind.CHECK_RUN_CLAIMED, "worker:berlin-1")
    assert event.data["attempt"] == 1


async def test_run_names_the_version_that_was_live() -> None:
    """It is the version that the checks have tested, unless another is deployed meanwhile."""
    ledger = await worker_ledger()
    await put_checks(ledger)
    await queue_deployment(ledger)
    await finish(ledger, (await claim_task(ledger)).claim)
    await request_checks(ledger)

    assert (await require_claimed(ledger)).run.version == "1.0.0"


async def test_checks_are_those_of_the_request() -> None:
    """Settings that change while the run waits apply to the next one."""
    ledger = await ledger_with_request()
    await put_checks(ledger, a_check("other"), at=NOON + SECOND)

    task = await require_claimed(ledger, at=NOON + 2 * SECOND)

    assert task.settings.checks == CHECKS
    assert task.run.target_version == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.WORKER}))
async def test_claiming_requires_the_worker_role(role: Role) -> None:
    """Nobody else receives the checks."""
    ledger = await ledger_with_request()

    with pytest.raises(Forbidden):
        await claim_checks(ledger, by=an_actor("mo", roles=[role]))


async def test_worker_receives_only_checks_of_its_environments() -> None:
    """A worker of another environment has no access to this one."""
    ledger = await ledger_with_request()
    elsewhere = worker_with_grants(Grant(role=Role.WORKER, environment="farm"))
    action = partial(has_claimable_check_run, command=a_command(elsewhere))

    assert await claim_checks(ledger, by=elsewhere) is None
    assert not await ledger.read_snapshot(action)


async def test_running_checks_are_not_claimed_again() -> None:
    """Only one worker runs them at a time."""
    ledger = await ledger_with_request()
    await require_claimed(ledger)

    assert await claim_checks(ledger, "berlin-2", at=NOON + DEFAULT_LEASE - SECOND) is None


async def test_another_worker_takes_over_when_the_lease_has_expired() -> None:
    """The first worker then reports nothing, however late it returns."""
    ledger = await ledger_with_request()
    first = await require_claimed(ledger)
    later = NOON + DEFAULT_LEASE

    second = await require_claimed(ledger, "berlin-2", at=later)
    entries = await all_entries(ledger)
    for attempt in (
        renew_checks(ledger, first.run, at=later),
        finish_checks(ledger, first.run, a_result("health"), at=later),
    ):
        with pytest.raises(CheckRunClaimLost, match="berlin-2 holds it now"):
            await attempt

    assert second.run.attempt == 2
    assert await ledger.check_run(second.run.id) == second.run
    assert await all_entries(ledger) == entries


async def test_renewed_lease_keeps_other_workers_away() -> None:
    """Renewing is not recorded as an event."""
    ledger = await ledger_with_request()
    task = await require_claimed(ledger)
    entries = await all_entries(ledger)

    renewed = await renew_checks(ledger, task.run, at=NOON + 10 * SECOND)

    assert renewed.leased_until == NOON + 10 * SECOND + DEFAULT_LEASE
    assert await claim_checks(ledger, "berlin-2", at=NOON + DEFAULT_LEASE) is None
    assert await all_entries(ledger) == entries


async def test_results_end_the_run() -> None:
    """The event has the outcome and the result of each check."""
    ledger = await ledger_with_request()
    task = await require_claimed(ledger)

    finished = await finish_checks(
        ledger, task.run, a_result("health"), a_result("cart", CheckState.FAILED), at=NOON + SECOND
    )

    assert (finished.state, finished.outcome) == (CheckRunState.FINISHED, CheckState.FAILED)
    assert finished.ended_at == NOON + SECOND
    assert await ledger.check_run(finished.id) == finished
    event = await last_event(ledger)
    assert (event.kind, event.actor) == (EventKind.CHECK_RUN_FINISHED, "worker:berlin-1")
    assert event.data["outcome"] == "failed"
    assert event.data["results"] == {"health": "passed", "cart": "failed", "speed": "skipped"}


async def test_finished_run_accepts_no_second_report() -> None:
    """The results never change."""
    ledger = await ledger_with_request()
    task = await require_claimed(ledger)
    finished = await finish_checks(ledger, task.run, a_result("health"))

    with pytest.raises(CheckRunClaimLost, match="it is finished"):
        await finish_checks(ledger, task.run)
    assert await ledger.check_run(finished.id) == finished


async def test_reports_require_the_worker_role_and_a_known_run() -> None:
    """A run of another environment cannot be finished by a worker that may not work there."""
    ledger = await ledger_with_request()
    run = (await require_claimed(ledger)).run
    elsewhere = worker_with_grants(Grant(role=Role.WORKER, environment="farm"))

    with pytest.raises(Forbidden):
        await finish_checks(ledger, run, by=elsewhere)
    with pytest.raises(ValidationFailed):
        await finish_checks(ledger, run, a_result("other"))
    with pytest.raises(NotFound, match="There is no check run"):
        await ledger.check_run(an_id())


async def test_run_that_no_worker_takes_is_lost() -> None:
    """The system ends it, so that the checks can be requested again."""
    ledger = await ledger_with_request()
    at = NOON + WAITING_LIMIT
    due = partial(has_due_work, at=at)
    assert await ledger.read_snapshot(due)

    await ledger.perform(partial(perform_due_work, at=at, new_id=an_id))

    event = await last_event(ledger)
    assert (event.kind, event.actor) == (EventKind.CHECK_RUN_LOST, "system")
    assert "No worker took the checks in time." in (event.note or "")
    assert not await ledger.read_snapshot(due)
    assert (await request_checks(ledger, at=at)).state is CheckRunState.QUEUED


async def test_run_past_its_deadline_is_not_claimed() -> None:
    """A run ends although each of its workers is lost."""
    ledger = await ledger_with_request()
    task = await require_claimed(ledger)
    at = task.run.deadline_at

    assert await claim_checks(ledger, "berlin-2", at=at) is None
    await ledger.perform(partial(perform_due_work, at=at, new_id=an_id))
    lost = await ledger.check_run(task.run.id)
    assert (lost.state, lost.ended_at) == (CheckRunState.LOST, at)
    with pytest.raises(CheckRunClaimLost, match="it is lost"):
        await finish_checks(ledger, task.run, at=at)


async def test_only_some_runs_end_in_one_transaction() -> None:
    """A long list of lost runs does not delay other writes."""
    environments = {f"e{number}": a_policy() for number in range(MAX_LOST + 1)}
    ledger = await worker_ledger(**environments)
    runs = []
    for name in environments:
        await put_checks(ledger, target=f"shop {name}")
        runs.append(await request_checks(ledger, f"shop {name}"))
    at = NOON + WAITING_LIMIT + timedelta(minutes=1)

    await ledger.perform(partial(perform_due_work, at=at, new_id=an_id))

    states = [(await ledger.check_run(run.id)).state for run in runs]
    assert states.count(CheckRunState.LOST) == MAX_LOST


async def test_claims_show_that_the_worker_works() -> None:
    """The worker is in the list of workers while it runs checks."""
    ledger = await ledger_with_request()
    task = await require_claimed(ledger, by=WORKER_ACCOUNT)

    await renew_checks(ledger, task.run)

    (overview,) = await ledger.workers()
    assert overview.worker.name == "berlin-1"
