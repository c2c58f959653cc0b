"""Of ten requests for the same transition, or for two that exclude each other, one succeeds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from gatepost_client import AsyncGatepost, Gatepost
from gatepost_client.models import Deployment, EventKind, ReasonBody, RollbackBody
from tests.support.client.shop import shop_request
from tests.support.faults.mutants import STALE_S
from tests.support.proof.counts import Counts
from tests.support.proof.races import (
    REQUESTS,
    Racers,
    Servers,
    create_people,
    event_counts,
    open_racers,
    race,
    running_servers,
)
from tests.support.proof.results import print_result

NOTHING_TO_WITHDRAW: Final = "403 no_approval_to_withdraw"
NOTE: Final = ReasonBody(note="Several people decide at once.")
ROLLBACK: Final = RollbackBody(note="Several people decide at once.")

Attempt = Callable[[Racers, int, str], Awaitable[Deployment]]
"""The attempt of one of ten racers on a deployment, by its number."""


def by_owner(call: Callable[[AsyncGatepost, str], Awaitable[Deployment]]) -> Attempt:
    return lambda racers, turn, number: call(racers.owner[turn], number)


def by_reviewer(call: Callable[[AsyncGatepost, str], Awaitable[Deployment]]) -> Attempt:
    return lambda racers, turn, number: call(racers.quinn[turn], number)


APPROVE: Final = by_reviewer(lambda client, number: client.approve_deployment(number))
REJECT: Final = by_reviewer(lambda client, number: client.reject_deployment(number, NOTE))
WITHDRAW: Final = by_reviewer(lambda client, number: client.withdraw_approval(number, NOTE))
CANCEL: Final = by_owner(lambda client, number: client.cancel_deployment(number, NOTE))
START: Final = by_owner(lambda client, number: client.start_deployment(number))
SUCCEED: Final = by_owner(lambda client, number: client.succeed_deployment(number))
FAIL: Final = by_owner(lambda client, number: client.fail_deployment(number, NOTE))
ROLL_BACK: Final = by_owner(lambda client, number: client.rollback_deployment(number, ROLLBACK))

RACES: Final[Mapping[str, tuple[Sequence[Attempt], Sequence[Attempt], set[EventKind]]]] = {
    "approve": ([], [APPROVE], {EventKind.APPROVED}),
    "reject": ([], [REJECT], {EventKind.REJECTED}),
    "reject-or-cancel": ([], [REJECT, CANCEL], {EventKind.REJECTED, EventKind.CANCELLED}),
    "withdraw": ([APPROVE], [WITHDRAW], {EventKind.APPROVAL_WITHDRAWN}),
    "cancel": ([APPROVE], [CANCEL], {EventKind.CANCELLED}),
    "start": ([APPROVE], [START], {EventKind.STARTED}),
    "start-or-cancel": ([APPROVE], [START, CANCEL], {EventKind.STARTED, EventKind.CANCELLED}),
    "succeed": ([APPROVE, START], [SUCCEED], {EventKind.SUCCEEDED}),
    "succeed-or-fail": (
        [APPROVE, START],
        [SUCCEED, FAIL],
        {EventKind.SUCCEEDED, EventKind.FAILED},
    ),
    "fail": ([APPROVE, START], [FAIL], {EventKind.FAILED}),
    "roll-back": ([APPROVE, START], [ROLL_BACK], {EventKind.ROLLED_BACK}),
    "roll-back-after-success": ([APPROVE, START, SUCCEED], [ROLL_BACK], {EventKind.ROLLED_BACK}),
}
"""The transitions that lead to the race, those that race, and the kinds of their events."""


async def run_rounds(
    servers: Servers, names: Iterable[str], rounds: int, settle_s: float = 0
) -> dict[str, tuple[str, Counter[str]]]:
    """Return the name and the outcomes of each race, by the number of its deployment."""
    tokens = create_people(servers[0])
    results: dict[str, tuple[str, Counter[str]]] = {}
    async with AsyncExitStack() as stack:
        racers = await open_racers(stack, servers, tokens)
        for name in [name for name in names for _ in range(rounds)]:
            preparation, attempts, _ = RACES[name]
            number = (await racers.ada.create_deployment(shop_request("staging"))).number
            for prepare in preparation:
                await prepare(racers, 0, number)
            await asyncio.sleep(settle_s)
            outcomes = await race(
                [attempts[turn % len(attempts)](racers, turn, number) for turn in range(REQUESTS)]
            )
            results[number] = name, outcomes
            await asyncio.gather(SUCCEED(racers, 0, number), return_exceptions=True)
    return results


def test_one_of_ten_racing_transitions_succeeds(
    database_url: str | None, tmp_path: Path, counts: Counts
) -> None:
    """In each round one request succeeds, the others are refused, and there is one event."""
    rounds = counts.choose(3, 50)
    with running_servers(tmp_path, database_url) as servers:
        results = asyncio.run(run_rounds(servers, RACES, rounds))
        with Gatepost(servers[0].url, token=servers[0].token, retries=None) as owner:
            events = {number: event_counts(owner, number) for number in results}
        verified = servers[0].verify()

    database = "sqlite" if database_url is None else "postgresql"
    print_result("P3", database=database, races=list(RACES), rounds_each=rounds)
    assert len(results) == rounds * len(RACES)
    for number, (name, outcomes) in results.items():
        refused = {code for code in outcomes if code != "won"}
        assert outcomes["won"] == 1, (name, outcomes)
        assert all(code.startswith("409 ") or code == NOTHING_TO_WITHDRAW for code in refused), name
        assert sum(events[number][kind] for kind in RACES[name][2]) == 1, name
    assert verified.returncode == 0, verified.stdout


def test_race_is_lost_by_a_server_that_reads_checks_and_writes(tmp_path: Path) -> None:
    """The control: without a lock and a condition on the update, several approvals succeed."""
    with running_servers(tmp_path, None, "read_check_write") as servers:
        results = asyncio.run(run_rounds(servers, ["approve"], 3, settle_s=2 * STALE_S))

    assert any(outcomes["won"] > 1 for _, outcomes in results.values()), results


def test_lane_is_given_twice_by_a_server_that_counts_and_updates(tmp_path: Path) -> None:
    """The control for lanes: a count before the start, without a unique index, starts several."""

    async def start_all(servers: Servers) -> Counter[str]:
        async with AsyncExitStack() as stack:
            racers = await open_racers(stack, servers, create_people(servers[0]))
            created = [
                await racers.ada.create_deployment(shop_request("staging")) for _ in range(REQUESTS)
            ]
            for each in created:
                await APPROVE(racers, 0, each.number)
            await asyncio.sleep(2 * STALE_S)
            return await race([START(racers, n, each.number) for n, each in enumerate(created)])

    with running_servers(tmp_path, None, "count_then_update") as servers:
        outcomes = asyncio.run(start_all(servers))

    assert outcomes["won"] > 1, outcomes
