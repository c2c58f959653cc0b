"""Verification raises no false alarm after thousands of generated actions."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.verification.database import verify_database
from tests.support.proof.counts import Counts
from tests.support.storage.generated_database import fill
from tests.support.storage.postgres_cluster import PostgresCluster
from tests.support.storage.sqlite_files import find_faults_in_file, read_events_of_file


def test_generated_history_in_a_file_has_no_faults(tmp_path: Path, counts: Counts) -> None:
    """Every row agrees with the events of up to 5,000 actions."""
    actions, events = counts.choose(800, 3300), counts.choose(1000, 5000)
    file = tmp_path / "gatepost.db"
    with asyncio.Runner() as runner:
        ledger = runner.run(SqliteLedger.open(file))
        fill(runner, ledger, actions)
        runner.run(ledger.close())

    assert len(list(read_events_of_file(file))) > events
    assert find_faults_in_file(file) == []


def test_generated_history_on_postgresql_has_no_faults(cluster: PostgresCluster) -> None:
    """PostgreSQL stores the same history, with other types of columns."""
    with cluster.temporary_database() as url, asyncio.Runner() as runner:
        ledger = runner.run(PostgresLedger.open(parse_url(url)))
        fill(runner, ledger, 300)
        runner.run(ledger.close())
        verification = runner.run(query_database(parse_url(url), verify_database))

    assert verification.events > 400
    assert verification.faults == ()
