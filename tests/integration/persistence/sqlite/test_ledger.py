"""The ledger in one SQLite file, with concurrent writers."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from gatepost_domain.catalog.policy import ApprovalRule
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Refusal
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import (
    a_command,
    a_policy,
    a_service,
    a_stage,
    an_event,
    create_catalog,
)
from tests.support.domain.actions import (
    all_entries,
    bind_action,
    perform_action,
    request_deployment,
)
from tests.support.domain.event_chain import find_chain_fault
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_log_faults, read_events_of_file

COUNT = "SELECT count(*) FROM deployments"
ROUNDS = 10
ANY_REVIEWER = {"test": (Tier.TEST, a_policy(a_stage("review", ApprovalRule())))}


async def test_duplicate_that_bypasses_the_checks_is_an_integrity_error(
    sqlite: SqliteLedger, path: Path
) -> None:
    """The database enforces uniqueness, and other actions of the same commit succeed."""
    await create_catalog(sqlite)
    first, second = await request_deployment(sqlite), await request_deployment(sqlite)

    def bypass(uow: UnitOfWork) -> None:
        uow.deployments.add(first, an_event(deployment_id=first.id))

    outcomes = await asyncio.gather(
        perform_action(sqlite, Action.APPROVE, first.id, "quinn"),
        sqlite.perform(bypass),
        perform_action(sqlite, Action.APPROVE, second.id, "quinn"),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [Deployment, IntegrityError, Deployment]
    assert find_log_faults(path) == []


async def test_result_is_in_the_file_when_it_is_returned(sqlite: SqliteLedger, path: Path) -> None:
    """Another program can read the result from the file immediately."""
    await create_catalog(sqlite)

    deployment = await request_deployment(sqlite)

    assert query_sqlite(path, "SELECT id, status, revision FROM deployments") == [
        (str(deployment.id), "pending_approval", 1)
    ]
    assert query_sqlite(
        path, "SELECT deployment_id FROM deployment_events ORDER BY seq DESC LIMIT 1"
    ) == [(str(deployment.id),)]


async def test_reopened_ledger_has_the_same_content(path: Path) -> None:
    """State, events, catalog and policies are unchanged, and the event chain continues."""
    before = await SqliteLedger.open(path)
    await create_catalog(before)
    deployment = await request_deployment(before)
    entries = await all_entries(before.reads)
    policy = await before.reads.policy("production", 1)
    await before.close()

    after = await SqliteLedger.open(path)
    content = (
        await after.reads.deployment(deployment.id),
        await all_entries(after.reads),
        await after.reads.policy("production", 1),
        [service.name for service in (await after.reads.services(PageRequest(limit=9))).items],
    )
    await perform_action(after, Action.APPROVE, deployment.id, "quinn")
    await after.close()

    assert content == (deployment, entries, policy, ["shop"])
    assert find_log_faults(path) == []
    assert [entry.seq for entry in read_events_of_file(path)] == list(range(1, len(entries) + 2))


async def test_missing_file_is_created(tmp_path: Path) -> None:
    """The file and its folder are created, and a second opening finds the file up to date."""
    path = tmp_path / "new" / "folder" / "gatepost.db"

    for _ in range(2):
        ledger = await SqliteLedger.open(path)
        assert (await ledger.reads.services(PageRequest(limit=1))).items == ()
        await ledger.close()

    assert path.exists()


async def test_closing_waits_for_submitted_actions(path: Path) -> None:
    """Every action submitted before closing is completed and stored."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    tasks = [asyncio.create_task(request_deployment(ledger)) for _ in range(100)]
    await asyncio.sleep(0)

    await ledger.close()

    numbers = [(await task).number for task in tasks]
    assert numbers == list(range(1, 101))
    assert query_sqlite(path, COUNT) == [(100,)]


async def test_event_log_of_a_file_is_read_completely(sqlite: SqliteLedger, path: Path) -> None:
    """All events are read, even if the log is longer than one batch."""

    def add_services(uow: UnitOfWork) -> None:
        for number in range(1001):
            uow.services.add(a_service(f"s{number}"), an_event())

    await sqlite.perform(add_services)

    entries = read_events_of_file(path)
    assert [entry.seq for entry in entries] == list(range(1, 1002))
    assert find_chain_fault(entries) is None


async def test_thirty_two_concurrent_writers_leave_no_gap(sqlite: SqliteLedger, path: Path) -> None:
    """Every action succeeds with its event, and all events form one chain."""
    await create_catalog(sqlite, services=[f"s{number}" for number in range(32)])
    before = len(await all_entries(sqlite.reads))

    async def write(number: int) -> None:
        for _ in range(ROUNDS):
            deployment = await request_deployment(sqlite, service=f"s{number}")
            for action in (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED):
                await perform_action(sqlite, action, deployment.id, f"person-{deployment.revision}")
                deployment = await sqlite.reads.deployment(deployment.id)

    await asyncio.gather(*(write(number) for number in range(32)))

    entries = read_events_of_file(path)
    assert len(entries) == before + 32 * ROUNDS * 5
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert find_chain_fault(entries) is None
    assert Counter(query_sqlite(path, "SELECT status, revision FROM deployments")) == {
        ("succeeded", 5): 32 * ROUNDS
    }


@pytest.mark.parametrize("action", [Action.APPROVE, Action.START])
async def test_one_of_ten_concurrent_actions_succeeds(
    sqlite: SqliteLedger, path: Path, action: Action
) -> None:
    """Each of fifty rounds has one success, nine refusals and one event."""
    await create_catalog(
        sqlite, services=[f"s{number}" for number in range(50)], policies=ANY_REVIEWER
    )
    deployments = await asyncio.gather(
        *(
            request_deployment(sqlite, service=f"s{number}", environment="test")
            for number in range(50)
        )
    )
    if action is Action.START:
        for deployment in deployments:
            await perform_action(sqlite, Action.APPROVE, deployment.id, "quinn")
    before = len(await all_entries(sqlite.reads))

    for deployment in deployments:
        outcomes = await asyncio.gather(
            *(
                perform_action(sqlite, action, deployment.id, f"person-{number}")
                for number in range(10)
            ),
            return_exceptions=True,
        )
        succeeded = [outcome for outcome in outcomes if isinstance(outcome, Deployment)]
        refusals = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert (len(succeeded), refusals) == (1, ["transition_refused"] * 9)

    entries = read_events_of_file(path)
    assert len(entries) == before + 50
    assert len({entry.event.deployment_id for entry in entries[before:]}) == 50
    assert find_chain_fault(entries) is None


async def test_one_of_ten_concurrent_starts_in_a_lane_succeeds(
    sqlite: SqliteLedger, path: Path
) -> None:
    """In each of twenty rounds, nine approved deployments find their lane busy."""
    await create_catalog(
        sqlite,
        services=[f"s{number}" for number in range(20)],
        policies={"test": (Tier.TEST, a_policy())},
    )

    for number in range(20):
        deployments = await asyncio.gather(
            *(
                request_deployment(sqlite, service=f"s{number}", environment="test")
                for _ in range(10)
            )
        )
        outcomes = await asyncio.gather(
            *(perform_action(sqlite, Action.START, deployment.id) for deployment in deployments),
            return_exceptions=True,
        )
        refusals = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert refusals == ["lane_busy"] * 9

    started = "SELECT count(*) FROM deployments WHERE status = 'started' GROUP BY service"
    assert query_sqlite(path, started) == [(1,)] * 20


async def test_cancelled_caller_delays_nobody(sqlite: SqliteLedger, path: Path) -> None:
    """The caller's action is either completed or not performed, and later actions succeed."""
    await create_catalog(sqlite)
    deployment = await request_deployment(sqlite)
    tasks = [asyncio.create_task(request_deployment(sqlite)) for _ in range(50)]
    tasks.append(
        asyncio.create_task(
            perform_action(sqlite, Action.APPROVE, deployment.id, deployment.requester)
        )
    )
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()

    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        last = await request_deployment(sqlite)

    assert {type(outcome) for outcome in outcomes[::2]} == {asyncio.CancelledError}
    assert all(isinstance(outcome, Deployment) for outcome in outcomes[1::2])
    entries = read_events_of_file(path)
    assert find_chain_fault(entries) is None
    assert query_sqlite(path, COUNT) == [(last.number,)] == [(52,)]
    assert {entry.event.kind for entry in entries[-2:]} == {"review_denied", "requested"}


async def test_failed_action_affects_no_other_of_its_commit(
    sqlite: SqliteLedger, path: Path
) -> None:
    """The other actions of the commit succeed, and the failed one stores nothing."""
    await create_catalog(sqlite)
    deployment = await request_deployment(sqlite)

    def approve_and_fail(uow: UnitOfWork) -> None:
        bind_action(Action.APPROVE, deployment.id, a_command("quinn"))(uow)
        raise RuntimeError("half-way")

    before, failed, after = await asyncio.gather(
        request_deployment(sqlite),
        sqlite.perform(approve_and_fail),
        request_deployment(sqlite),
        return_exceptions=True,
    )

    assert isinstance(failed, RuntimeError)
    assert [outcome.number for outcome in (before, after) if isinstance(outcome, Deployment)] == [
        2,
        3,
    ]
    assert (await sqlite.reads.deployment(deployment.id)).status is Status.PENDING_APPROVAL
    assert find_log_faults(path) == []
