"""Every ledger stores how imported deployments ended in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.reports.measurements import ReportFilter
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Span
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.history_files.rows import HistoryRow, Outcome
from gatepost_domain.tracking.import_result import ImportResult
from tests.support.builders import NOON, create_catalog
from tests.support.domain.actions import all_events
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    current_versions,
    history_row,
    import_rows,
    minutes_after_noon,
)
from tests.support.storage.ledgers import AnyLedger


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1.0.0"], policies=ENVIRONMENTS
    )
    return ledger


async def deployments(ledger: AnyLedger) -> Sequence[Deployment]:
    page = PageRequest(limit=200)
    return (await ledger.reads.deployments(DeploymentFilter(oldest_first=True), page)).items


def failed(number: int, minute: int, **changes: Any) -> HistoryRow:
    return history_row(
        number, deployed_at=minutes_after_noon(minute), outcome=Outcome(Status.FAILED), **changes
    )


async def test_outcomes_are_stored(ledger: AnyLedger) -> None:
    """A failed deployment never went live; a rolled-back one was live until it was rolled back."""
    back = Outcome(Status.ROLLED_BACK, rolled_back_at=minutes_after_noon(-3))
    rows = [
        history_row(2, deployed_at=minutes_after_noon(-9)),
        history_row(3, deployed_at=minutes_after_noon(-6), version="2.0.0", outcome=back),
        history_row(
            4, deployed_at=minutes_after_noon(-2), outcome=Outcome(is_rollback=True), notes="Back."
        ),
        failed(5, -1, version="2.0.0", external_id="run-5"),
    ]

    await import_rows(ledger, rows, create_missing=True)
    again = await import_rows(ledger, rows, at=minutes_after_noon(1))

    assert again == ImportResult(repeated=4, repeated_records=3)
    first, second, third, fourth = await deployments(ledger)
    assert [each.status for each in (first, second, third, fourth)] == [
        Status.SUCCEEDED,
        Status.ROLLED_BACK,
        Status.SUCCEEDED,
        Status.FAILED,
    ]
    assert (fourth.deployed_at, fourth.finished_at) == (None, minutes_after_noon(-1))
    assert (second.rolled_back_at, third.recorded_rollback) == (minutes_after_noon(-3), True)
    assert await current_versions(ledger) == {("shop", "production"): ("1.0.0", 3)}
    for minute, expected in ((-8, 1), (-5, 2), (-2.5, 1), (-1, 3)):
        at = NOON + timedelta(minutes=minute)
        assert (await current_versions(ledger, at))["shop", "production"][1] == expected
    event = (await all_events(ledger.reads))[-1]
    assert event.data["outcomes"] == {"failed": 1, "rolled_back": 1, "rollbacks": 1}


async def test_environment_of_failures_alone_has_no_current_deployment(ledger: AnyLedger) -> None:
    """A failed deployment leaves its service and environment without a live deployment."""
    await import_rows(ledger, [failed(2, -1)])

    assert await current_versions(ledger) == {}


async def test_external_id_of_another_outcome_is_taken(ledger: AnyLedger) -> None:
    """The outcome is one of the facts of a record."""
    await import_rows(ledger, [history_row(2, external_id="run-1")])
    rows = [failed(2, 0, external_id="run-1")]

    with pytest.raises(ValidationFailed, match="status is succeeded, not failed"):
        await import_rows(ledger, rows)


async def test_outcomes_are_measured(ledger: AnyLedger) -> None:
    """Failures and rollbacks count in the failure rate, a failure at the time when it failed."""
    back = Outcome(Status.ROLLED_BACK, rolled_back_at=minutes_after_noon(-3))
    rows = [
        history_row(2, deployed_at=minutes_after_noon(-6), outcome=back),
        history_row(3, deployed_at=minutes_after_noon(-3), outcome=Outcome(is_rollback=True)),
        failed(4, -2),
        history_row(5),
    ]
    await import_rows(ledger, rows)
    span = Span(since=minutes_after_noon(-10), until=minutes_after_noon(-1))

    measured = await ledger.reads.delivery_measurements(ReportFilter(span=span), [span])

    (bucket,) = measured.buckets
    assert bucket.contributors[Figure.DEPLOYMENTS].latest == (1,)
    assert bucket.contributors[Figure.ROLLBACKS].latest == (2,)
    assert bucket.contributors[Figure.CHANGE_FAILURE_RATE].latest == (3, 1)
    assert bucket.finished == 2
    assert bucket.durations[Figure.RECOVERY_TIME].count == 2
