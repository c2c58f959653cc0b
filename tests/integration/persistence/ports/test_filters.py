"""Every ledger finds the same deployments for the same filter."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status
from tests.support.builders import NOON, a_deployment, an_event, create_catalog
from tests.support.storage.ledgers import AnyLedger, all_pages

MINUTE = timedelta(minutes=1)
TOKYO = timezone(timedelta(hours=9))
TIERS = {"production": Tier.PRODUCTION, "staging": Tier.STAGING, "test": Tier.TEST}
STATUSES = [*Status, Status.SUCCEEDED, Status.SUCCEEDED]


def a_population() -> list[Deployment]:
    """Thirty deployments of every sort, one a minute from noon on; some stood ten minutes later."""
    return [
        replace(
            a_deployment(
                number=number,
                service=["shop", "portal"][number % 2],
                environment=(environment := list(TIERS)[number % 3]),
                version=["1.0.0", "2.0.0"][number % 4 // 2],
                requester=["ada", "Ada", "bo"][number % 5 % 3],
                tier=TIERS[environment],
            ),
            kind=list(DeploymentKind)[number % 7 % 4],
            status=(status := STATUSES[number % len(STATUSES)]),
            created_at=NOON + number * MINUTE,
            deployed_at=NOON + (number + 10) * MINUTE if status is Status.SUCCEEDED else None,
        )
        for number in range(1, 31)
    ]


POPULATION = a_population()


@pytest.fixture
async def populated(ledger: AnyLedger) -> AnyLedger:
    """The ledger with all of them in it."""
    await create_catalog(
        ledger,
        services=["shop", "portal"],
        versions=["1.0.0", "2.0.0"],
        policies={name: (tier, Policy()) for name, tier in TIERS.items()},
    )

    def populate(uow: UnitOfWork) -> None:
        for each in POPULATION:
            event = an_event(EventKind.REQUESTED, deployment_id=each.id, to_status=each.status)
            uow.deployments.add(each, event)

    await ledger.perform(populate)
    return ledger


async def found(ledger: AnyLedger, wanted: DeploymentFilter, limit: int = 4) -> list[int]:
    """The numbers that a filter finds, over all parts."""
    parts = await all_pages(partial(ledger.reads.deployments, wanted), limit=limit)
    return [each.number for part in parts for each in part]


def expected(wanted: DeploymentFilter) -> list[int]:
    """The numbers that it ought to find, by looking at each deployment."""
    fitting = [each.number for each in POPULATION if fits(each, wanted)]
    return fitting if wanted.oldest_first else fitting[::-1]


def fits(one: Deployment, wanted: DeploymentFilter) -> bool:
    if wanted.services and one.service not in wanted.services:
        return False
    if wanted.environments and one.environment not in wanted.environments:
        return False
    if wanted.tiers and one.tier not in wanted.tiers:
        return False
    if wanted.statuses and one.status not in wanted.statuses:
        return False
    if wanted.kinds and one.kind not in wanted.kinds:
        return False
    if wanted.requesters and one.requester not in wanted.requesters:
        return False
    if wanted.versions and one.version not in wanted.versions:
        return False
    return within(one.created_at, wanted.since, wanted.until) and within(
        one.deployed_at, wanted.deployed_since, wanted.deployed_until
    )


def within(at: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    return at is not None and (since is None or since <= at) and (until is None or at < until)


@pytest.mark.parametrize(
    "wanted",
    [
        {"services": ("nowhere",)},
        {"requesters": ("ADA",)},
        {"versions": ("1.0",)},
        {"services": ("shop",), "environments": ("nowhere",)},
        {"since": NOON + 31 * MINUTE},
        {"until": NOON + MINUTE},
        {"since": NOON + 9 * MINUTE, "until": NOON + 9 * MINUTE},
        {"deployed_since": NOON, "statuses": (Status.FAILED,)},
    ],
)
async def test_a_filter_that_nothing_fits_finds_nothing(
    populated: AnyLedger, wanted: dict[str, Any]
) -> None:
    """Names are taken as they are written, and all of a filter must fit."""
    assert await found(populated, DeploymentFilter(**wanted)) == []


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"services": ("shop",)},
        {"services": ("shop", "nowhere")},
        {"environments": ("test",)},
        {"environments": ("test", "staging")},
        {"tiers": (Tier.PRODUCTION,)},
        {"tiers": (Tier.PRODUCTION, Tier.TEST)},
        *({"statuses": (status,)} for status in Status),
        {"statuses": (Status.STARTED, Status.FAILED, Status.SUCCEEDED)},
        *({"kinds": (kind,)} for kind in DeploymentKind),
        {"kinds": (DeploymentKind.ROLLBACK, DeploymentKind.RECORD)},
        {"requesters": ("ada",)},
        {"requesters": ("ada", "bo")},
        {"versions": ("2.0.0",)},
        {"versions": ("1.0.0", "2.0.0")},
    ],
)
async def test_a_filter_finds_what_fits_any_of_its_values(
    populated: AnyLedger, wanted: dict[str, Any], *, oldest_first: bool
) -> None:
    """Each field alone, with one value or several, in either order."""
    fitting = DeploymentFilter(**wanted, oldest_first=oldest_first)

    assert expected(fitting) != []
    assert await found(populated, fitting) == expected(fitting)


@pytest.mark.parametrize(
    "wanted",
    [
        {"since": NOON + 10 * MINUTE},
        {"since": NOON + 10 * MINUTE - timedelta(microseconds=1)},
        {"since": NOON + 10 * MINUTE + timedelta(microseconds=1)},
        {"until": NOON + 10 * MINUTE},
        {"until": NOON + 10 * MINUTE + timedelta(microseconds=1)},
        {"since": NOON + 10 * MINUTE, "until": NOON + 11 * MINUTE},
        {"since": (NOON + 10 * MINUTE).astimezone(TOKYO)},
        {"deployed_since": NOON + 21 * MINUTE},
        {"deployed_until": NOON + 21 * MINUTE},
        {"deployed_since": NOON + 21 * MINUTE, "deployed_until": NOON + 33 * MINUTE},
        {"since": NOON + 5 * MINUTE, "deployed_until": NOON + 33 * MINUTE},
    ],
)
async def test_a_span_of_time_has_its_beginning_and_not_its_end(
    populated: AnyLedger, wanted: dict[str, Any]
) -> None:
    """`since` counts in, `until` does not, whatever zone they are told in."""
    fitting = DeploymentFilter(**wanted)

    assert expected(fitting) != []
    assert await found(populated, fitting) == expected(fitting)


async def test_only_what_stood_is_found_by_when_it_stood(populated: AnyLedger) -> None:
    """What never stood has no such time, early or late."""
    ever = await found(populated, DeploymentFilter(deployed_since=NOON - 999 * MINUTE))

    assert ever == expected(DeploymentFilter(statuses=(Status.SUCCEEDED,)))


def some(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


minutes = st.none() | st.integers(0, 42).map(lambda number: NOON + number * MINUTE)
filters = st.builds(
    DeploymentFilter,
    services=some("shop", "portal"),
    environments=some(*TIERS),
    tiers=some(*TIERS.values()),
    statuses=st.lists(st.sampled_from(Status), max_size=6, unique=True).map(tuple),
    kinds=some(*DeploymentKind),
    requesters=some("ada", "Ada", "bo"),
    versions=some("1.0.0", "2.0.0"),
    since=minutes,
    until=minutes,
    deployed_since=st.none() | minutes,
    deployed_until=st.none() | minutes,
    oldest_first=st.booleans(),
)


@given(wanted=filters, limit=st.integers(1, 31))
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the ledger is only read
async def test_all_filters_together_find_what_fits_them_all(
    populated: AnyLedger, wanted: DeploymentFilter, limit: int
) -> None:
    """Whatever is asked for in one filter, and however it is cut into parts."""
    page = await populated.reads.deployments(wanted, PageRequest(limit=limit))

    assert [each.number for each in page.items] == expected(wanted)[:limit]
    assert (page.next_key is None) == (len(expected(wanted)) <= limit)
