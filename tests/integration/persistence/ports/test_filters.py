"""Every ledger finds the same deployments for the same filter."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost_domain.actions.catalog.update import change_environment
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.emergency_record import BreakGlass
from gatepost_domain.deployments.review import FIXED_REVIEW_LABELS, review_label
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from gatepost_persistence.reads import deployment_list
from tests.support.builders import (
    NOON,
    a_command,
    a_deployment,
    an_actor,
    an_event,
    create_catalog,
)
from tests.support.storage.ledgers import AnyLedger, all_pages

MINUTE = timedelta(minutes=1)
TOKYO = timezone(timedelta(hours=9))
TIERS = {"production": Tier.PRODUCTION, "staging": Tier.STAGING, "test": Tier.TEST}
STATUSES = [*Status, Status.SUCCEEDED, Status.SUCCEEDED]

BREAK_GLASS = BreakGlass(
    actor="eve", at=NOON, reason="Outage.", incident="INC-1", identity=an_actor("eve").identity
)
REVIEW_LABELS = (*FIXED_REVIEW_LABELS, "approved_by_qa", "approved_by_devops")


def a_population() -> list[Deployment]:
    """Return thirty varied deployments, requested one minute apart.

    Successful deployments are deployed 10 minutes after their request.
    """
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
            approved_stage=[None, "qa", "devops"][number % 3],
            approved_at=[None, NOON][number % 2],
            break_glass=BREAK_GLASS if number % 12 == 0 else None,
        )
        for number in range(1, 31)
    ]


POPULATION = a_population()
SCATTERED = [
    replace(
        deployment,
        number=deployment.number * 300,
        tier=Tier.STAGING if deployment.number % 4 == 0 else deployment.tier,
        created_at=NOON + (deployment.number * 7 % 31) * MINUTE,
        deployed_at=deployment.deployed_at and NOON + (deployment.number * 11 % 41) * MINUTE,
    )
    for deployment in POPULATION
]
"""The population with numbers far apart that follow neither the creation nor the deployment.

Some deployments have a tier that their environment no longer has.
"""


@pytest.fixture
async def populated(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with the whole population."""
    await populate(ledger, POPULATION)
    return ledger


@pytest.fixture
async def scattered(ledger: AnyLedger, monkeypatch: pytest.MonkeyPatch) -> AnyLedger:
    """Return a ledger with the scattered population, which examines few entries per page."""
    monkeypatch.setattr(deployment_list, "MAX_EXAMINED", 1)
    await populate(ledger, SCATTERED)
    for name, tier in TIERS.items():
        for changed_tier in (Tier.STAGING, tier):
            await change_tier(ledger, name, changed_tier)
    return ledger


async def change_tier(ledger: AnyLedger, environment: str, tier: Tier) -> None:
    change = EnvironmentChange(tier=tier)
    command = a_command(an_actor("zoe"))
    action = partial(change_environment, name=environment, change=change, command=command)
    await ledger.perform(partial(action, revision=None))


async def populate(ledger: AnyLedger, population: list[Deployment]) -> None:
    """Store a population and what it refers to."""
    await create_catalog(
        ledger,
        services=["shop", "portal"],
        versions=["1.0.0", "2.0.0"],
        policies={name: (tier, Policy()) for name, tier in TIERS.items()},
    )

    def add_all(uow: UnitOfWork) -> None:
        for deployment in population:
            event = an_event(
                EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status
            )
            uow.deployments.add(deployment, event)

    await ledger.perform(add_all)


async def find_numbers(
    ledger: AnyLedger, deployment_filter: DeploymentFilter, limit: int = 4
) -> list[int]:
    """Return the numbers of the deployments that a filter finds, over all pages."""
    pages = await all_pages(partial(ledger.reads.deployments, deployment_filter), limit=limit)
    return [deployment.number for page in pages for deployment in page]


def expected_numbers(
    deployment_filter: DeploymentFilter, population: list[Deployment] = POPULATION
) -> list[int]:
    """Return the numbers that a filter should find, by checking each deployment."""
    numbers = [
        deployment.number for deployment in population if matches(deployment, deployment_filter)
    ]
    return numbers if deployment_filter.oldest_first else numbers[::-1]


def matches(deployment: Deployment, deployment_filter: DeploymentFilter) -> bool:
    if deployment_filter.services and deployment.service not in deployment_filter.services:
        return False
    if (
        deployment_filter.environments
        and deployment.environment not in deployment_filter.environments
    ):
        return False
    if deployment_filter.tiers and deployment.tier not in deployment_filter.tiers:
        return False
    if deployment_filter.statuses and deployment.status not in deployment_filter.statuses:
        return False
    labels = deployment_filter.review_labels
    if labels and review_label(deployment) not in labels:
        return False
    if deployment_filter.kinds and deployment.kind not in deployment_filter.kinds:
        return False
    if deployment_filter.requesters and deployment.requester not in deployment_filter.requesters:
        return False
    if deployment_filter.versions and deployment.version not in deployment_filter.versions:
        return False
    return within(
        deployment.created_at, deployment_filter.since, deployment_filter.until
    ) and within(
        deployment.deployed_at, deployment_filter.deployed_since, deployment_filter.deployed_until
    )


def within(time: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    return time is not None and (since is None or since <= time) and (until is None or time < until)


@pytest.mark.parametrize(
    "fields",
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
async def test_filter_without_matches_finds_nothing(
    populated: AnyLedger, fields: dict[str, Any]
) -> None:
    """Names match exactly, and all fields of a filter must match."""
    assert await find_numbers(populated, DeploymentFilter(**fields)) == []


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize(
    "fields",
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
        *({"review_labels": (label,)} for label in REVIEW_LABELS),
        {"review_labels": ("executed", "approved_by_qa")},
        *({"kinds": (kind,)} for kind in DeploymentKind),
        {"kinds": (DeploymentKind.ROLLBACK, DeploymentKind.RECORD)},
        {"requesters": ("ada",)},
        {"requesters": ("ada", "bo")},
        {"versions": ("2.0.0",)},
        {"versions": ("1.0.0", "2.0.0")},
    ],
)
async def test_filter_matches_any_of_its_values(
    populated: AnyLedger, fields: dict[str, Any], *, oldest_first: bool
) -> None:
    """A deployment matches if its field has any of the given values, in either sort order."""
    deployment_filter = DeploymentFilter(**fields, oldest_first=oldest_first)

    assert expected_numbers(deployment_filter) != []
    assert await find_numbers(populated, deployment_filter) == expected_numbers(deployment_filter)


@pytest.mark.parametrize(
    "fields",
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
async def test_time_span_includes_its_start_and_excludes_its_end(
    populated: AnyLedger, fields: dict[str, Any]
) -> None:
    """The bounds may be given in any time zone."""
    deployment_filter = DeploymentFilter(**fields)

    assert expected_numbers(deployment_filter) != []
    assert await find_numbers(populated, deployment_filter) == expected_numbers(deployment_filter)


async def test_deployment_time_filter_finds_only_deployed_ones(populated: AnyLedger) -> None:
    """A deployment without a deployment time never matches."""
    numbers = await find_numbers(populated, DeploymentFilter(deployed_since=NOON - 999 * MINUTE))

    assert numbers == expected_numbers(DeploymentFilter(statuses=(Status.SUCCEEDED,)))


def some(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


minutes = st.none() | st.integers(0, 42).map(lambda number: NOON + number * MINUTE)
filters = st.builds(
    DeploymentFilter,
    services=some("shop", "portal"),
    environments=some(*TIERS),
    tiers=some(*TIERS.values()),
    statuses=st.lists(st.sampled_from(Status), max_size=6, unique=True).map(tuple),
    review_labels=some(*REVIEW_LABELS),
    kinds=some(*DeploymentKind),
    requesters=some("ada", "Ada", "bo"),
    versions=some("1.0.0", "2.0.0"),
    since=minutes,
    until=minutes,
    deployed_since=st.none() | minutes,
    deployed_until=st.none() | minutes,
    oldest_first=st.booleans(),
)


@given(deployment_filter=filters, limit=st.integers(1, 31))
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the ledger is only read
async def test_combined_filters_match_all_fields(
    populated: AnyLedger, deployment_filter: DeploymentFilter, limit: int
) -> None:
    """Any combination of fields finds the same deployments, for any page size."""
    page = await populated.reads.deployments(deployment_filter, PageRequest(limit=limit))

    assert [deployment.number for deployment in page.items] == expected_numbers(deployment_filter)[
        :limit
    ]
    assert (page.next_key is None) == (len(expected_numbers(deployment_filter)) <= limit)


@given(deployment_filter=filters, limit=st.integers(1, 31))
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the ledger is only read
async def test_pages_of_a_sparse_list_leave_nothing_out(
    scattered: AnyLedger, deployment_filter: DeploymentFilter, limit: int
) -> None:
    """A page may have fewer items than its limit, but all pages together have every match once."""
    numbers = await find_numbers(scattered, deployment_filter, limit)

    assert numbers == expected_numbers(deployment_filter, SCATTERED)
