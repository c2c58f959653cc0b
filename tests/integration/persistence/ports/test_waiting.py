"""The lanes in which deployments wait, and parts of their queues."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.lane_state import WaitingFor
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, create_catalog
from tests.support.domain.tracking import ENVIRONMENTS, minutes_after_noon
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.waiting_deployments import add_deployments, build_deployment, query


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services and three environments."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


@pytest.mark.parametrize("waiting_for", WaitingFor)
async def test_lane_tells_the_head_of_its_queue(ledger: AnyLedger, waiting_for: WaitingFor) -> None:
    """Lanes come in the order of their heads, and tell whether a deployment is exempt."""
    status = Status.QUEUED if waiting_for is WaitingFor.WORKER else Status.APPROVED
    waiting = partial(build_deployment, status=status, auto_start=True)
    times: dict[str, Any] = {"created_at": NOON, "queued_at": NOON}
    late: dict[str, Any] = dict.fromkeys(times, minutes_after_noon(1))
    await add_deployments(
        ledger,
        waiting(1, lane="shop test", **late),
        waiting(2, lane="cart test", **times),
        waiting(3, lane="shop production", **times, kind=DeploymentKind.ROLLBACK),
        waiting(4, lane="shop production", **times),
        waiting(5, lane="cart production", **times),
        build_deployment(6, Status.STARTED, "cart production"),
    )

    lanes = await query(ledger, lambda uow: uow.deployments.list_waiting_lanes(waiting_for))

    assert [
        (lane.service, lane.environment, lane.number, lane.since, lane.has_exempt) for lane in lanes
    ] == [
        ("cart", "test", 2, NOON, False),
        ("shop", "production", 3, NOON, True),
        ("shop", "test", 1, minutes_after_noon(1), False),
    ]
    assert lanes[0].tier is (await ledger.reads.deployment(2)).tier


@pytest.mark.parametrize("waiting_for", WaitingFor)
async def test_part_of_a_queue_is_read_in_order(ledger: AnyLedger, waiting_for: WaitingFor) -> None:
    """A part begins after the given number of deployments, and can contain exempt ones only."""
    status = Status.QUEUED if waiting_for is WaitingFor.WORKER else Status.APPROVED
    waiting = partial(build_deployment, status=status, auto_start=True, queued_at=NOON)
    await add_deployments(
        ledger,
        *(waiting(number) for number in (1, 2, 3)),
        waiting(4, kind=DeploymentKind.ROLLBACK),
        waiting(5, lane="cart test"),
    )

    async def numbers(
        *, only_exempt: bool = False, after_number: int = 0, limit: int = 9, offset: int = 0
    ) -> list[int]:
        lane = waiting_for, "shop", "production"
        found = await query(
            ledger,
            lambda uow: uow.deployments.list_in_queue(
                *lane,
                only_exempt=only_exempt,
                after_number=after_number,
                limit=limit,
                offset=offset,
            ),
        )
        count = await query(
            ledger,
            lambda uow: uow.deployments.count_in_queue(
                *lane, only_exempt=only_exempt, after_number=after_number
            ),
        )
        assert count >= len(found) + offset
        return [deployment.number for deployment in found]

    assert await numbers() == [1, 2, 3, 4]
    assert await numbers(limit=2, offset=1) == [2, 3]
    assert await numbers(after_number=2) == [3, 4]
    assert await numbers(only_exempt=True) == [4]
    assert await numbers(only_exempt=True, after_number=4) == []
