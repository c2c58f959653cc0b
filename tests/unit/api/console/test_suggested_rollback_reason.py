"""The reason with which the form of an emergency rollback is filled in."""

from __future__ import annotations

from dataclasses import replace

from gatepost_api.console.views.suggested_rollback_reason import suggest_rollback_reason
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.status_transitions import Status
from tests.support.builders import a_deployment, an_event

BAD = replace(a_deployment(), version="1.4.2", status=Status.SUCCEEDED)
GOOD = replace(a_deployment(), version="1.4.1", status=Status.SUCCEEDED)


def entries(*notes: str | None) -> list[LedgerEntry]:
    return [
        LedgerEntry(
            seq=seq,
            prev_hash="",
            deployment_prev_hash=None,
            hash="",
            event=an_event(kind=EventKind.FAILED, note=note),
        )
        for seq, note in enumerate(notes, start=1)
    ]


def test_the_reason_names_both_versions() -> None:
    """A deployment that has succeeded has no failure to name."""
    assert suggest_rollback_reason(BAD, GOOD, entries()) == (
        "Emergency rollback from 1.4.2 to 1.4.1."
    )


def test_the_reason_contains_why_the_deployment_failed() -> None:
    """The note of the last failure is quoted; without one, nothing is added."""
    failed = replace(BAD, status=Status.FAILED)

    assert suggest_rollback_reason(failed, GOOD, entries("First.", "Readiness answered 503.")) == (
        "Emergency rollback from 1.4.2 to 1.4.1. 1.4.2 failed: Readiness answered 503."
    )
    assert suggest_rollback_reason(failed, GOOD, entries(None)) == (
        "Emergency rollback from 1.4.2 to 1.4.1."
    )
