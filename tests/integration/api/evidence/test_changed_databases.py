"""Evidence of deployments that somebody changed in the database, past the server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from gatepost_domain.status_transitions import Action
from gatepost_domain.verification.faults import Fault
from tests.support.builders import FrozenClock
from tests.support.http.api import ok_json, running_api
from tests.support.http.evidence import (
    create_reviewed_deployment,
    find_faults,
    get_evidence,
    run_verifier,
    unpack_archive,
)

NOON: Final = "2026-11-21T12:00:00.000000Z"


def change(database: Path, statement: str) -> None:
    """Run a statement on the database of a stopped server, without the triggers that refuse it.

    The triggers are put back, so that the server starts as usual.
    """
    with closing(sqlite3.connect(database)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


async def find_faults_after(database: Path, statement: str) -> list[Fault]:
    """Return the faults in the evidence of a reviewed deployment after a change by hand."""
    async with running_api(database, FrozenClock()) as api:
        await create_reviewed_deployment(api)
    change(database, statement)
    async with running_api(database, FrozenClock()) as api:
        return find_faults(await get_evidence(api, "DEP-1"))


async def test_start_after_an_approval_by_hand_is_found(database: Path, tmp_path: Path) -> None:
    """A pending deployment is set to approved by hand, and then started and finished as usual."""
    async with running_api(database, FrozenClock()) as api:
        deployment = await api.create_deployment()
    values = f"status = 'approved', approved_at = '{NOON}'"
    change(database, f"UPDATE deployments SET {values} WHERE number = 1")

    async with running_api(database, FrozenClock()) as api:
        for action in (Action.START, Action.SUCCEED):
            ok_json(await api.perform(deployment, action, actor="olga"))
        folder = await unpack_archive(api, "DEP-1", tmp_path / "unpacked")

    code, output = run_verifier(folder)
    assert code == 1
    assert "has the from_status approved; after the previous event, the status" in output
    assert "started the rollout, but stage qa has 0 of 1 required approvals" in output
    assert "approved_at is stored as '2026-11-21T12:00:00.000000Z', but the events" in output


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("requester", "'eve'"),
        ("risk", "'None.'"),
        ("rollback_plan", "'None.'"),
        ("status", "'failed'"),
        ("approvals", "'[]'"),
        ("overrides", "'[]'"),
        ("reviewed_by", "'eve'"),
        ("reviewed_at", f"'{NOON.replace('21', '20')}'"),
        ("deployed_by", "'eve'"),
        ("approved_at", f"'{NOON.replace('21', '20')}'"),
        ("started_at", f"'{NOON.replace('21', '20')}'"),
        ("finished_at", "NULL"),
        ("deployed_at", f"'{NOON.replace('21', '20')}'"),
        ("approved_stage", "'qa'"),
        ("unreviewed", "1"),
        ("identities", "'[]'"),
        ("auto_start", "1"),
        ("revision", "7"),
    ],
)
async def test_changed_column_of_a_deployment_is_found(
    database: Path, column: str, value: str
) -> None:
    """The fault names the column, also of those that the deployment itself does not show."""
    faults = await find_faults_after(database, f"UPDATE deployments SET {column} = {value}")

    assert ("deployments", column) in {(fault.table, fault.field) for fault in faults}


async def test_changed_policy_is_found(database: Path) -> None:
    """The policy of the document is the one in the table, but its event says otherwise."""
    faults = await find_faults_after(
        database,
        "UPDATE policies SET policy = json_set(policy, '$.approval_stages', json('[]')) "
        "WHERE environment = 'production'",
    )

    assert "policy.approval_stages" in {fault.field for fault in faults}


async def test_changed_event_is_found(database: Path) -> None:
    """The event no longer has the contents of its hash."""
    faults = await find_faults_after(
        database, "UPDATE deployment_events SET note = 'Fine.' WHERE kind = 'overridden'"
    )

    assert "event_hash_wrong" in {fault.code for fault in faults}


async def test_changed_event_with_a_recomputed_hash_is_found(database: Path) -> None:
    """The other events of the log link to another hash."""
    faults = await find_faults_after(
        database, f"UPDATE deployment_events SET hash = '{'0' * 64}' WHERE kind = 'overridden'"
    )

    assert {"event_hash_wrong", "deployment_link_broken"} <= {fault.code for fault in faults}
