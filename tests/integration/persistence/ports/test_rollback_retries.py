"""Retried rollbacks in every ledger: the current state follows them, and the record holds."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import IntegrityError

from gatepost_domain.actions.deployments.rollback import roll_back_deployment
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.status_transitions import Action
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_persistence.postgres.ledger import PostgresLedger, query_database
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.verification.database import verify_database
from tests.support.builders import NOON, a_command, an_id, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.postgres_cluster import execute_sql

MINUTE = timedelta(minutes=1)


async def act(ledger: Ledger, deployment: Deployment, *actions: Action) -> Deployment:
    for action in actions:
        deployment = await perform_action(ledger, action, deployment.id, at=NOON + 2 * MINUTE)
    return deployment


async def roll_back(ledger: AnyLedger) -> tuple[Deployment, Deployment]:
    """Deploy two versions, and roll the second one back.

    Return the deployment that was rolled back, and the one that was requested in its place.
    """
    await create_catalog(ledger, versions=["1.0.0", "2.0.0"], policies=ENVIRONMENTS)
    for minute, version in enumerate(("1.0.0", "2.0.0")):
        at = NOON + minute * MINUTE
        bad = await request_deployment(ledger, environment="test", version=version, at=at)
        for action in (Action.START, Action.SUCCEED):
            bad = await perform_action(ledger, action, bad.id, at=at)
    command = a_command("olga", at=NOON + MINUTE, note="It is broken.")
    bad = await ledger.perform(
        partial(
            roll_back_deployment,
            reference=bad.id,
            command=command,
            revision=None,
            new_id=an_id,
            redeploy=True,
        )
    )
    assert bad.rolled_back_by is not None
    return bad, await ledger.reads.deployment(bad.rolled_back_by)


async def current(ledger: AnyLedger) -> tuple[str, int | None]:
    """Return the live version, and the number of the deployment that replaces it."""
    (cell,) = (await ledger.reads.current_state(CurrentFilter())).cells
    return cell.version, None if cell.rolling_back_to is None else cell.rolling_back_to.number


@pytest.mark.parametrize("actions", [(Action.START, Action.FAIL), (Action.CANCEL,)])
async def test_current_state_follows_the_latest_attempt(
    ledger: AnyLedger, actions: tuple[Action, ...]
) -> None:
    """The bad version is live until the retry succeeds, and never again after that."""
    bad, first = await roll_back(ledger)
    first = await act(ledger, first, *actions)
    second = await act(ledger, first, Action.RETRY)
    assert await current(ledger) == ("2.0.0", second.number)
    assert (await ledger.reads.deployment(bad.id)).rolled_back_by == second.id

    await act(ledger, second, Action.START, Action.SUCCEED)
    assert await current(ledger) == ("1.0.0", None)
    await act(ledger, second, Action.ROLLBACK)

    assert await current(ledger) == ("1.0.0", None)


async def retry_twice(ledger: AnyLedger) -> None:
    _, first = await roll_back(ledger)
    second = await act(ledger, await act(ledger, first, Action.CANCEL), Action.RETRY)
    third = await act(ledger, await act(ledger, second, Action.START, Action.FAIL), Action.RETRY)
    await act(ledger, third, Action.START, Action.SUCCEED)


async def test_retries_leave_no_faults_in_a_file(sqlite: SqliteLedger, path: Path) -> None:
    """Verification recomputes which deployment is live from the retries."""
    await retry_twice(sqlite)

    with open_read_connection(path) as connection:
        assert verify_database(connection).faults == ()


async def test_retries_leave_no_faults_on_postgresql(
    postgres: PostgresLedger, database: URL
) -> None:
    """The same holds on PostgreSQL."""
    await retry_twice(postgres)

    assert (await query_database(database, verify_database)).faults == ()


async def test_database_keeps_a_rollback_that_can_still_succeed(
    postgres: PostgresLedger, database: URL
) -> None:
    """A program that bypasses Gatepost cannot put another deployment in its place."""
    bad, _ = await roll_back(postgres)

    for other in ("NULL", f"'{bad.id}'"):
        statement = f"UPDATE deployments SET rolled_back_by = {other} WHERE id = '{bad.id}'"
        with pytest.raises(IntegrityError, match="what happened stays as it was told"):
            await execute_sql(database, statement)
