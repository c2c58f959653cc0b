"""Bringing a file of revision 0001, which knew names only, to 0002, which knows humans."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from gatepost_domain.access.actor import Identity
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors import AlreadyReviewed, SelfReview
from gatepost_domain.event import find_chain_break
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Action
from gatepost_persistence.mapping import catalog, deployments
from gatepost_persistence.mapping.events import entry_to_row
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.migrations import runner
from gatepost_persistence.migrations.runner import HEAD
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from gatepost_persistence.tables.deployments import IMMUTABLE_DEPLOYMENT_COLUMNS
from tests.support.builders import create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import read_events_of_file

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
EVENTS = "SELECT * FROM deployment_events ORDER BY seq"
ALL = PageRequest(limit=1000)
FINISHED, WAITING, HALF_REVIEWED = 1, 2, 3


async def told() -> InMemoryLedger:
    """A history of three deployments, by people who spell their names as they like."""
    ledger = InMemoryLedger()
    await create_catalog(ledger)
    await request_deployment(ledger, requester="Ångström")
    for action, by in (
        (Action.APPROVE, "QUINN"),
        (Action.APPROVE, "Ｄora"),
        (Action.START, "olga"),
        (Action.SUCCEED, "olga"),
    ):
        await perform_action(ledger, action, FINISHED, by, note="Geprüft — ✓")
    await request_deployment(ledger, requester="ADA")
    await request_deployment(ledger, requester="ADA")
    await perform_action(ledger, Action.APPROVE, HALF_REVIEWED, "QUINN")
    return ledger


@pytest.fixture
async def before() -> InMemoryLedger:
    return await told()


@pytest.fixture
async def old(tmp_path: Path, before: InMemoryLedger) -> Path:
    """That history in a file of revision 0001, in the rows that its release wrote."""
    path = tmp_path / "old.db"
    make_0001(path)
    written = [
        (
            "services",
            [unchanging(catalog.service_to_row(s)) for s in (await before.services(ALL)).items],
        ),
        (
            "versions",
            [catalog.version_to_row(each) for each in (await before.versions("shop", ALL)).items],
        ),
    ]
    environments = (await before.environments(ALL)).items
    written += [
        ("environments", [unchanging(catalog.environment_to_row(e)) for e in environments]),
        (
            "policies",
            [catalog.policy_to_row(await before.policy(each.name, 1)) for each in environments],
        ),
        ("deployments", [as_0001(each) for each in await all_deployments(before)]),
        ("deployment_events", [entry_to_row(each) for each in await all_entries(before)]),
    ]
    with closing(sqlite3.connect(path)) as other:
        for table, values in written:
            known = {name for _, name, *_ in other.execute(f"PRAGMA table_info({table})")}
            for whole in values:
                row = {name: value for name, value in whole.items() if name in known}
                marks = ", ".join(f":{column}" for column in row)
                other.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
        other.commit()
    return path


def make_0001(path: Path) -> None:
    """An empty file as the first release made it."""
    config = Config()
    config.set_main_option("script_location", str(Path(runner.__file__).parent))
    engine = create_write_engine(path)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, "0001")
        connection.exec_driver_sql("COMMIT")
    engine.dispose()


def unchanging(values: RowValues) -> RowValues:
    """The row of a service or environment when none of them ever changed."""
    return {name: each for name, each in values.items() if name not in {"revision", "archived_at"}}


def as_0001(deployment: Deployment) -> RowValues:
    """The row of a deployment when nobody was known but by name."""
    later = {"identities", "deployed_by", "rolled_back_at", "external_id", "unreviewed"}
    later |= {"import_seq", "hidden_at", "hidden_by", "hidden_reason"}
    whole = deployments.deployment_to_row(deployment)
    values = {name: whole[name] for name in whole if name not in later}
    approvals = json.loads(str(values["approvals"]))
    for approval in approvals:
        del approval["identity"]
    return values | {"approvals": json.dumps(approvals, ensure_ascii=False)}


async def all_deployments(ledger: InMemoryLedger | SqliteLedger) -> list[Deployment]:
    return list((await ledger.reads.deployments(DeploymentFilter(oldest_first=True), ALL)).items)


def shell(path: Path, statement: str) -> None:
    """What somebody does to the file with another program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(statement)


def test_an_upgrade_that_fails_half_way_leaves_the_file_at_its_revision(old: Path) -> None:
    """An approval that nobody can be told from stops it; the tables stay as they were."""
    shell(old, "UPDATE deployments SET approvals = '[{}]' WHERE number = 3")
    schema, content = query_sqlite(old, SCHEMA), query_sqlite(old, "SELECT * FROM deployments")

    with pytest.raises(KeyError):
        migrate_file(old)

    assert query_sqlite(old, SCHEMA) == schema
    assert query_sqlite(old, "SELECT * FROM deployments") == content
    assert query_sqlite(old, "SELECT version_num FROM alembic_version") == [("0001",)]


@pytest.mark.parametrize("column", IMMUTABLE_DEPLOYMENT_COLUMNS)
def test_what_was_asked_for_is_still_guarded_afterwards(old: Path, column: str) -> None:
    """Who asked is part of it: nobody makes themselves another human later."""
    migrate_file(old)

    with pytest.raises(sqlite3.IntegrityError, match="what was asked for never changes"):
        shell(old, f"UPDATE deployments SET {column} = {column}")


async def test_who_asked_before_cannot_review_it_afterwards(old: Path) -> None:
    """By any spelling of their name; nor does who approved already count twice."""
    ledger = await SqliteLedger.open(old)

    with pytest.raises(SelfReview):
        await perform_action(ledger, Action.APPROVE, WAITING, " ada ")
    with pytest.raises(AlreadyReviewed):
        await perform_action(ledger, Action.APPROVE, HALF_REVIEWED, "quinn")
    await ledger.close()


async def test_humans_are_told_by_the_names_that_were_written(
    old: Path, before: InMemoryLedger
) -> None:
    """Behind each request and each approval stands whoever its name says; the rest is as it was."""
    ledger = await SqliteLedger.open(old)
    found = await all_deployments(ledger)
    await ledger.close()

    assert found[0].identities == (Identity(human="ångström"),)
    assert [each.identity for each in found[0].approvals] == [
        Identity(human="quinn"),
        Identity(human="dora"),
    ]
    assert found == await all_deployments(before)
    assert query_sqlite(old, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_the_chain_goes_on_unbroken(old: Path) -> None:
    """No event is touched by an upgrade, and the next ones follow those before."""
    before = query_sqlite(old, EVENTS)
    ledger = await SqliteLedger.open(old)

    await perform_action(ledger, Action.APPROVE, HALF_REVIEWED, "dora")
    await ledger.close()

    after = query_sqlite(old, EVENTS)
    assert (after[:-1], len(after)) == (before, len(before) + 1)
    assert find_chain_break(read_events_of_file(old)) is None


def test_an_upgraded_file_has_the_tables_of_a_new_one(old: Path, path: Path) -> None:
    """Column for column, guard for guard."""
    migrate_file(old)

    assert query_sqlite(old, SCHEMA) == query_sqlite(path, SCHEMA)
