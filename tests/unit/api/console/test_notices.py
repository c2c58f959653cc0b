"""The notices after a form was submitted."""

from __future__ import annotations

import pytest

from gatepost_api.console.views.notices import NOTICES, find_notice


@pytest.mark.parametrize(
    ("query", "path", "notice"),
    [
        ({}, "/inbox", None),
        ({"done": "unknown"}, "/inbox", None),
        ({"done": "reject"}, "/deployments/DEP-3", "Rejected."),
        ({"done": "reject", "about": "DEP-3"}, "/inbox", "DEP-3: Rejected."),
        ({"done": "reject", "about": "<b>"}, "/inbox", "Rejected."),
        ({"done": "unknown", "about": "DEP-3"}, "/inbox", None),
        (
            {"done": "approved_next", "about": "DEP-3"},
            "/deployments/DEP-4",
            "DEP-3 approved. Next waiting for you: DEP-4.",
        ),
        (
            {"done": "approved_last", "about": "3"},
            "/inbox",
            "DEP-3 approved. Nothing else is waiting for you.",
        ),
        (
            {"done": "approved_next"},
            "/deployments/DEP-4",
            "Approved. This is the next request waiting for you.",
        ),
    ],
)
def test_a_notice_names_the_deployment_if_the_page_shows_another_one(
    query: dict[str, str], path: str, notice: str | None
) -> None:
    """Without a valid number it keeps its general text; unknown notices are not shown."""
    assert find_notice(query, path) == notice


def test_every_notice_is_a_sentence() -> None:
    """A notice ends with a full stop and is not empty."""
    assert all(text.endswith(".") and text[0].isupper() for text in NOTICES.values())
