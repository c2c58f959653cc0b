"""What the words for emergencies, and for going back, ask of the server and answer."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_cli.exits import Exit
from tests.support.command import Command, a_deployment

REASON = "--reason=Nobody can pay."
BLOCK: dict[str, Any] = {
    "service": "shop",
    "environment": "production",
    "version": "team/1",
    "at": "2026-11-21T12:00:00Z",
    "actor": "olga",
    "reason": "It was slow.",
    "deployment_id": "01936f5e-0000-7000-8000-000000000042",
}
OWED: dict[str, Any] = {
    "state": "open",
    "due_at": "2026-11-24T12:00:00Z",
    "verdict": None,
    "closed_by": None,
    "closed_at": None,
}


def test_a_gate_is_passed_with_a_reason(gatepost: Command) -> None:
    """One gate, by its kind."""
    gatepost.says("POST /deployments/DEP-42/override", a_deployment())

    ran = gatepost("override", "DEP-42", "freeze", REASON)

    assert (ran.code, ran.out) == (0, "DEP-42 passes its gate freeze.\n")
    assert gatepost.sent == {"gate": "freeze", "reason": "Nobody can pay."}


def test_breaking_the_glass_tells_what_is_owed(gatepost: Command) -> None:
    """When the after-review is due stands in the answer."""
    broken = a_deployment(status="approved", after_review=OWED)
    gatepost.says("POST /deployments/DEP-42/break-glass", broken)

    ran = gatepost("break-glass", "DEP-42", "--incident=INC-7", REASON)

    assert ran.out == (
        "DEP-42 is approved by break-glass. Its after-review is due 2026-11-24 12:00:00Z.\n"
    )
    assert gatepost.sent == {"reason": "Nobody can pay.", "incident": "INC-7"}


def test_a_verdict_is_sent_with_its_note(gatepost: Command) -> None:
    """Either one."""
    gatepost.says("POST /deployments/DEP-42/after-review", a_deployment())

    ran = gatepost("after-review", "DEP-42", "unjustified", "--note=It could wait.")

    assert (ran.code, ran.out) == (0, "The break-glass of DEP-42 was unjustified.\n")
    assert gatepost.sent == {"verdict": "unjustified", "note": "It could wait."}


def test_a_rollback_tells_what_redeploys(gatepost: Command) -> None:
    """The deployment that was asked for by it is named."""
    other = "01936f5e-0000-7000-8000-000000000099"
    ended = a_deployment(status="rolled_back", rolled_back_by=other)
    gatepost.says("POST /deployments/DEP-42/rollback", ended)

    ran = gatepost("rollback", "DEP-42", "--note=Slow.", "--redeploy")

    assert f"{other} redeploys what stood before." in ran.out
    assert gatepost.sent == {"note": "Slow.", "redeploy": True}


def test_a_version_is_unblocked_where_it_is_told(gatepost: Command) -> None:
    """Slashes in its name are no steps of the path."""
    gatepost.says("POST /services/shop/versions/team/1/unblock", BLOCK)

    ran = gatepost("unblock", "shop", "team/1", "--in=production", REASON)

    assert (ran.code, ran.out) == (0, "team/1 of shop may be deployed to production again.\n")
    assert gatepost.sent == {"environment": "production", "reason": "Nobody can pay."}


def test_a_hold_is_released(gatepost: Command) -> None:
    """For one service in one environment."""
    hold = {name: value for name, value in BLOCK.items() if name != "reason"}
    gatepost.says("POST /services/shop/targets/production/release", hold)

    ran = gatepost("release", "shop", "production", REASON)

    assert (ran.code, ran.out) == (0, "shop is promoted to production by itself again.\n")
    assert gatepost.sent == {"reason": "Nobody can pay."}


def test_the_inbox_tells_what_a_break_glass_owes(gatepost: Command) -> None:
    """In the place of the stage that is open."""
    page = {"items": [a_deployment(after_review=OWED)], "next_cursor": None}
    gatepost.says("GET /reviews/inbox", page)

    assert "after-review (open)" in gatepost("inbox").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("override", "DEP-42", "approval", REASON),
        ("override", "DEP-42", "freeze"),
        ("break-glass", "DEP-42", REASON),
        ("after-review", "DEP-42", "perhaps", "--note=x"),
        ("unblock", "shop", "1.0.0", REASON),
        ("release", "shop", REASON),
    ],
)
def test_what_is_missing_is_told_before_anything_is_sent(
    gatepost: Command, arguments: tuple[str, ...]
) -> None:
    """An emergency word that is not whole is no request."""
    ran = gatepost(*arguments)

    assert (ran.code, gatepost.asked) == (Exit.USAGE, [])
