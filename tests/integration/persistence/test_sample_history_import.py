"""Real history: three months of a real platform's deployments, imported as they are."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.history_import import ImportResult
from gatepost_domain.tracking.import_rows import read_csv
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.sqlite.verification import find_differences_in_file
from tests.support.ledgers import AnyLedger
from tests.support.tracking import import_rows

FOLDER = Path(__file__).parents[4] / "shared" / "data"
HISTORY, STOOD = FOLDER / "history_sample.csv", FOLDER / "history_sample_current.csv"

pytestmark = pytest.mark.skipif(not HISTORY.exists(), reason="the sample is not beside this clone")


async def imported(ledger: AnyLedger) -> ImportResult:
    with HISTORY.open("rb") as lines:
        return await import_rows(ledger, read_csv(lines), create_missing=True)


async def test_what_stood_is_what_independent_files_say(ledger: AnyLedger) -> None:
    """Cell by cell, at the end of the year; a second import changes nothing."""
    with STOOD.open() as lines:
        truth = list(csv.DictReader(lines))
    (at,) = {datetime.fromisoformat(each["at"]) for each in truth}

    first, again = await imported(ledger), await imported(ledger)

    stood = await ledger.reads.current_state(CurrentFilter(), at=at)
    assert {cell.lane_key: cell.version for cell in stood.cells} == {
        (each["service"], each["environment"]): each["version"] for each in truth
    }
    assert first == ImportResult(
        imported=1418, services_created=49, environments_created=3, versions_created=730
    )
    assert again == ImportResult(repeated=1418)


async def test_the_sample_passes_a_recount(sqlite: SqliteLedger, path: Path) -> None:
    """What is kept for reading is what the history tells."""
    await imported(sqlite)

    assert list(find_differences_in_file(path)) == []
