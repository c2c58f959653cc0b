"""Migration 0044, which ends the pending messages to webhooks and channels that were removed."""

from __future__ import annotations

from pathlib import Path

from gatepost_domain.event import to_rfc3339
from gatepost_persistence.migrations.runner import migrate_if_needed
from gatepost_persistence.postgres.engine import create_write_engine as postgres_engine
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.sqlite.ledger import SqliteLedger, migrate_file
from tests.support.builders import NOON, create_catalog
from tests.support.domain import notifications, webhooks
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import create_old_database, create_old_file, rows_of_file
from tests.support.storage.old_events import Rows
from tests.support.storage.postgres_cluster import PostgresCluster, execute_sql

MESSAGES = {"webhook_deliveries": "webhook", "notifications": "channel"}


async def old_rows(file: Path) -> Rows:
    """Return rows of revision 0043: of each kind, a message to a removed receiver and another."""
    ledger = await SqliteLedger.open(file)
    await create_catalog(ledger)
    await notifications.add_people(ledger, notifications.a_person("bo", "qa"))
    removed_webhook, _ = await webhooks.add(ledger), await webhooks.add(ledger)
    channels = [await notifications.add(ledger, notifications.QA) for _ in range(2)]
    for channel in channels:
        await notifications.send_a_test(ledger, channel.id)
    await webhooks.queue(ledger)
    await webhooks.remove(ledger, removed_webhook.id)
    await notifications.remove(ledger, channels[0].id)
    await ledger.close()
    rows = rows_of_file(file, "0043")
    for table in MESSAGES:
        rows[table] = [{**row, "state": "pending", "ended_at": None} for row in rows[table]]
    return rows


def states_of(table: str) -> str:
    """Return the query for whether the receiver was removed, the state and the end of messages."""
    receivers = {"webhook": "webhooks", "channel": "notification_channels"}[MESSAGES[table]]
    return (
        f"SELECT DISTINCT r.removed_at, m.state, m.ended_at FROM {table} AS m "
        f"JOIN {receivers} AS r ON r.id = m.{MESSAGES[table]}"
    )


AT = to_rfc3339(NOON)
ENDED = {
    "webhook_deliveries": {(AT, "cancelled", AT), (None, "pending", None)},
    "notifications": {(AT, "dropped", AT), (None, "pending", None)},
}


async def test_messages_of_removed_receivers_end(tmp_path: Path) -> None:
    """They ended when the receiver was removed; all others stay pending."""
    old = tmp_path / "old.db"
    rows = await old_rows(tmp_path / "new.db")
    create_old_file(old, "0043", rows)

    migrate_file(old)

    for table, expected in ENDED.items():
        assert set(query_sqlite(old, states_of(table))) == expected


async def test_messages_of_removed_receivers_end_on_postgresql(
    tmp_path: Path, cluster: PostgresCluster
) -> None:
    """The migration does the same on PostgreSQL."""
    rows = await old_rows(tmp_path / "new.db")
    with cluster.temporary_database(template="template0") as url:
        engine = postgres_engine(parse_url(url))
        async with engine.connect() as connection:
            await connection.run_sync(create_old_database, "0043", rows)
            await connection.run_sync(migrate_if_needed)
        await engine.dispose()

        for table, expected in ENDED.items():
            assert set(map(tuple, await execute_sql(url, states_of(table)))) == expected
