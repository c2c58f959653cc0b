"""Every ledger returns the same current state, past state and deployment history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.tracking.current_state import Cell, CurrentFilter, InProgress
from gatepost_domain.tracking.history_filters import HistoryFilter
from tests.support.builders import NOON, a_policy, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    current_versions,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    now,
    only_cell,
    retire_lane,
)
from tests.support.storage.ledgers import AnyLedger, all_pages

LANE = ("shop", "development")
FARM = {"farm": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER))}


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1", "2", "3"], policies=ENVIRONMENTS | FARM
    )
    return ledger


async def deploy(
    ledger: AnyLedger, at: int, *, environment: str = "development", **fields: Any
) -> Deployment:
    """Request and start a deployment, and let it succeed at the given minute after noon."""
    request: dict[str, Any] = {"environment": environment, "version": "1"} | fields
    deployment = await request_deployment(ledger, at=minutes_after_noon(at), **request)
    for action in (Action.START, Action.SUCCEED):
        deployment = await perform_action(ledger, action, deployment.id, at=minutes_after_noon(at))
    return deployment


async def test_empty_ledger_has_no_current_deployments(ledger: AnyLedger) -> None:
    """The result has no cells, but it has the sequence number of the last event."""
    current = await now(ledger)

    assert (current.cells, current.seq) == ((), 12)
    assert await current_versions(ledger, NOON) == {}


async def test_unsuccessful_deployment_is_not_current(ledger: AnyLedger) -> None:
    """Started, failed and rolled-back deployments are not current."""
    for last in (Action.FAIL, Action.ROLLBACK, None):
        requested = await request_deployment(ledger, environment="development", version="1")
        await perform_action(ledger, Action.START, requested.id)
        if last is not None:
            await perform_action(ledger, last, requested.id)

    assert (await now(ledger)).cells == ()
    assert await current_versions(ledger, minutes_after_noon(99)) == {}


async def test_cell_describes_the_current_deployment(ledger: AnyLedger) -> None:
    """The cell names the version, the operator who deployed it and the time of its success."""
    deployed = await deploy(ledger, 3)

    assert await only_cell(ledger) == Cell(
        service="shop",
        environment="development",
        tier=Tier.DEVELOPMENT,
        deployment_id=deployed.id,
        number=1,
        version="1",
        deployed_at=minutes_after_noon(3),
        deployed_by="olga",
    )
    past = await ledger.reads.current_state(CurrentFilter(), at=minutes_after_noon(3))
    assert past.cells == (await now(ledger)).cells


async def test_back_dated_record_does_not_displace_a_newer_deployment(ledger: AnyLedger) -> None:
    """The deployment time decides, so the record is current only until the newer deployment."""
    await deploy(ledger, 5, version="2")
    await create_record(
        ledger,
        environment="development",
        version="1",
        deployed_at=minutes_after_noon(1),
        at=minutes_after_noon(9),
    )

    assert await current_versions(ledger) == {LANE: ("2", 1)}
    assert await current_versions(ledger, minutes_after_noon(4)) == {LANE: ("1", 2)}


async def test_greater_number_is_current_for_equal_times(ledger: AnyLedger) -> None:
    """The deployment with the greater number is current, even if it is an imported record."""
    rows = [history_row(n, environment="development", version=v) for n, v in ((2, "1"), (3, "2"))]
    await import_rows(ledger, rows)
    await create_record(ledger, environment="test", version="2")
    await create_record(ledger, environment="test", version="1")

    assert await current_versions(ledger) == {LANE: ("2", 2), ("shop", "test"): ("1", 4)}
    assert await current_versions(ledger, NOON) == await current_versions(ledger)


@pytest.mark.parametrize("version", ["1", "2"])
async def test_rollback_makes_the_previous_deployment_current(
    ledger: AnyLedger, version: str
) -> None:
    """The previous deployment is current from the time of the rollback, not earlier."""
    await deploy(ledger, 1, version="1")
    await deploy(ledger, 3, version=version)

    await perform_action(ledger, Action.ROLLBACK, 2, at=minutes_after_noon(5))

    assert await current_versions(ledger) == {LANE: ("1", 1)}
    assert await current_versions(ledger, minutes_after_noon(4)) == {LANE: (version, 2)}
    assert await current_versions(ledger, minutes_after_noon(5)) == {LANE: ("1", 1)}


async def test_rollback_of_an_older_deployment_keeps_the_current_one(ledger: AnyLedger) -> None:
    """Only a rollback of the current deployment changes what is current."""
    await deploy(ledger, 1)
    await deploy(ledger, 3, version="2")
    await perform_action(ledger, Action.ROLLBACK, 1, at=minutes_after_noon(5))
    before = await current_versions(ledger)

    await perform_action(ledger, Action.ROLLBACK, 2, at=minutes_after_noon(6))

    assert before == {LANE: ("2", 2)}
    assert await current_versions(ledger) == {}


async def test_hiding_a_record_makes_the_previous_deployment_current(ledger: AnyLedger) -> None:
    """The previous deployment is current at every time, as if the hidden record never existed."""
    await create_record(ledger, version="1")
    await create_record(
        ledger, version="2", deployed_at=minutes_after_noon(1), at=minutes_after_noon(2)
    )

    await hide_deployment(ledger, 2, at=minutes_after_noon(9))

    for at in (None, minutes_after_noon(1), minutes_after_noon(99)):
        assert await current_versions(ledger, at) == {("shop", "production"): ("1", 1)}


async def test_lane_can_be_retired_repeatedly(ledger: AnyLedger) -> None:
    """After each retirement, only a later deployment makes the lane current again."""
    await deploy(ledger, 1, version="1")
    await retire_lane(ledger, environment="development", now=minutes_after_noon(2))
    await deploy(ledger, 3, version="2")
    await retire_lane(ledger, environment="development", now=minutes_after_noon(4))
    await create_record(
        ledger,
        environment="development",
        version="3",
        deployed_at=minutes_after_noon(4),
        at=minutes_after_noon(9),
    )

    states = [await current_versions(ledger, minutes_after_noon(at)) for at in range(6)]

    assert [state.get(LANE, (None,))[0] for state in states] == [None, "1", None, "2", None, None]
    assert await current_versions(ledger) == {}


async def test_back_dated_retirement_applies_from_its_time(ledger: AnyLedger) -> None:
    """A deployment after the time of the retirement remains current."""
    await deploy(ledger, 1, version="1")
    await deploy(ledger, 5, version="2")

    await retire_lane(
        ledger, environment="development", now=minutes_after_noon(9), at=minutes_after_noon(3)
    )

    assert await current_versions(ledger) == {LANE: ("2", 2)}
    assert await current_versions(ledger, minutes_after_noon(4)) == {}
    assert await current_versions(ledger, minutes_after_noon(2)) == {LANE: ("1", 1)}


async def test_cell_shows_the_deployment_in_progress(ledger: AnyLedger) -> None:
    """The cell shows the started deployment or the first in the queue; past states show neither."""
    await deploy(ledger, 1)
    await create_record(ledger, version="1")
    await create_record(ledger, environment="farm", version="1")
    await request_deployment(ledger, version="2")
    queued = [
        await request_deployment(ledger, environment="farm", version=version) for version in "23"
    ]
    for deployment in queued:
        await perform_action(ledger, Action.START, deployment.id)
    started = await request_deployment(ledger, environment="development", version="3")
    await perform_action(ledger, Action.START, started.id)

    now_in_progress = {cell.environment: cell.in_progress for cell in (await now(ledger)).cells}
    past = await ledger.reads.current_state(CurrentFilter(), at=minutes_after_noon(99))
    await perform_action(ledger, Action.CLAIM, queued[1].id)
    later_in_progress = {cell.environment: cell.in_progress for cell in (await now(ledger)).cells}

    def in_progress(deployment: Deployment, status: Status) -> InProgress:
        return InProgress(
            deployment_id=deployment.id,
            number=deployment.number,
            version=deployment.version,
            status=status,
        )

    assert now_in_progress == {
        "development": in_progress(started, Status.STARTED),
        "farm": in_progress(queued[0], Status.QUEUED),
        "production": None,
    }
    assert {cell.in_progress for cell in past.cells} == {None}
    assert later_in_progress["farm"] == in_progress(queued[1], Status.STARTED)


@pytest.mark.parametrize("at", [None, minutes_after_noon(1)])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["cart/production", "shop/development", "shop/production", "shop/test"]),
        ({"services": ("cart",)}, ["cart/production"]),
        ({"services": ("cart", "moon", "shop"), "environments": ("test",)}, ["shop/test"]),
        ({"environments": ("production",)}, ["cart/production", "shop/production"]),
        ({"tiers": (Tier.TEST, Tier.DEVELOPMENT)}, ["shop/development", "shop/test"]),
        ({"tiers": (Tier.STAGING,)}, []),
        ({"services": ("moon",)}, []),
    ],
)
async def test_cells_are_filtered_by_service_environment_and_tier(
    ledger: AnyLedger, filters: dict[str, Any], expected: list[str], at: Any
) -> None:
    """Only matching cells are returned, both now and for a past time, in the same order."""
    for service, environment in (
        ("shop", "production"), ("shop", "development"), ("shop", "test"), ("cart", "production"),
    ):  # fmt: skip
        await create_record(ledger, service=service, environment=environment, version="1")

    current = await ledger.reads.current_state(CurrentFilter(**filters), at=at)

    assert [f"{cell.service}/{cell.environment}" for cell in current.cells] == expected
    assert current.seq == 16


@pytest.fixture
async def populated(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with six deployments.

    Deployments 1 to 4 are at minutes 10, 30, 20 and 40. Deployment 5 has been waiting since minute
    25, and deployment 6, of the service cart, is at minute 20.
    """
    for number, at in enumerate((10, 30, 20, 40), start=1):
        environment = "production" if number % 2 else "test"
        await create_record(
            ledger,
            version="1",
            deployed_at=minutes_after_noon(at),
            at=minutes_after_noon(50),
            environment=environment,
        )
    await request_deployment(ledger, at=minutes_after_noon(25), version="2")
    await create_record(
        ledger,
        service="cart",
        version="1",
        deployed_at=minutes_after_noon(20),
        at=minutes_after_noon(50),
    )
    await hide_deployment(ledger, 2)
    return ledger


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"services": ("moon",)}, []),
        ({"services": ("shop",)}, [4, 2, 5, 3, 1]),
        ({"services": ("shop", "shop", "cart")}, [4, 2, 5, 6, 3, 1]),
        ({"environments": ("production",)}, [5, 6, 3, 1]),
        ({"environments": ("test", "production")}, [4, 2, 5, 6, 3, 1]),
        ({"services": ("shop",), "environments": ("production",)}, [5, 3, 1]),
        ({"services": ("shop", "cart"), "environments": ("production", "moon")}, [5, 6, 3, 1]),
        ({"services": ("shop",), "since": minutes_after_noon(20)}, [4, 2, 5, 3]),
        ({"services": ("shop",), "until": minutes_after_noon(30)}, [5, 3, 1]),
        (
            {
                "services": ("shop",),
                "since": minutes_after_noon(20),
                "until": minutes_after_noon(21),
            },
            [3],
        ),
    ],
)
async def test_history_is_newest_first(
    populated: AnyLedger, filters: dict[str, Any], expected: list[int]
) -> None:
    """Deployments that were never deployed are ordered by their request time."""
    for limit in (1, 2, 9):
        pages = await all_pages(
            lambda page_request: populated.reads.deployment_history(
                HistoryFilter(**filters), page_request
            ),
            limit=limit,
        )
        assert [deployment.number for page in pages for deployment in page] == expected
        assert all(len(page) <= limit for page in pages)


async def test_history_paging_is_stable_while_records_are_added(populated: AnyLedger) -> None:
    """Adding records before or after the cursor neither repeats nor skips any entry."""
    shop = HistoryFilter(services=("shop",))
    first = await populated.reads.deployment_history(shop, PageRequest(limit=2))

    for at in (45, 5, 30):
        await create_record(
            populated, version="1", deployed_at=minutes_after_noon(at), at=minutes_after_noon(50)
        )
    rest = await populated.reads.deployment_history(
        shop, PageRequest(limit=9, after=first.next_key)
    )

    assert [deployment.number for deployment in first.items] == [4, 2]
    assert [deployment.number for deployment in rest.items] == [5, 3, 1, 8]
    assert [deployment.hidden is not None for deployment in first.items] == [False, True]


def test_history_filter_needs_a_service_or_an_environment() -> None:
    """An unfiltered history is refused, because it would scan all deployments."""
    with pytest.raises(ValueError, match="a service or an environment"):
        HistoryFilter(since=NOON)


async def test_stats_count_the_deployments_of_seven_days(populated: AnyLedger) -> None:
    """Only deployments of the last seven days that are not hidden are counted."""
    stats = await populated.reads.week_overview(at=minutes_after_noon(40))
    later = await populated.reads.week_overview(at=minutes_after_noon(20) + timedelta(days=7))

    assert (stats.services, stats.deployments_this_week, later.deployments_this_week) == (2, 4, 1)
    assert [deployment.number for deployment in stats.recent] == [4, 6, 3, 1]


async def test_stats_show_the_ten_latest_deployments(populated: AnyLedger) -> None:
    """The ten latest deployments are ordered by deployment time."""
    rows = [history_row(n, version="1", deployed_at=minutes_after_noon(-n)) for n in range(20)]
    await import_rows(populated, rows)

    stats = await populated.reads.week_overview(at=minutes_after_noon(60))

    assert [deployment.deployed_at for deployment in stats.recent[:5]] == [
        minutes_after_noon(minute) for minute in (40, 20, 20, 10, 0)
    ]
    assert len(stats.recent) == 10


async def test_stats_count_rolled_back_deployments(ledger: AnyLedger) -> None:
    """Rolled-back deployments are counted, because they were deployed."""
    deployed = await deploy(ledger, 1)
    await perform_action(ledger, Action.ROLLBACK, deployed.id, at=minutes_after_noon(2))

    stats = await ledger.reads.week_overview(at=minutes_after_noon(3))

    assert stats.deployments_this_week == 1
    assert stats.recent == (
        replace(
            deployed, status=Status.ROLLED_BACK, rolled_back_at=minutes_after_noon(2), revision=5
        ),
    )
