"""`gatepost settings-changes`."""

from __future__ import annotations

import pytest

from tests.support.cli import CliRunner, problem_response
from tests.support.settings_changes import CHANGE_ID, settings_change_json

PATH = f"/settings-changes/{CHANGE_ID}"


def test_changes_of_a_state_are_listed(cli: CliRunner) -> None:
    """There is one line per change, from all pages."""
    pages = (
        {"items": [settings_change_json()], "next_cursor": "n"},
        {"items": [settings_change_json(subject="staging")], "next_cursor": None},
    )
    cli.prepare("GET /settings-changes", *pages)

    lines = cli("settings-changes", "list", "--state", "pending").stdout.splitlines()

    assert [line.split()[1:5] for line in lines[1:]] == [
        ["pending", "put_policy", subject, "owner"] for subject in ("production", "staging")
    ]
    assert {request.url.params["state"] for request in cli.requests} == {"pending"}


def test_change_is_shown_before_and_after(cli: CliRunner) -> None:
    """Only the settings that change are listed."""
    cli.prepare(f"GET {PATH}", settings_change_json(can_approve=True))

    text = cli("settings-changes", "show", CHANGE_ID).stdout

    assert "soak_s: 0 -> 60" in text
    assert 'requires: [] -> ["staging"]' in text
    assert "lane" not in text
    assert text.rstrip().endswith("yes")


@pytest.mark.parametrize(
    ("arguments", "body", "message"),
    [
        (
            ["approve"],
            {"note": None},
            "The change to production has been approved and is in force.",
        ),
        (["approve", "--note", "Fine."], {"note": "Fine."}, "approved"),
        (
            ["reject", "--note", "No."],
            {"note": "No."},
            "The change to production has been rejected.",
        ),
    ],
)
def test_change_is_decided(
    cli: CliRunner, arguments: list[str], body: dict[str, object], message: str
) -> None:
    """The note is sent with the decision."""
    command, *options = arguments
    cli.prepare(f"POST {PATH}/{command}", settings_change_json(state="applied"))

    result = cli("settings-changes", command, CHANGE_ID, *options)

    assert message in result.stdout
    assert {name: cli.last_body.get(name) for name in body} == body


def test_rejection_requires_a_note(cli: CliRunner) -> None:
    """Without a note, nothing is sent."""
    result = cli("settings-changes", "reject", CHANGE_ID)

    assert (result.exit_code, cli.requests) == (2, [])


def test_refusal_is_shown(cli: CliRunner) -> None:
    """A refused approval ends with the exit code of refusals."""
    refusal = problem_response(403, code="not_independent", detail="Another admin has to decide.")
    cli.prepare(f"POST {PATH}/approve", refusal)

    result = cli("settings-changes", "approve", CHANGE_ID)

    assert result.exit_code == 3
    assert "Another admin has to decide." in result.stderr
