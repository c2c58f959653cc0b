"""Every ledger tells alike what stands, what stood, and what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status import Action, Status
from gatepost_domain.tracking.current_state import Cell, CurrentFilter, InProgress
from gatepost_domain.tracking.filters import HistoryFilter
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
    ledger: AnyLedger, at: int, *, environment: str = "development", **asked: Any
) -> Deployment:
    """Ask for a deployment, start it, and have it succeed so many minutes after noon."""
    whole: dict[str, Any] = {"environment": environment, "version": "1"} | asked
    deployment = await request_deployment(ledger, at=minutes_after_noon(at), **whole)
    for action in (Action.START, Action.SUCCEED):
        deployment = await perform_action(ledger, action, deployment.id, at=minutes_after_noon(at))
    return deployment


async def test_nothing_stands_at_first(ledger: AnyLedger) -> None:
    """What was read says after which event it was."""
    current = await now(ledger)

    assert (current.cells, current.seq) == ((), 12)
    assert await current_versions(ledger, NOON) == {}


async def test_what_has_not_succeeded_does_not_stand(ledger: AnyLedger) -> None:
    """Neither what is under way nor what failed."""
    for last in (Action.FAIL, Action.ROLLBACK, None):
        asked = await request_deployment(ledger, environment="development", version="1")
        await perform_action(ledger, Action.START, asked.id)
        if last is not None:
            await perform_action(ledger, last, asked.id)

    assert (await now(ledger)).cells == ()
    assert await current_versions(ledger, minutes_after_noon(99)) == {}


async def test_a_cell_tells_what_stands(ledger: AnyLedger) -> None:
    """Who started it deployed it, at the instant it succeeded."""
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
    stood = await ledger.reads.current_state(CurrentFilter(), at=minutes_after_noon(3))
    assert stood.cells == (await now(ledger)).cells


async def test_a_back_dated_record_never_displaces_what_is_newer(ledger: AnyLedger) -> None:
    """Whatever its number; at its own time it stood."""
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


async def test_of_two_at_one_instant_the_later_number_stands(ledger: AnyLedger) -> None:
    """Also where both were imported."""
    rows = [history_row(n, environment="development", version=v) for n, v in ((2, "1"), (3, "2"))]
    await import_rows(ledger, rows)
    await create_record(ledger, environment="test", version="2")
    await create_record(ledger, environment="test", version="1")

    assert await current_versions(ledger) == {LANE: ("2", 2), ("shop", "test"): ("1", 4)}
    assert await current_versions(ledger, NOON) == await current_versions(ledger)


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_rollback_brings_the_previous_one_back(ledger: AnyLedger, version: str) -> None:
    """Also where the previous one was the same version; until then, the other one stood."""
    await deploy(ledger, 1, version="1")
    await deploy(ledger, 3, version=version)

    await perform_action(ledger, Action.ROLLBACK, 2, at=minutes_after_noon(5))

    assert await current_versions(ledger) == {LANE: ("1", 1)}
    assert await current_versions(ledger, minutes_after_noon(4)) == {LANE: (version, 2)}
    assert await current_versions(ledger, minutes_after_noon(5)) == {LANE: ("1", 1)}


async def test_a_rollback_of_what_is_not_on_top_changes_nothing_now(ledger: AnyLedger) -> None:
    """What stands goes on standing; the last one rolled back leaves nothing."""
    await deploy(ledger, 1)
    await deploy(ledger, 3, version="2")
    await perform_action(ledger, Action.ROLLBACK, 1, at=minutes_after_noon(5))
    before = await current_versions(ledger)

    await perform_action(ledger, Action.ROLLBACK, 2, at=minutes_after_noon(6))

    assert before == {LANE: ("2", 2)}
    assert await current_versions(ledger) == {}


async def test_to_hide_a_record_brings_the_previous_one_back(ledger: AnyLedger) -> None:
    """At every instant, since what is hidden never stood."""
    await create_record(ledger, version="1")
    await create_record(
        ledger, version="2", deployed_at=minutes_after_noon(1), at=minutes_after_noon(2)
    )

    await hide_deployment(ledger, 2, at=minutes_after_noon(9))

    for at in (None, minutes_after_noon(1), minutes_after_noon(99)):
        assert await current_versions(ledger, at) == {("shop", "production"): ("1", 1)}


async def test_a_lane_may_be_retired_again_and_again(ledger: AnyLedger) -> None:
    """Each time it is revived by what is deployed later, and only by that."""
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

    stood = [await current_versions(ledger, minutes_after_noon(at)) for at in range(6)]

    assert [each.get(LANE, (None,))[0] for each in stood] == [None, "1", None, "2", None, None]
    assert await current_versions(ledger) == {}


async def test_a_retirement_told_late_holds_from_its_instant(ledger: AnyLedger) -> None:
    """What was deployed after it stands, though it was known before."""
    await deploy(ledger, 1, version="1")
    await deploy(ledger, 5, version="2")

    await retire_lane(
        ledger, environment="development", now=minutes_after_noon(9), at=minutes_after_noon(3)
    )

    assert await current_versions(ledger) == {LANE: ("2", 2)}
    assert await current_versions(ledger, minutes_after_noon(4)) == {}
    assert await current_versions(ledger, minutes_after_noon(2)) == {LANE: ("1", 1)}


async def test_what_is_on_its_way_is_told_beside_what_stands(ledger: AnyLedger) -> None:
    """What is started, else the first in the queue; neither what waits nor in the past."""
    await deploy(ledger, 1)
    await create_record(ledger, version="1")
    await create_record(ledger, environment="farm", version="1")
    await request_deployment(ledger, version="2")
    queued = [await request_deployment(ledger, environment="farm", version=each) for each in "23"]
    for each in queued:
        await perform_action(ledger, Action.START, each.id)
    started = await request_deployment(ledger, environment="development", version="3")
    await perform_action(ledger, Action.START, started.id)

    coming = {cell.environment: cell.in_progress for cell in (await now(ledger)).cells}
    past = await ledger.reads.current_state(CurrentFilter(), at=minutes_after_noon(99))
    await perform_action(ledger, Action.CLAIM, queued[1].id)
    then = {cell.environment: cell.in_progress for cell in (await now(ledger)).cells}

    def way(deployment: Deployment, status: Status) -> InProgress:
        return InProgress(
            deployment_id=deployment.id,
            number=deployment.number,
            version=deployment.version,
            status=status,
        )

    assert coming == {
        "development": way(started, Status.STARTED),
        "farm": way(queued[0], Status.QUEUED),
        "production": None,
    }
    assert {cell.in_progress for cell in past.cells} == {None}
    assert then["farm"] == way(queued[1], Status.STARTED)


@pytest.mark.parametrize("at", [None, minutes_after_noon(1)])
@pytest.mark.parametrize(
    ("wanted", "expected"),
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
async def test_cells_are_found_by_service_environment_and_tier(
    ledger: AnyLedger, wanted: dict[str, Any], expected: list[str], at: Any
) -> None:
    """Now and in the past, in one order."""
    for service, environment in (
        ("shop", "production"), ("shop", "development"), ("shop", "test"), ("cart", "production"),
    ):  # fmt: skip
        await create_record(ledger, service=service, environment=environment, version="1")

    current = await ledger.reads.current_state(CurrentFilter(**wanted), at=at)

    assert [f"{cell.service}/{cell.environment}" for cell in current.cells] == expected
    assert current.seq == 16


@pytest.fixture
async def told(ledger: AnyLedger) -> AnyLedger:
    """By number: at 10, 30, 20, 40 and, waiting since 25, the fifth; the sixth is cart's, at 20."""
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
    ("wanted", "expected"),
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
async def test_a_history_goes_back_in_time(
    told: AnyLedger, wanted: dict[str, Any], expected: list[int]
) -> None:
    """By when things were deployed, else asked for; what is hidden is still told."""
    for limit in (1, 2, 9):
        pages = await all_pages(
            lambda page_request: told.reads.deployment_history(
                HistoryFilter(**wanted), page_request
            ),
            limit=limit,
        )
        assert [each.number for page in pages for each in page] == expected
        assert all(len(page) <= limit for page in pages)


async def test_a_history_neither_skips_nor_repeats_while_more_is_told(told: AnyLedger) -> None:
    """Whatever is added between two pages, before or behind where the reader is."""
    shop = HistoryFilter(services=("shop",))
    first = await told.reads.deployment_history(shop, PageRequest(limit=2))

    for at in (45, 5, 30):
        await create_record(
            told, version="1", deployed_at=minutes_after_noon(at), at=minutes_after_noon(50)
        )
    rest = await told.reads.deployment_history(shop, PageRequest(limit=9, after=first.next_key))

    assert [each.number for each in first.items] == [4, 2]
    assert [each.number for each in rest.items] == [5, 3, 1, 8]
    assert [each.hidden is not None for each in first.items] == [False, True]


def test_the_history_of_everything_is_nobodys() -> None:
    """It would have to look through all there is."""
    with pytest.raises(ValueError, match="a service or an environment"):
        HistoryFilter(since=NOON)


async def test_the_statistics_count_what_was_deployed(told: AnyLedger) -> None:
    """In the last seven days up to the instant, hidden ones not among them."""
    stats = await told.reads.stats(at=minutes_after_noon(40))
    later = await told.reads.stats(at=minutes_after_noon(20) + timedelta(days=7))

    assert (stats.services, stats.deployments_this_week, later.deployments_this_week) == (2, 4, 1)
    assert [each.number for each in stats.recent] == [4, 6, 3, 1]


async def test_the_statistics_show_the_last_ten(told: AnyLedger) -> None:
    """Those deployed last, whenever they were told."""
    rows = [history_row(n, version="1", deployed_at=minutes_after_noon(-n)) for n in range(20)]
    await import_rows(told, rows)

    stats = await told.reads.stats(at=minutes_after_noon(60))

    assert [each.deployed_at for each in stats.recent[:5]] == [
        minutes_after_noon(each) for each in (40, 20, 20, 10, 0)
    ]
    assert len(stats.recent) == 10


async def test_what_is_rolled_back_still_counts(ledger: AnyLedger) -> None:
    """It was deployed, whatever became of it."""
    deployed = await deploy(ledger, 1)
    await perform_action(ledger, Action.ROLLBACK, deployed.id, at=minutes_after_noon(2))

    stats = await ledger.reads.stats(at=minutes_after_noon(3))

    assert stats.deployments_this_week == 1
    assert stats.recent == (
        replace(
            deployed, status=Status.ROLLED_BACK, rolled_back_at=minutes_after_noon(2), revision=5
        ),
    )
