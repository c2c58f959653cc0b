"""What is kept for reading is held against the history, and what differs is named."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.recounting import Difference
from gatepost_domain.status import Action
from gatepost_persistence.migrating import UnknownRevision
from gatepost_persistence.sqlite_ledger import SqliteLedger
from gatepost_persistence.verifying import verify_current
from tests.support.acting import act, ask
from tests.support.builders import with_catalog
from tests.support.tracking import PLACES, a_row, hide, import_rows, minutes, record, retire

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

CELL = "service = 'shop' AND environment ="


@pytest.fixture
async def written(path: Path) -> Path:
    """A file in which things were deployed, recorded, imported, hidden and retired."""
    ledger = await SqliteLedger.open(path)
    await with_catalog(ledger, services=["shop", "cart"], versions=["1", "2"], policies=PLACES)
    asked = await ask(ledger, environment="development", version="1")
    await act(ledger, Action.START, asked.id)
    await act(ledger, Action.SUCCEED, asked.id)
    await record(ledger, version="1", deployed_by="ada")
    await import_rows(
        ledger,
        [a_row(2, environment="test", version="1"), a_row(3, service="cart", version="2")],
    )
    await hide(ledger, (await record(ledger, version="2", deployed_at=minutes(0))).id)
    await retire(ledger, "cart", "production")
    await ledger.close()
    return path


def shell(path: Path, *statements: str) -> None:
    """What somebody does to the file with every guard gone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        guards = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for (name,) in other.execute(guards).fetchall():
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            other.execute(statement)


def test_what_was_kept_as_it_happened_is_in_order(written: Path) -> None:
    """Nothing differs."""
    assert list(verify_current(written)) == []


def test_a_file_of_a_newer_release_is_not_judged(written: Path) -> None:
    """What this release cannot read is not called wrong."""
    shell(written, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision):
        list(verify_current(written))


@pytest.mark.parametrize(
    ("statement", "where", "reason"),
    [
        (
            f"UPDATE current_cells SET version = '2' WHERE {CELL} 'test'",
            "shop in test",
            "version is kept as 2, but is 1",
        ),
        (
            f"UPDATE current_cells SET tier = 'test', number = 1 WHERE {CELL} 'production'",
            "shop in production",
            "tier is kept as test, but is production; number is kept as 1, but is 2",
        ),
        (
            f"DELETE FROM current_cells WHERE {CELL} 'development'",
            "shop in development",
            "nothing is kept, but 1 stands there",
        ),
        (
            f"UPDATE current_cells SET service = 'cart' WHERE {CELL} 'production'",
            "cart in production",
            "something is kept, but nothing stands there",
        ),
        (
            "UPDATE deployments SET notes = 'x' WHERE number = 4",
            "import 15",
            "its deployments are not those that were imported",
        ),
        (
            "UPDATE deployments SET import_seq = NULL WHERE number = 4",
            "import 15",
            "it brought 2 deployments, but there are 1",
        ),
        (
            "UPDATE deployments SET import_seq = NULL WHERE import_seq = 15",
            "import 15",
            "it brought 2 deployments, but there are 0",
        ),
    ],
)
def test_what_differs_is_named(written: Path, statement: str, where: str, reason: str) -> None:
    """The lane, or the import, and what differs there."""
    shell(written, statement)

    assert Difference(where=where, reason=reason) in list(verify_current(written))
