"""What one SQLite file keeps, and for how many at once."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from gatepost_domain.catalog.policy import ApprovalRule
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Refusal
from gatepost_domain.event import find_chain_break
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, Status
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
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import read_events_of_file

COUNT = "SELECT count(*) FROM deployments"
ROUNDS = 10
ANYBODY = {"test": (Tier.TEST, a_policy(a_stage("review", ApprovalRule())))}


async def test_a_name_taken_behind_the_ledgers_back_is_an_error_of_its_own(
    sqlite: SqliteLedger, path: Path
) -> None:
    """The store itself keeps what must be unique; others in the same commit are not harmed."""
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
    assert find_chain_break(read_events_of_file(path)) is None


async def test_an_answer_is_in_the_file(sqlite: SqliteLedger, path: Path) -> None:
    """When somebody is told that it is done, another program finds it there."""
    await create_catalog(sqlite)

    deployment = await request_deployment(sqlite)

    assert query_sqlite(path, "SELECT id, status, revision FROM deployments") == [
        (str(deployment.id), "pending_approval", 1)
    ]
    assert query_sqlite(
        path, "SELECT deployment_id FROM deployment_events ORDER BY seq DESC LIMIT 1"
    ) == [(str(deployment.id),)]


async def test_everything_is_there_after_a_restart(path: Path) -> None:
    """State, history, catalog and policies, as they stood; and the chain goes on."""
    before = await SqliteLedger.open(path)
    await create_catalog(before)
    deployment = await request_deployment(before)
    told = await all_entries(before.reads)
    policy = await before.reads.policy("production", 1)
    await before.close()

    after = await SqliteLedger.open(path)
    read = (
        await after.reads.deployment(deployment.id),
        await all_entries(after.reads),
        await after.reads.policy("production", 1),
        [each.name for each in (await after.reads.services(PageRequest(limit=9))).items],
    )
    await perform_action(after, Action.APPROVE, deployment.id, "quinn")
    await after.close()

    assert read == (deployment, told, policy, ["shop"])
    assert find_chain_break(read_events_of_file(path)) is None
    assert [entry.seq for entry in read_events_of_file(path)] == list(range(1, len(told) + 2))


async def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    """With its folder; a second opening finds it up to date."""
    path = tmp_path / "new" / "folder" / "gatepost.db"

    for _ in range(2):
        ledger = await SqliteLedger.open(path)
        assert (await ledger.reads.services(PageRequest(limit=1))).items == ()
        await ledger.close()

    assert path.exists()


async def test_to_close_waits_for_what_was_handed_in(path: Path) -> None:
    """Whoever asked before the end gets an answer, and finds it after a restart."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    asking = [asyncio.create_task(request_deployment(ledger)) for _ in range(100)]
    await asyncio.sleep(0)

    await ledger.close()

    asked = [(await each).number for each in asking]
    assert asked == list(range(1, 101))
    assert query_sqlite(path, COUNT) == [(100,)]


async def test_the_history_of_a_file_is_read_whole(sqlite: SqliteLedger, path: Path) -> None:
    """Also where it is longer than one part of the reading."""

    def much(uow: UnitOfWork) -> None:
        for number in range(1001):
            uow.services.add(a_service(f"s{number}"), an_event())

    await sqlite.perform(much)

    entries = list(read_events_of_file(path))
    assert [entry.seq for entry in entries] == list(range(1, 1002))
    assert find_chain_break(entries) is None


async def test_thirty_two_writers_meet_no_error_and_leave_no_gap(
    sqlite: SqliteLedger, path: Path
) -> None:
    """Everybody's actions are done, each with its event, and all events are one chain."""
    await create_catalog(sqlite, services=[f"s{number}" for number in range(32)])
    before = len(await all_entries(sqlite.reads))

    async def writer(number: int) -> None:
        for _ in range(ROUNDS):
            deployment = await request_deployment(sqlite, service=f"s{number}")
            for action in (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED):
                await perform_action(sqlite, action, deployment.id, f"person-{deployment.revision}")
                deployment = await sqlite.reads.deployment(deployment.id)

    await asyncio.gather(*(writer(number) for number in range(32)))

    entries = list(read_events_of_file(path))
    assert len(entries) == before + 32 * ROUNDS * 5
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert find_chain_break(entries) is None
    assert Counter(query_sqlite(path, "SELECT status, revision FROM deployments")) == {
        ("succeeded", 5): 32 * ROUNDS
    }


@pytest.mark.parametrize("action", [Action.APPROVE, Action.START])
async def test_of_ten_at_once_exactly_one_succeeds(
    sqlite: SqliteLedger, path: Path, action: Action
) -> None:
    """Fifty times over: one success, nine refusals, one event."""
    await create_catalog(sqlite, services=[f"s{number}" for number in range(50)], policies=ANYBODY)
    asked = await asyncio.gather(
        *(
            request_deployment(sqlite, service=f"s{number}", environment="test")
            for number in range(50)
        )
    )
    if action is Action.START:
        for each in asked:
            await perform_action(sqlite, Action.APPROVE, each.id, "quinn")
    before = len(await all_entries(sqlite.reads))

    for deployment in asked:
        outcomes = await asyncio.gather(
            *(
                perform_action(sqlite, action, deployment.id, f"person-{number}")
                for number in range(10)
            ),
            return_exceptions=True,
        )
        won = [outcome for outcome in outcomes if isinstance(outcome, Deployment)]
        lost = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert (len(won), lost) == (1, ["transition_refused"] * 9)

    entries = list(read_events_of_file(path))
    assert len(entries) == before + 50
    assert len({entry.event.deployment_id for entry in entries[before:]}) == 50
    assert find_chain_break(entries) is None


async def test_of_ten_starts_in_one_lane_exactly_one_succeeds(
    sqlite: SqliteLedger, path: Path
) -> None:
    """Ten approved deployments of one lane, started together, twenty times over."""
    await create_catalog(
        sqlite,
        services=[f"s{number}" for number in range(20)],
        policies={"test": (Tier.TEST, a_policy())},
    )

    for number in range(20):
        asked = await asyncio.gather(
            *(
                request_deployment(sqlite, service=f"s{number}", environment="test")
                for _ in range(10)
            )
        )
        outcomes = await asyncio.gather(
            *(perform_action(sqlite, Action.START, each.id) for each in asked),
            return_exceptions=True,
        )
        lost = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert lost == ["lane_busy"] * 9

    started = "SELECT count(*) FROM deployments WHERE status = 'started' GROUP BY service"
    assert query_sqlite(path, started) == [(1,)] * 20


async def test_a_caller_who_goes_away_holds_nobody_up(sqlite: SqliteLedger, path: Path) -> None:
    """What they asked for is done or not, but never by half, and the lane works on."""
    await create_catalog(sqlite)
    deployment = await request_deployment(sqlite)
    leaving = [asyncio.create_task(request_deployment(sqlite)) for _ in range(50)]
    leaving.append(
        asyncio.create_task(
            perform_action(sqlite, Action.APPROVE, deployment.id, deployment.requester)
        )
    )
    await asyncio.sleep(0)
    for each in leaving[::2]:
        each.cancel()

    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(*leaving, return_exceptions=True)
        last = await request_deployment(sqlite)

    assert {type(outcome) for outcome in outcomes[::2]} == {asyncio.CancelledError}
    assert all(isinstance(outcome, Deployment) for outcome in outcomes[1::2])
    entries = list(read_events_of_file(path))
    assert find_chain_break(entries) is None
    assert query_sqlite(path, COUNT) == [(last.number,)] == [(52,)]
    assert {entry.event.kind for entry in entries[-2:]} == {"review_denied", "requested"}


async def test_a_statement_that_fails_half_way_spares_its_neighbours(
    sqlite: SqliteLedger, path: Path
) -> None:
    """Those who share a commit with a failing action get what they asked for."""
    await create_catalog(sqlite)
    deployment = await request_deployment(sqlite)

    def half_done(uow: UnitOfWork) -> None:
        bind_action(Action.APPROVE, deployment.id, a_command("quinn"))(uow)
        raise RuntimeError("half-way")

    before, failed, after = await asyncio.gather(
        request_deployment(sqlite),
        sqlite.perform(half_done),
        request_deployment(sqlite),
        return_exceptions=True,
    )

    assert isinstance(failed, RuntimeError)
    assert [each.number for each in (before, after) if isinstance(each, Deployment)] == [2, 3]
    assert (await sqlite.reads.deployment(deployment.id)).status is Status.PENDING_APPROVAL
    assert find_chain_break(read_events_of_file(path)) is None
