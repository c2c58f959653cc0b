"""Readable text for JSON documents."""

from __future__ import annotations

import pytest

from gatepost_cli.terminal.json_as_text import to_labelled_texts


@pytest.mark.parametrize("value", [None, False, []])
def test_field_without_a_value_has_no_text(value: object) -> None:
    """A field that is null, false or an empty list is omitted."""
    assert to_labelled_texts({"notes": value}) == {"notes": None}


@pytest.mark.parametrize(
    ("name", "value", "label", "text"),
    [
        ("rollback_plan", "Redeploy 1.4.1.", "rollback plan", "Redeploy 1.4.1."),
        ("hidden", True, "hidden", "yes"),
        ("attempt", 0, "attempt", "0"),
        ("started_at", "2026-11-21T13:00:00.5+01:00", "started", "2026-11-21 12:00:00Z"),
        ("at", "2026-11-21T12:00:00Z", "at", "2026-11-21 12:00:00Z"),
        ("looked_at", "page 3", "looked", "page 3"),
        ("work_references", ["SHOP-812", "SHOP-813"], "work references", "SHOP-812\nSHOP-813"),
        ("execution", {"state": "claimed", "worker": None}, "execution", "state: claimed"),
        (
            "overrides",
            [{"gate": "soak"}, {"gate": "order"}],
            "overrides",
            "gate: soak\ngate: order",
        ),
    ],
)
def test_field_has_a_label_and_a_text(name: str, value: object, label: str, text: str) -> None:
    """Labels are words, times are in UTC, and lists and objects have one line per entry."""
    assert to_labelled_texts({name: value}) == {label: text}
