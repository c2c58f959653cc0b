"""Databases as earlier releases left them: their tables, with the rows they could have had."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum
from itertools import starmap
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, column, insert, inspect, table

from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from gatepost_domain.status_transitions import Action
from gatepost_persistence.migrations.runner import REVISIONS
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.all_tables import METADATA
from tests.support.builders import QA_THEN_DEVOPS, a_policy, a_stage, create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.complete_history import CompleteHistory
from tests.support.storage.complete_settings import propose_settings_changes
from tests.support.storage.empty_databases import create_empty_file, create_tables
from tests.support.storage.old_events import (
    CONSENT,
    FORMER_TIERS,
    PROVENANCE,
    Rows,
    remove_unknown_data,
)

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

T = TypeVar("T")


class Feature(StrEnum):
    """What only later histories have, by the first revision whose release can have stored it."""

    CATALOG = REVISIONS[0]
    TRACKING = "0004"
    GATES = "0008"
    CLAIMS = "0009"
    SETTINGS_CHANGES = "0016"
    PROVENANCE = PROVENANCE
    CONSENT = CONSENT
    NEWEST_FEATURES = "0021"
    CHECK_RUNS = "0025"
    WEBHOOKS = "0031"
    INCIDENTS = "0034"
    NOTIFICATIONS = "0036"
    PROTECTION_ANSWERS = "0037"


_HISTORIES: Final = dict[Feature, bytes]()
"""SQLite files with histories that were stored before, by the newest feature that they have."""

_POLICIES: Final[dict[str, tuple[Tier, Policy]]] = {
    "test": (Tier.TEST, a_policy()),
    "farm": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER)),
    "staging": (Tier.STAGING, a_policy(a_stage("qa"))),
    "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
}
"""Policies that need nothing that was added later."""


class _WithoutTargets:
    """A ledger whose actions find no target configured."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Perform an action."""
        return await self._ledger.perform(
            lambda uow: action(cast("UnitOfWork", _Unconfigured(uow)))
        )


class _Unconfigured:
    """A unit of work that finds no target configured."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.target_settings = self

    def find(self, service: str, environment: str) -> None:
        """Return None, whatever is stored."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


class OldHistory(CompleteHistory):
    """The complete history without what the release of a revision did not have."""

    async def store_with(self, newest: Feature) -> None:
        """Store the history without the features that are newer than this one."""
        self._newest = newest
        self.knows_provenance = self._knows(Feature.PROVENANCE)
        self.knows_consent = self._knows(Feature.CONSENT)
        if self._knows(Feature.CLAIMS):
            await self.store()
            return
        await create_catalog(
            self.ledger, services=("shop", "cart"), versions=("1", "2", "3"), policies=_POLICIES
        )
        await self._change_users()
        if self._knows(Feature.GATES):
            await self._use_emergency_measures()
        await self.deploy("test")
        await self.approve(deployment := await self.request("production"))
        await self.complete(deployment)
        await self.act(Action.ROLLBACK, deployment)
        await self._end_in_other_ways()
        await self.act(Action.START, await self.request("farm"))
        if self._knows(Feature.TRACKING):
            await self._track_external_deployments()
        await self._store_responses()

    async def request(self, environment: str, version: str = "1", **changes: Any) -> Deployment:
        """Request a deployment, which keeps no version of its target before `CONSENT`."""
        if self.knows_consent:
            return await super().request(environment, version, **changes)
        ledger = cast("Ledger", _WithoutTargets(self.ledger))
        return await request_deployment(
            ledger, environment=environment, version=version, at=self.tick(), **changes
        )

    def _knows(self, feature: Feature) -> bool:
        return self._newest >= feature

    async def _run_checks(self) -> None:
        if self._knows(Feature.CHECK_RUNS):
            await super()._run_checks()

    async def _ingest(self) -> None:
        if self._knows(Feature.PROTECTION_ANSWERS):
            await super()._ingest()

    async def _report_incident(self) -> None:
        if self._knows(Feature.INCIDENTS):
            await super()._report_incident()

    async def _use_webhooks(self) -> None:
        if self._knows(Feature.WEBHOOKS):
            await super()._use_webhooks()

    async def _use_notifications(self) -> None:
        if self._knows(Feature.NOTIFICATIONS):
            await super()._use_notifications()

    async def _use_newest_features(self) -> None:
        if self._knows(Feature.NEWEST_FEATURES):
            await super()._use_newest_features()
        elif self._knows(Feature.SETTINGS_CHANGES):
            await propose_settings_changes(self)


async def rows_as_of(revision: str, scratch: Path) -> Rows:
    """Return the rows of a database at a revision; `scratch` is one of this release, without rows.

    They have the columns of this release. The file contains the history afterwards.
    """
    newest = max(feature for feature in Feature if feature <= revision)
    if newest not in _HISTORIES:
        ledger = await SqliteLedger.open(scratch)
        await OldHistory(ledger=ledger).store_with(newest)
        await ledger.close()
        _HISTORIES[newest] = await to_thread(scratch.read_bytes)
    await to_thread(scratch.write_bytes, _HISTORIES[newest])
    return rows_of_file(scratch, revision)


def rows_of_file(file: Path, revision: str) -> Rows:
    """Return the rows of a database of this release, without what a revision did not know."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        rows = {
            each.name: list(map(dict, connection.execute(f"SELECT * FROM {each.name}")))
            for each in METADATA.sorted_tables
        }
    if revision < FORMER_TIERS:
        remove_unknown_data(rows, revision)
    return rows


async def forget_former_tiers(ledger: Ledger) -> None:
    """Let starts not record whether their environment was in production, as before `0023`."""

    def forget(uow: UnitOfWork) -> None:
        for environment in uow.environments.list_all():
            object.__setattr__(environment, "was_production", False)

    await ledger.perform(forget)


def create_old_file(file: Path, revision: str, rows: Rows) -> None:
    """Create a SQLite file with the tables of a revision and these rows."""
    create_empty_file(file, revision)
    engine = create_write_engine(file)
    with engine.connect() as connection:
        _write(connection, rows)
    engine.dispose()


def create_old_database(connection: Connection, revision: str, rows: Rows) -> None:
    """Create the tables of a revision in a PostgreSQL database, and write the rows into them."""
    create_tables(connection, revision)
    _write(connection, rows)


def _write(connection: Connection, rows: Rows) -> None:
    """Write rows instead of the existing ones, into the columns that their tables have."""
    connection.exec_driver_sql("BEGIN")
    triggers = _suspend_triggers(connection)
    inspector = inspect(connection)
    existing = {*inspector.get_table_names()}
    for name in rows.keys() & existing:
        connection.exec_driver_sql(f"DELETE FROM {name}")
    for name, rows_of_table in rows.items():
        if rows_of_table and name in existing:
            types = {
                stored["name"]: stored["type"]
                for stored in inspector.get_columns(name)
                if "computed" not in stored
            }
            values = [{key: row.get(key) for key in types} for row in rows_of_table]
            connection.execute(insert(table(name, *starmap(column, types.items()))), values)
    for definition in triggers:
        connection.exec_driver_sql(definition)
    connection.exec_driver_sql("COMMIT")


def _suspend_triggers(connection: Connection) -> list[str]:
    """Let no trigger fire in this transaction; return statements that create them again."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return []
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    triggers = connection.exec_driver_sql(query).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return [definition for _, definition in triggers]
