"""Verification finds nothing in databases that only Gatepost has changed."""

from __future__ import annotations

import asyncio

from sqlalchemy import URL

from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.status_transitions import Action
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.verification.database import verify_database
from tests.support.builders import create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS, create_record
from tests.support.storage.postgres_cluster import PostgresCluster
from tests.support.storage.tampered_databases import CompleteDatabase


def test_complete_history_has_no_faults(database: CompleteDatabase) -> None:
    """Rows of every kind are what their events recorded."""
    result = database.verify_copy()

    assert result.faults == ()
    assert result.events > 130


def test_renewed_lease_and_used_token_are_no_faults(database: CompleteDatabase) -> None:
    """No event records when a token was used and until when a claim is leased."""
    result = database.verify_copy(
        "UPDATE tokens SET last_used_at = '2026-11-22T12:00:00.000000Z'",
        "UPDATE claims SET leased_until = '2026-11-22T12:00:00.000000Z'",
    )

    assert result.faults == ()


def test_expired_responses_are_no_faults(database: CompleteDatabase) -> None:
    """Responses are deleted after some time, without an event, the oldest first."""
    assert database.verify_copy("DELETE FROM receipts").faults == ()
    assert database.verify_copy("DELETE FROM receipts WHERE key = 'with'").faults == ()


async def test_two_writers_on_postgresql_cause_no_faults(cluster: PostgresCluster) -> None:
    """The actions of two processes alternate, and each event records the rows of its own."""
    with cluster.temporary_database() as url:
        verification = await write_twice(parse_url(url))

    assert verification.events > 60
    assert verification.faults == ()


async def write_twice(url: URL) -> VerificationResult:
    """Write with two ledgers at the same time, and verify the database."""
    one, other = await PostgresLedger.open(url), await PostgresLedger.open(url)
    await create_catalog(one, versions=("1", "2"), policies=ENVIRONMENTS)

    async def deploy(ledger: PostgresLedger, version: str) -> None:
        for _ in range(5):
            requested = await request_deployment(ledger, environment="test", version=version)
            await create_record(ledger, version=version, environment="production")
            await perform_action(ledger, Action.CANCEL, requested.id, "ada")

    await asyncio.gather(*(deploy(ledger, "1") for ledger in (one, other, one, other)))
    await one.close()
    await other.close()
    return await query_database(url, verify_database)
