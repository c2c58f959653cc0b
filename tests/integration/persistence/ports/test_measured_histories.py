"""The report measures random histories in SQL as it does one deployment after another."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain, count, pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.actions.catalog.create import register_version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, HideDecision
from gatepost_domain.deployments.emergency_record import BreakGlass, Override
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.reports.measurements import ReportFilter, SpanMeasurements
from gatepost_domain.reports.periods import Span
from gatepost_domain.status_transitions import CancelReason, Status
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON, a_command, a_deployment, a_version, create_catalog
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.postgres_cluster import EmptiedDatabase
from tests.support.storage.waiting_deployments import add_deployments

END = 10
SERVICES, ENVIRONMENTS = ("shop", "cart"), ("production", "development")
VERSIONS = {"1": None, "2": NOON - timedelta(days=2, microseconds=1), "3": NOON}
TEAM = ("team",)
files = count(1)

instants = st.builds(
    lambda minutes, microseconds: NOON + timedelta(minutes=minutes, microseconds=microseconds),
    st.integers(0, END),
    st.sampled_from([-1, 0, 1, 999_999]),
)
optional_instants = st.none() | instants


@st.composite
def deployments(draw: st.DrawFn) -> Deployment:
    """Return a deployment with any facts, even if no actions lead to them."""
    changes: dict[str, Any] = {
        "kind": draw(st.sampled_from(DeploymentKind)),
        "status": draw(st.sampled_from([each for each in Status if each is not Status.STARTED])),
        "cancel_reason": draw(st.none() | st.sampled_from(CancelReason)),
        "created_at": draw(instants),
    }
    for name in ("approved_at", "started_at", "finished_at", "deployed_at", "rolled_back_at"):
        changes[name] = draw(optional_instants)
    if draw(st.booleans()):
        changes |= {"reviewed_at": NOON, "reviewed_by": "quinn"}
    if draw(st.integers(0, 4)) == 0:
        changes["hidden"] = HideDecision(actor="root", at=NOON, reason="A typo.")
    if draw(st.integers(0, 3)) == 0:
        changes["overrides"] = (
            Override(gate=GateKind.ORDER, code="outdated", actor="eve", at=NOON, reason="Now."),
        )
    if draw(st.integers(0, 3)) == 0:
        changes["break_glass"] = BreakGlass(
            actor="eve",
            at=NOON,
            reason="Now.",
            incident="INC-1",
            identity=Identity(humans=("eve",)),
        )
    deployment = a_deployment(
        service=draw(st.sampled_from(SERVICES)),
        environment=draw(st.sampled_from(ENVIRONMENTS)),
        version=draw(st.sampled_from(list(VERSIONS))),
        tier=draw(st.sampled_from([Tier.PRODUCTION, Tier.STAGING])),
    )
    return replace(deployment, **changes)


@st.composite
def requests(draw: st.DrawFn) -> tuple[ReportFilter, list[Span]]:
    """Return a filter and the buckets of its span."""
    edges = sorted(draw(st.sets(instants, min_size=2, max_size=5)))
    criteria = ReportFilter(
        span=Span(since=edges[0], until=edges[-1]),
        services=tuple(draw(st.sets(st.sampled_from(SERVICES)))),
        environments=tuple(draw(st.sets(st.sampled_from(ENVIRONMENTS)))),
        tiers=tuple(draw(st.sets(st.sampled_from([Tier.PRODUCTION, Tier.STAGING])))),
        teams=draw(st.sampled_from([(), (), TEAM, ("nobody",)])),
    )
    return criteria, [Span(since=since, until=until) for since, until in pairwise(edges)]


histories = st.lists(deployments(), max_size=12)


async def create_services(ledger: AnyLedger) -> None:
    """Create what the histories refer to."""
    await create_catalog(ledger, services=SERVICES, versions=())
    for (name, committed_at), service in product(VERSIONS.items(), SERVICES):
        version = a_version(name, service=service, committed_at=committed_at)
        command = a_command("owner")
        await ledger.perform(partial(register_version, version=version, command=command))


async def compare(
    ledger: AnyLedger, history: Sequence[Deployment], request: tuple[ReportFilter, list[Span]]
) -> None:
    """Assert that a ledger measures a history as the one in memory does."""
    in_memory = InMemoryLedger()
    await create_services(in_memory)
    numbered = [replace(each, number=number) for number, each in enumerate(history, start=1)]
    for each in (ledger, in_memory):
        await add_deployments(each, *numbered)

    measured, expected = [
        [
            comparable(bucket)
            for bucket in (await each.reads.delivery_measurements(*request)).buckets
        ]
        for each in (ledger, in_memory)
    ]

    assert measured == expected


def comparable(bucket: SpanMeasurements) -> tuple[object, ...]:
    """Return the measurements with the durations in one part."""
    durations = {
        figure: sorted(chain.from_iterable(durations.parts))
        for figure, durations in bucket.durations.items()
    }
    return dict(bucket.contributors), durations, bucket.finished, bucket.started


@pytest.fixture(scope="module")
def file_with_services(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that each history is added to a copy of."""
    file = tmp_path_factory.mktemp("measured") / "services.db"
    shutil.copyfile(empty_file, file)

    async def store() -> None:
        ledger = await SqliteLedger.open(file)
        await create_services(ledger)
        await ledger.close()

    asyncio.run(store())
    return file


def test_sqlite_measures_what_the_definitions_say(file_with_services: Path) -> None:
    """For every history, filter and division into buckets."""

    @given(histories, requests())
    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
    def run(history: list[Deployment], request: tuple[ReportFilter, list[Span]]) -> None:
        path = file_with_services.with_name(f"{next(files)}.db")
        shutil.copyfile(file_with_services, path)

        async def store_and_compare() -> None:
            ledger = await SqliteLedger.open(path)
            await compare(ledger, history, request)
            await ledger.close()

        asyncio.run(store_and_compare())
        path.unlink()

    run()


def test_postgresql_measures_what_the_definitions_say(
    shared_database: EmptiedDatabase, ledger_of_shared_database: PostgresLedger
) -> None:
    """For every history, filter and division into buckets."""

    @given(histories, requests())
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    def run(history: list[Deployment], request: tuple[ReportFilter, list[Span]]) -> None:
        async def store_and_compare() -> None:
            await create_services(ledger_of_shared_database)
            await compare(ledger_of_shared_database, history, request)

        shared_database.delete_all_rows()
        asyncio.run(store_and_compare())

    run()
