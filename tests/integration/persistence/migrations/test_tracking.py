"""Bringing a file of revision 0002, which knew no current state, to 0004, which keeps it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import find_chain_break
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Action, Status
from gatepost_domain.tracking.filters import HistoryFilter
from gatepost_persistence.mapping import catalog, deployments
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.migrations import runner
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.builders import create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.lifecycle import ACTIONS_TO_REACH, WORKER_POLICY
from tests.support.domain.tracking import ENVIRONMENTS, current_versions, minutes_after_noon
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_differences_in_file, read_events_of_file

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
ALL = PageRequest(limit=1000)
NEW = {
    "deployed_by",
    "rolled_back_at",
    "external_id",
    "unreviewed",
    "import_seq",
    "hidden_at",
    "hidden_by",
    "hidden_reason",
}
"""Columns that 0002 had not."""
FARM = {"farm": (ENVIRONMENTS["production"][0], WORKER_POLICY)}


@pytest.fixture
async def before() -> InMemoryLedger:
    """A history with deployments in every status, a lane for each and one in which much stood."""
    ledger = InMemoryLedger()
    services = ["shop", *(status.replace("_", "-") for status in Status)]
    await create_catalog(
        ledger, services=services, versions=["1", "2"], policies=ENVIRONMENTS | FARM
    )
    for minute, status in enumerate(Status):
        where = "farm" if status is Status.QUEUED else "production"
        name = status.replace("_", "-")
        asked = await request_deployment(ledger, service=name, environment=where, version="1")
        for step, action in enumerate(ACTIONS_TO_REACH[status]):
            await perform_action(
                ledger, action, asked.id, f"p{step}", at=minutes_after_noon(minute)
            )
    for minute, version in ((10, "1"), (20, "2")):
        asked = await request_deployment(ledger, environment="test", version=version)
        await perform_action(ledger, Action.START, asked.id, at=minutes_after_noon(minute))
        await perform_action(ledger, Action.SUCCEED, asked.id, at=minutes_after_noon(minute))
    await perform_action(ledger, Action.ROLLBACK, 11, at=minutes_after_noon(30))
    return ledger


@pytest.fixture
async def old(tmp_path: Path, before: InMemoryLedger) -> Path:
    """That history in a file of revision 0002, in the rows that its release wrote."""
    path = tmp_path / "old.db"
    make_0002(path)
    services = (await before.services(ALL)).items
    versions = [each for s in services for each in (await before.versions(s.name, ALL)).items]
    environments = (await before.environments(ALL)).items
    policies = [await before.policy(each.name, 1) for each in environments]
    for table, values in (
        ("services", [catalog.service_to_row(each) for each in services]),
        ("versions", [catalog.version_to_row(each) for each in versions]),
        ("environments", [catalog.environment_to_row(each) for each in environments]),
        ("policies", [catalog.policy_to_row(each) for each in policies]),
        ("deployments", [as_0002(each) for each in await all_deployments(before)]),
        ("deployment_events", [entry_to_row(each) for each in await all_entries(before)]),
    ):
        write(path, table, values)
    return path


def make_0002(path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(runner.__file__).parent))
    engine = create_write_engine(path)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, "0002")
        connection.exec_driver_sql("COMMIT")
    engine.dispose()


def as_0002(deployment: Deployment) -> RowValues:
    whole = deployments.deployment_to_row(deployment)
    return {name: whole[name] for name in whole if name not in NEW}


def write(path: Path, table: str, values: list[RowValues]) -> None:
    with closing(sqlite3.connect(path)) as other:
        known = {name for _, name, *_ in other.execute(f"PRAGMA table_info({table})")}
        for whole in values:
            row = {name: value for name, value in whole.items() if name in known}
            marks = ", ".join(f":{column}" for column in row)
            other.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
        other.commit()


async def all_deployments(ledger: InMemoryLedger | SqliteLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items)


async def test_what_stood_before_stands_afterwards(old: Path, before: InMemoryLedger) -> None:
    """In each lane, now and at every instant; what its events tell is filled in."""
    ledger = await SqliteLedger.open(old)

    assert await all_deployments(ledger) == await all_deployments(before)
    assert await current_versions(ledger) == {
        ("succeeded", "production"): ("1", 5),
        ("shop", "test"): ("1", 10),
    }
    for minute in (0, 5, 10, 20, 29, 30):
        stood = await current_versions(before, minutes_after_noon(minute))
        assert await current_versions(ledger, minutes_after_noon(minute)) == stood
    shop = HistoryFilter(services=("shop",))
    assert await ledger.reads.deployment_history(shop, ALL) == await before.deployment_history(
        shop, ALL
    )
    await ledger.close()
    assert list(find_differences_in_file(old)) == []


async def test_who_had_started_it_has_deployed_it(old: Path) -> None:
    """And when it was rolled back is when that was told."""
    migrate_file(old)

    back = "SELECT deployed_by, rolled_back_at FROM deployments WHERE number = 11"
    assert query_sqlite(old, back) == [("olga", "2026-11-21T12:30:00.000000Z")]


async def test_the_chain_goes_on_and_the_projection_with_it(old: Path) -> None:
    """What is done next finds what stood before."""
    ledger = await SqliteLedger.open(old)

    await perform_action(ledger, Action.ROLLBACK, 10, at=minutes_after_noon(40))
    await ledger.close()

    assert find_chain_break(read_events_of_file(old)) is None
    assert list(find_differences_in_file(old)) == []


def test_an_upgraded_file_has_the_tables_of_a_new_one(old: Path, path: Path) -> None:
    """Column for column, guard for guard."""
    migrate_file(old)

    assert query_sqlite(old, SCHEMA) == query_sqlite(path, SCHEMA)
