"""`gatepost inbox`."""

from __future__ import annotations

from typing import Any

from tests.support.cli import CliRunner, deployment_json
from tests.support.settings_changes import settings_change_json

NO_CHANGES: dict[str, object] = {"items": [], "next_cursor": None}
NO_REVIEWS = NO_CHANGES | {"refused": []}
AFTER_REVIEW = {
    "state": "open",
    "due_at": "2026-11-24T12:00:00Z",
    "verdict": None,
    "closed_by": None,
    "closed_at": None,
}


def review_json(**changes: Any) -> dict[str, Any]:
    return deployment_json(**{"would_be_dependent": [], **changes})


def test_inbox_says_why_a_review_would_be_dependent(cli: CliRunner) -> None:
    """The reason is in the last column."""
    reason = "quinn was invited by ada, who requested this deployment"
    page = NO_REVIEWS | {"items": [review_json(would_be_dependent=[reason])]}
    cli.prepare("GET /reviews/inbox", page)
    cli.prepare("GET /settings-changes", NO_CHANGES)

    assert reason in cli("inbox").stdout


def test_inbox_lists_the_deployments_of_all_pages(cli: CliRunner) -> None:
    """The text output has one line per deployment, and the JSON output is one list."""
    first, second = review_json(), review_json(number="DEP-43")
    pages = NO_REVIEWS | {"items": [first], "next_cursor": "n"}, NO_REVIEWS | {"items": [second]}
    cli.prepare("GET /reviews/inbox", *pages, *pages)
    cli.prepare("GET /settings-changes", NO_CHANGES, NO_CHANGES)

    document, text = cli("inbox", "--json").json, cli("inbox").stdout

    assert document == {
        "items": [first, second],
        "refused": [],
        "next_cursor": None,
        "settings_changes": [],
    }
    rows = [line.split()[:6] for line in text.splitlines()[1:]]
    assert rows == [
        [number, "shop", "1.4.2", "production", "devops", "ada"] for number in ("DEP-42", "DEP-43")
    ]


def test_inbox_marks_deployments_that_need_an_after_review(cli: CliRunner) -> None:
    """The after-review state appears in place of the approval stage."""
    page = NO_REVIEWS | {"items": [review_json(after_review=AFTER_REVIEW)]}
    cli.prepare("GET /reviews/inbox", page)
    cli.prepare("GET /settings-changes", NO_CHANGES)

    assert "break-glass review (open)" in cli("inbox").stdout


def test_inbox_lists_settings_changes_that_the_caller_can_approve(cli: CliRunner) -> None:
    """Other pending changes are left out, in the text and in the JSON output."""
    mine, other = settings_change_json(can_approve=True), settings_change_json(subject="staging")
    page = {"items": [other, mine], "next_cursor": None}
    cli.prepare("GET /reviews/inbox", NO_REVIEWS, NO_REVIEWS)
    cli.prepare("GET /settings-changes", page, page)

    text, document = cli("inbox").stdout, cli("inbox", "--json").json

    assert "put_policy  production" in text
    assert "staging" not in text
    assert document["settings_changes"] == [mine]


def test_inbox_lists_what_the_caller_cannot_review_and_why(cli: CliRunner) -> None:
    """All pages count, in the text and in the JSON output."""
    reason = "quinn was invited by ada, and production requires independent reviewers."
    first, second = (
        deployment_json(number=number, refused_because=reason) for number in ("DEP-8", "DEP-9")
    )
    pages = (
        NO_REVIEWS | {"refused": [first], "next_cursor": "n"},
        NO_REVIEWS | {"refused": [second]},
    )
    cli.prepare("GET /reviews/inbox", *pages, *pages)
    cli.prepare("GET /settings-changes", NO_CHANGES, NO_CHANGES)

    document, text = cli("inbox", "--json").json, cli("inbox").stdout

    assert document["refused"] == [first, second]
    assert document["items"] == []
    rows = [line for line in text.splitlines() if line.startswith("DEP-")]
    assert [row.split()[0] for row in rows] == ["DEP-8", "DEP-9"]
    assert all(row.endswith(reason) for row in rows)
