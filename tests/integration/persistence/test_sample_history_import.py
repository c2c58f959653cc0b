"""Import of the deployment history of a real platform."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.tracking.current_state import CurrentFilter
from gatepost_domain.tracking.history_files.file_reader import read_history
from gatepost_domain.tracking.import_result import ImportResult
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.domain.tracking import import_rows
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.sqlite_files import find_faults_in_file

FOLDER = Path(__file__).parents[4] / "shared" / "data"
HISTORY, EXPECTED = FOLDER / "history_sample.csv", FOLDER / "history_sample_current.csv"

pytestmark = pytest.mark.skipif(
    not HISTORY.exists(), reason="the sample is not beside this repository"
)


async def import_sample(ledger: AnyLedger) -> ImportResult:
    with HISTORY.open("rb") as lines:
        return await import_rows(
            ledger, read_history(lines), create_missing=True, tiers={"integration": Tier.TEST}
        )


async def test_current_state_of_the_sample_matches_its_source(ledger: AnyLedger) -> None:
    """Every cell matches at the end of the year, and a second import changes nothing."""
    with EXPECTED.open() as lines:
        expected = list(csv.DictReader(lines))
    (at,) = {datetime.fromisoformat(row["at"]) for row in expected}

    first, second = await import_sample(ledger), await import_sample(ledger)

    state = await ledger.reads.current_state(CurrentFilter(), at=at)
    assert {cell.lane_key: cell.version for cell in state.cells} == {
        (row["service"], row["environment"]): row["version"] for row in expected
    }
    assert first == ImportResult(
        imported=1418, services_created=49, environments_created=3, versions_created=730
    )
    assert second == ImportResult(repeated=1418)


async def test_imported_sample_has_no_differences(sqlite: SqliteLedger, path: Path) -> None:
    """The current state matches the replayed events."""
    await import_sample(sqlite)

    assert find_faults_in_file(path) == []
