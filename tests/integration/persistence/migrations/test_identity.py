"""Migration from revision 0001, which has user names only, to 0002 with identities."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.reviews import AlreadyReviewed, SelfReview
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Action
from gatepost_persistence.mapping import catalog, deployments
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.migrations.runner import HEAD
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS
from tests.support.builders import create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.empty_databases import create_empty_file
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import forget_former_tiers
from tests.support.storage.postgres_cluster import run_in_thread
from tests.support.storage.sqlite_files import find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
EVENTS = "SELECT * FROM deployment_events ORDER BY seq"
ALL = PageRequest(limit=1000)
FINISHED, WAITING, HALF_REVIEWED = 1, 2, 3


async def create_ledger() -> InMemoryLedger:
    """Create three deployments by users whose names are spelled in different ways."""
    ledger = InMemoryLedger()
    await create_catalog(ledger)
    await forget_former_tiers(ledger)
    await request_deployment(ledger, requester="Ångström")
    for action, actor in (
        (Action.APPROVE, "QUINN"),
        (Action.APPROVE, "Ｄora"),
        (Action.START, "olga"),
        (Action.SUCCEED, "olga"),
    ):
        await perform_action(ledger, action, FINISHED, actor, note="Geprüft — ✓")
    await request_deployment(ledger, requester="ADA")
    await request_deployment(ledger, requester="ADA")
    await perform_action(ledger, Action.APPROVE, HALF_REVIEWED, "QUINN")
    return ledger


@pytest.fixture
async def before() -> InMemoryLedger:
    return await create_ledger()


@pytest.fixture
async def old_file(tmp_path: Path, before: InMemoryLedger) -> Path:
    """Return a file of revision 0001 with the rows of that ledger."""
    return await create_old_file(tmp_path / "old.db", before)


@pytest.fixture(scope="module")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an upgraded file for tests in which nothing is changed."""

    async def create() -> Path:
        path = tmp_path_factory.mktemp("upgraded") / "old.db"
        return await create_old_file(path, await create_ledger())

    path = run_in_thread(create())
    migrate_file(path)
    return path


async def create_old_file(path: Path, before: InMemoryLedger) -> Path:
    create_empty_file(path, "0001")
    tables = [
        (
            "services",
            [
                row_of_0001(catalog.service_to_row(item))
                for item in (await before.services(ALL)).items
            ],
        ),
        (
            "versions",
            [catalog.version_to_row(item) for item in (await before.versions("shop", ALL)).items],
        ),
    ]
    environments = (await before.environments(ALL)).items
    tables += [
        ("environments", [row_of_0001(catalog.environment_to_row(item)) for item in environments]),
        (
            "policies",
            [catalog.policy_to_row(await before.policy(item.name, 1)) for item in environments],
        ),
        ("deployments", [deployment_of_0001(item) for item in await all_deployments(before)]),
        ("deployment_events", [entry_to_row(item) for item in await all_entries(before)]),
    ]
    with closing(sqlite3.connect(path)) as connection:
        for table, values in tables:
            columns = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
            for complete in values:
                row = {name: value for name, value in complete.items() if name in columns}
                placeholders = ", ".join(f":{column}" for column in row)
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(row)}) VALUES ({placeholders})", row
                )
        connection.commit()
    return path


def row_of_0001(values: RowValues) -> RowValues:
    """Return the row of a service or environment without columns added after revision 0001."""
    return {
        name: value for name, value in values.items() if name not in {"revision", "archived_at"}
    }


def deployment_of_0001(deployment: Deployment) -> RowValues:
    """Return the row of a deployment without identities and columns added later."""
    new_columns = {"identities", "deployed_by", "rolled_back_at", "external_id", "unreviewed"}
    new_columns |= {"import_seq", "hidden_at", "hidden_by", "hidden_reason"}
    row = deployments.deployment_to_row(deployment)
    values = {name: row[name] for name in row if name not in new_columns}
    approvals = json.loads(str(values["approvals"]))
    for approval in approvals:
        del approval["identity"]
    return values | {"approvals": json.dumps(approvals, ensure_ascii=False)}


async def all_deployments(ledger: InMemoryLedger | SqliteLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items)


def execute(path: Path, statement: str) -> None:
    """Execute a statement in another connection."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def test_failed_upgrade_leaves_the_file_unchanged(old_file: Path) -> None:
    """An approval without an actor stops the upgrade; tables and rows are unchanged."""
    execute(old_file, "UPDATE deployments SET approvals = '[{}]' WHERE number = 3")
    schema, content = (
        query_sqlite(old_file, SCHEMA),
        query_sqlite(old_file, "SELECT * FROM deployments"),
    )

    with pytest.raises(KeyError):
        migrate_file(old_file)

    assert query_sqlite(old_file, SCHEMA) == schema
    assert query_sqlite(old_file, "SELECT * FROM deployments") == content
    assert query_sqlite(old_file, "SELECT version_num FROM alembic_version") == [("0001",)]


@pytest.mark.parametrize("column", IMMUTABLE_DEPLOYMENT_COLUMNS)
def test_core_columns_are_immutable_after_the_upgrade(upgraded_file: Path, column: str) -> None:
    """The requester's identity is one of the immutable columns."""
    with pytest.raises(sqlite3.IntegrityError, match="what was asked for never changes"):
        execute(upgraded_file, f"UPDATE deployments SET {column} = {column}")


async def test_requester_and_reviewers_are_recognized_after_the_upgrade(old_file: Path) -> None:
    """Self-reviews and second approvals are refused for any spelling of the user name."""
    ledger = await SqliteLedger.open(old_file)

    with pytest.raises(SelfReview):
        await perform_action(ledger, Action.APPROVE, WAITING, " ada ")
    with pytest.raises(AlreadyReviewed):
        await perform_action(ledger, Action.APPROVE, HALF_REVIEWED, "quinn")
    await ledger.close()


async def test_identities_are_derived_from_stored_names(
    old_file: Path, before: InMemoryLedger
) -> None:
    """Identities are derived from the stored names, and every other field is unchanged."""
    ledger = await SqliteLedger.open(old_file)
    stored = await all_deployments(ledger)
    await ledger.close()

    assert stored[0].identities == (Identity(humans=("ångström",)),)
    assert [approval.identity for approval in stored[0].approvals] == [
        Identity(humans=("quinn",)),
        Identity(humans=("dora",)),
    ]
    assert stored == await all_deployments(before)
    assert query_sqlite(old_file, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_event_chain_continues_after_the_upgrade(old_file: Path) -> None:
    """The upgrade changes no event and adds two, and new events follow the old ones."""
    before = query_sqlite(old_file, EVENTS)
    ledger = await SqliteLedger.open(old_file)

    await perform_action(ledger, Action.APPROVE, HALF_REVIEWED, "dora")
    await ledger.close()

    after = query_sqlite(old_file, EVENTS)
    assert (after[:-3], len(after)) == (before, len(before) + 3)
    assert find_log_faults(old_file) == []


def test_upgraded_file_has_the_schema_of_a_new_file(old_file: Path, path: Path) -> None:
    """An upgraded file has the same columns, indexes and triggers as a new one."""
    migrate_file(old_file)

    assert query_sqlite(old_file, SCHEMA) == query_sqlite(path, SCHEMA)
