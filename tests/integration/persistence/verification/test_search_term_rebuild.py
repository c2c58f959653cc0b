"""Search terms that were changed are computed again, and the record stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_api.main import main
from gatepost_persistence.storage import EmptyStorage, select_storage
from gatepost_persistence.verification.database import verify_database
from gatepost_persistence.verification.search_term_rebuild import RebuiltTerms
from tests.support.storage.tampered_databases import CompleteDatabase, CompleteFile

TABLE = "deployment_search_terms"
MISSING = f"DELETE FROM {TABLE} WHERE number = 1 AND field = 'work_reference'"
CHANGED = f"UPDATE {TABLE} SET number = 1 WHERE field = 'commit' AND number = 9"
SURPLUS = f"INSERT INTO {TABLE} VALUES ('word', 'checkout', 99999), ('reviewer', 'mallory', 2)"
CHANGES = {
    "missing": ((MISSING,), RebuiltTerms(added=1, removed=0)),
    "of another deployment": ((CHANGED,), RebuiltTerms(added=1, removed=1)),
    "surplus": ((SURPLUS,), RebuiltTerms(added=0, removed=2)),
    "all of these": ((MISSING, CHANGED, SURPLUS), RebuiltTerms(added=2, removed=3)),
}
"""What is changed, and how many terms are wrong."""


@pytest.mark.parametrize(("statements", "rebuilt"), CHANGES.values(), ids=CHANGES)
def test_changed_search_terms_are_rebuilt(
    database: CompleteDatabase, statements: tuple[str, ...], rebuilt: RebuiltTerms
) -> None:
    """The fault names the command, which repairs exactly the changed terms."""
    with database.changed_copy(*statements) as storage:
        before = storage.query(verify_database)
        assert {fault.table for fault in before.faults} == {TABLE}
        assert all(
            "gatepost-server rebuild-search-terms" in fault.detail for fault in before.faults
        )

        assert storage.rebuild_search_terms() == rebuilt

        after = storage.query(verify_database)
        assert (after.faults, after.events) == ((), before.events)
        assert storage.rebuild_search_terms() == RebuiltTerms(added=0, removed=0)


def test_record_is_not_repaired(database: CompleteDatabase) -> None:
    """A changed deployment keeps its fault; only what is computed can be computed again."""
    change = "UPDATE deployments SET notes = 'other' WHERE number = 1"
    with database.changed_copy(change) as storage:
        storage.rebuild_search_terms()

        faults = storage.query(verify_database).faults
    assert {(fault.table, fault.subject) for fault in faults} == {("deployments", "DEP-1")}


def test_command_says_what_it_repaired(
    complete_file: CompleteFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints the numbers, also if there is nothing to repair."""
    complete_file.copy(MISSING, SURPLUS).rename(tmp_path / "gatepost.db")
    command = ["rebuild-search-terms", "--data", str(tmp_path)]

    assert main(command) == 0
    assert main(command) == 0

    assert capsys.readouterr().out.splitlines() == [
        "Search terms: 1 missing ones added, 2 wrong ones removed.",
        "The search terms were already right.",
    ]


def test_without_a_database_nothing_is_created(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command creates no empty database."""
    with pytest.raises(EmptyStorage):
        select_storage(tmp_path / "gatepost.db", None).rebuild_search_terms()
    assert main(["rebuild-search-terms", "--data", str(tmp_path)]) == 2

    assert "No database found" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
