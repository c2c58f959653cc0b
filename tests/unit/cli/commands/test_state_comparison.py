"""`gatepost diff`."""

from __future__ import annotations

from tests.support.cli import CliRunner
from tests.unit.cli.commands.test_current_state import CELL


def test_diff_shows_a_line_for_each_difference(cli: CliRunner) -> None:
    """Each line shows both versions; a dash means that nothing is live."""
    state = {"at": "2026-11-21T12:00:00Z", "environment": None}
    difference = {
        "service": "shop",
        "environment": "production",
        "difference": "changed",
        "from": CELL,
        "to": CELL | {"version": "1.4.3"},
    }
    added = difference | {"service": "cart", "difference": "added", "from": None}
    body = {"from": state, "to": state, "cells": [added, difference]}
    cli.prepare("GET /deployments/current/diff", body)

    result = cli("diff", "2026-11-20T09:30:00Z", "--tier=production")

    assert [line.split() for line in result.stdout.splitlines()[1:]] == [
        ["cart", "production", "-", "1.4.3", "added"],
        ["shop", "production", "1.4.2", "1.4.3", "changed"],
    ]
    assert dict(cli.requests[0].url.params) == {
        "from": "2026-11-20T09:30:00Z",
        "tier": "production",
    }


def test_diff_compares_two_environments(cli: CliRunner) -> None:
    """Both states are passed on as they were given."""
    state = {"at": "2026-11-21T12:00:00Z", "environment": "staging"}
    cli.prepare("GET /deployments/current/diff", {"from": state, "to": state, "cells": []})

    result = cli("diff", "staging", "production@2026-11-20T09:30:00Z")

    assert result.exit_code == 0
    assert dict(cli.requests[0].url.params) == {
        "from": "staging",
        "to": "production@2026-11-20T09:30:00Z",
    }
