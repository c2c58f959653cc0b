"""Verification names changes of the event log, and acts that rely on changed rows."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gatepost_domain.actions.access import users
from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.status_transitions import Action
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_text, event_hash
from gatepost_domain.verification.recorded_rows import row_digest
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.verification.database import verify_database
from tests.support.builders import a_command
from tests.support.domain.actions import perform_action
from tests.support.domain.tracking import minutes_after_noon
from tests.support.storage.tampered_databases import CompleteDatabase, CompleteFile, named_places

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

EVENTS = "deployment_events"
ADMIN = '\'[{"role":"admin","service":null,"environment":null}]\''
LATER = minutes_after_noon(240)


@pytest.mark.parametrize(
    "change",
    [
        "note = 'As agreed.'",
        "actor = 'mallory'",
        "on_behalf_of = 'mallory'",
        "at = '2026-11-21T12:00:01.000000Z'",
        "kind = 'cancelled'",
        "data = '{}'",
        "stage = 'qa2'",
        "to_status = 'approved'",
        "deployment_prev_hash = NULL",
        f"hash = '{GENESIS_HASH}'",
    ],
)
def test_changed_event_is_named(database: CompleteDatabase, change: str) -> None:
    """A hash covers the whole event, so the event is named, but not its column."""
    result = database.verify_copy(f"UPDATE {EVENTS} SET {change} WHERE seq = 60")

    assert (EVENTS, "event 60", "hash") in named_places(result.faults)
    assert result.events == 59


def test_event_that_names_an_unknown_column_is_named(complete_file: CompleteFile) -> None:
    """Members that no column has are a fault like other changes, and do not end verification."""
    result = complete_file.verify_copy(
        f"""UPDATE {EVENTS} SET data = '{{"unknown":1,' || substr(data, 2) """
        "WHERE kind = 'requested' AND deployment_id = "
        "(SELECT id FROM deployments WHERE number = 17)"
    )

    assert ("deployments", "DEP-17", "unknown") in named_places(result.faults)


def test_each_changed_event_is_named(database: CompleteDatabase) -> None:
    """One broken event does not hide others."""
    result = database.verify_copy(f"UPDATE {EVENTS} SET note = 'Fine.' WHERE seq IN (3, 30, 130)")

    broken = [fault.subject for fault in result.faults if fault.code == "event_changed"]
    assert broken == ["event 3", "event 30", "event 130"]


@pytest.mark.parametrize(
    ("statements", "code", "subject", "field"),
    [
        (["DELETE FROM $t WHERE seq = 60"], "event_missing", "event 60", None),
        (["DELETE FROM $t WHERE seq IN (60, 61)"], "event_missing", "events 60 to 61", None),
        (["DELETE FROM $t WHERE seq = 1"], "event_missing", "event 1", None),
        (["UPDATE $t SET seq = -1 WHERE seq = 60"], "event_added", "event -1", "seq"),
        (
            [
                "UPDATE $t SET seq = 1000 WHERE seq = 60",
                "UPDATE $t SET seq = 60 WHERE seq = 61",
                "UPDATE $t SET seq = 61 WHERE seq = 1000",
            ],
            "chain_broken",
            "event 60",
            "prev_hash",
        ),
        (
            [
                (
                    "INSERT INTO $t SELECT 0, NULL, kind, actor, on_behalf_of, at, NULL, NULL, "
                    "stage, note, '{}', prev_hash, NULL, hash FROM $t WHERE seq = 1"
                )
            ],
            "event_added",
            "event 0",
            "seq",
        ),
        (
            [
                (
                    "INSERT INTO $t SELECT 138, NULL, kind, actor, on_behalf_of, at, NULL, NULL, "
                    "stage, note, '{}', prev_hash, NULL, hash FROM $t WHERE seq = 1"
                )
            ],
            "chain_broken",
            "event 138",
            "prev_hash",
        ),
    ],
    ids=["delete", "delete two", "delete the first", "renumber", "swap", "prepend", "append"],
)
def test_moved_event_is_named(
    database: CompleteDatabase,
    statements: list[str],
    code: str,
    subject: str,
    field: str | None,
) -> None:
    """Deleted, renumbered, swapped and inserted events leave a gap or break the chain."""
    last = database.verify_copy().events
    texts = (text.replace("$t", EVENTS).replace("138", str(last + 1)) for text in statements)

    result = database.verify_copy(*texts)

    named = {(fault.code, fault.table, fault.subject, fault.field) for fault in result.faults}
    assert (code, EVENTS, subject.replace("138", str(last + 1)), field) in named


def test_rows_of_events_that_were_cut_off_are_named(database: CompleteDatabase) -> None:
    """The rows that the last events stored are without an event then."""
    last = database.verify_copy().events

    (fault,) = database.verify_copy(f"DELETE FROM {EVENTS} WHERE seq = {last}").faults

    assert (fault.code, fault.table) == ("row_without_event", "receipts")


def test_end_that_was_cut_off_with_its_rows_is_found_by_a_checkpoint(
    database: CompleteDatabase,
) -> None:
    """Without a checkpoint, the shorter log is as good as the original."""
    checkpoint = checkpoint_of(database.verify_copy())
    cut = (
        f"DELETE FROM {EVENTS} WHERE seq = {checkpoint.size}",
        "DELETE FROM receipts WHERE key = 'alone'",
    )

    assert database.verify_copy(*cut).faults == ()
    (fault,) = database.verify_copy(*cut, checkpoints=[checkpoint]).faults
    assert (fault.code, fault.subject) == ("log_shortened", f"event {checkpoint.size}")


def test_log_that_continues_after_a_checkpoint_agrees_with_it(database: CompleteDatabase) -> None:
    """A checkpoint stays valid while the log grows."""
    checkpoint = checkpoint_of(database.verify_copy())

    result = database.verify_copy(act=complete_dep_17, checkpoints=[checkpoint])

    assert result.events > checkpoint.size
    assert result.faults == ()


def test_recomputed_chain_is_found_only_by_a_checkpoint(complete_file: CompleteFile) -> None:
    """Somebody who recomputes every hash and digest is betrayed by a tree head kept elsewhere."""
    checkpoint = checkpoint_of(complete_file.verify_copy())
    file = complete_file.copy()
    replace_reviewer(file, number=4, reviewer="mallory")

    assert verify_file(file).faults == ()
    (fault,) = verify_file(file, checkpoint).faults
    assert (fault.code, fault.table, fault.field) == ("log_rewritten", EVENTS, "hash")


def test_start_without_approval_is_named(database: CompleteDatabase) -> None:
    """A status changed with SQL lets the rollout start, but the events lack the approval."""
    result = database.verify_copy(
        "UPDATE deployments SET status = 'approved' WHERE number = 17", act=complete_dep_17_alone
    )

    named = {(fault.code, *place(fault)) for fault in result.faults}
    assert ("review_incomplete", "deployments", "DEP-17", "approvals") in named
    assert ("status_gap", EVENTS, "DEP-17", "from_status") in named


def test_event_without_state_does_not_cover_a_forged_approval(complete_file: CompleteFile) -> None:
    """An approval in the row and in a well-linked event still lacks the state of the row."""
    file = complete_file.copy()
    approval = (
        '[{"stage":"devops","actor":"dora","at":"2026-11-21T13:40:00Z","note":null,"digest":""}]'
    )
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        append_event(
            connection,
            number=17,
            kind="approved",
            actor="dora",
            at="2026-11-21T15:00:00.000000Z",
            from_status="pending_approval",
            to_status="approved",
            stage="devops",
        )
        connection.execute(
            "UPDATE deployments SET status = 'approved', approvals = ?, approved_stage = 'devops' "
            "WHERE number = 17",
            (approval,),
        )

    named = named_places(verify_file(file).faults)

    assert {("deployments", "DEP-17", name) for name in ("status", "approvals")} <= named
    assert not [subject for _, subject, _ in named if subject.startswith("event")]


def test_action_does_not_cover_a_change_of_another_column(database: CompleteDatabase) -> None:
    """A later change of a user records only what it changed itself."""

    async def change_groups(ledger: SqlLedger) -> None:
        action = partial(
            users.change_user,
            name="quinn",
            command=a_command("root", at=LATER),
            grants=None,
            groups=("qa", "sre"),
            disabled=None,
            revision=None,
        )
        await ledger.perform(action)

    result = database.verify_copy(
        f"UPDATE users SET grants = {ADMIN} WHERE key = 'quinn'", act=change_groups
    )

    assert named_places(result.faults) == {("users", "quinn", "grants")}


def test_use_does_not_cover_a_token_that_was_valid_again(database: CompleteDatabase) -> None:
    """A revoked token that was made valid and then used is named."""
    token = UUID(database.ids["revoked"])

    async def use(ledger: SqlLedger) -> None:
        await ledger.perform(lambda uow: uow.users.record_token_use(token, LATER))

    result = database.verify_copy(
        "UPDATE tokens SET revoked_at = NULL WHERE id = '$revoked'", act=use
    )

    assert named_places(result.faults) == {("tokens", f"token {token}", "revoked_at")}


async def complete_dep_17(ledger: SqlLedger) -> None:
    """Give the last approval of DEP-17, and start and complete it."""
    await perform_action(ledger, Action.APPROVE, 17, "dora", at=LATER)
    await complete_dep_17_alone(ledger)


async def complete_dep_17_alone(ledger: SqlLedger) -> None:
    """Start and complete DEP-17."""
    await perform_action(ledger, Action.START, 17, at=LATER)
    await perform_action(ledger, Action.SUCCEED, 17, at=LATER)


def place(fault: Any) -> tuple[str, str, str | None]:
    """Return what a fault names."""
    return fault.table, fault.subject, fault.field


def checkpoint_of(result: VerificationResult) -> Checkpoint:
    """Return the checkpoint of a verified log."""
    return Checkpoint(origin="gatepost/test", size=result.events, root=result.root)


def verify_file(path: Path, *checkpoints: Checkpoint) -> VerificationResult:
    """Verify a file against checkpoints."""
    with closing(open_read_connection(path)) as connection:
        return verify_database(connection, checkpoints)


def append_event(connection: sqlite3.Connection, *, number: int, **columns: Any) -> None:
    """Append an event with right hashes, but without the state of rows."""
    seq, prev_hash = connection.execute(f"SELECT max(seq), hash FROM {EVENTS}").fetchone()
    deployment, previous = connection.execute(
        f"SELECT e.deployment_id, e.hash FROM {EVENTS} e JOIN deployments d "
        f"ON d.id = e.deployment_id WHERE d.number = {number} ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    event = {
        "seq": seq + 1,
        "deployment_id": deployment,
        "on_behalf_of": None,
        "note": None,
        "data": "{}",
        "prev_hash": prev_hash,
        "deployment_prev_hash": previous,
        **columns,
    }
    event["hash"] = event_hash(**event)
    names = ", ".join(event)
    marks = ", ".join("?" * len(event))
    connection.execute(f"INSERT INTO {EVENTS} ({names}) VALUES ({marks})", list(event.values()))


def replace_reviewer(path: Path, *, number: int, reviewer: str) -> None:
    """Let another person have approved in the row and the events, and recompute all hashes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            f"UPDATE deployments SET approvals = replace(approvals, 'quinn', '{reviewer}') "
            f"WHERE number = {number}"
        )
        connection.execute(
            f"UPDATE deployment_search_terms SET term = '{reviewer}' "
            f"WHERE field = 'reviewer' AND term = 'quinn' AND number = {number}"
        )
        hashes: dict[str | None, str] = {}
        previous, columns = GENESIS_HASH, dict[str, Any]()
        for row in connection.execute(f"SELECT * FROM {EVENTS} ORDER BY seq").fetchall():
            event = dict(row)
            data = json.loads(event["data"])
            for item in data.get("state", ()):
                if (item["table"], item.get("key")) == ("deployments", [str(number)]):
                    event["actor"] = event["actor"].replace("quinn", reviewer)
                    text = event["data"].replace("quinn", reviewer)
                    data = json.loads(text)
                    (new,) = [each for each in data["state"] if each["table"] == "deployments"]
                    columns |= new.get("row", new.get("changes", {}))
                    new["digest"] = row_digest(columns)
            event["data"] = canonical_text(data)
            event["prev_hash"] = previous
            if event["deployment_id"] is not None:
                event["deployment_prev_hash"] = hashes.get(event["deployment_id"], GENESIS_HASH)
            del event["hash"]
            previous = hashes[event["deployment_id"]] = event_hash(**event)
            connection.execute(
                f"UPDATE {EVENTS} SET actor = ?, data = ?, prev_hash = ?, "
                "deployment_prev_hash = ?, hash = ? WHERE seq = ?",
                (
                    *(event[name] for name in ("actor", "data", "prev_hash")),
                    event["deployment_prev_hash"],
                    previous,
                    event["seq"],
                ),
            )
        for _, definition in triggers:
            connection.execute(definition)
