"""The inputs of the policy form are derived from the policy's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from gatepost_api.console.forms.durations import UNITS
from gatepost_api.console.forms.form import EMPTY_FORM
from gatepost_api.console.rendering.page import JINJA
from gatepost_api.console.views.policy_choices import CHOICES
from gatepost_api.console.views.policy_setting_inputs import (
    INPUTS,
    SettingInput,
    SettingInputKind,
    setting_inputs,
)
from gatepost_domain.catalog.policy import LaneMode, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class LargerPolicy(Policy):
    """A policy with more settings."""

    other_pause_s: int = 3600
    max_wait_s: int | None = None
    max_started: int | None = None
    needs_ticket: bool = False
    other_lane: LaneMode = LaneMode.QUEUE
    other_environment: str | None = None


# The fields of a subclass follow those of its base.
NEW_INPUTS = {each.name: each for each in setting_inputs(LargerPolicy)[len(INPUTS) :]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("other_pause_s", (SettingInputKind.DURATION, "Other pause", True)),
        ("max_wait_s", (SettingInputKind.DURATION, "Max wait", False)),
        ("max_started", (SettingInputKind.NUMBER, "Max started", False)),
        ("needs_ticket", (SettingInputKind.CHECKBOX, "Needs ticket", False)),
        ("other_lane", (SettingInputKind.CHOICE, "Other lane", True)),
        ("other_environment", (SettingInputKind.TEXT, "Other environment", False)),
    ],
)
def test_the_kind_of_an_input_follows_from_the_type_of_the_setting(
    name: str, expected: tuple[SettingInputKind, str, bool]
) -> None:
    """A setting whose default has an effect must not be left empty."""
    entry = NEW_INPUTS[name]

    assert (entry.kind, entry.label, entry.is_required) == expected


@pytest.mark.parametrize("entry", NEW_INPUTS.values(), ids=lambda entry: entry.name)
def test_a_setting_without_a_place_of_its_own_has_an_input(entry: SettingInput) -> None:
    """The form shows a new setting without a change to its template."""
    template = JINJA.get_template("policy_inputs.html")
    variables = {"form": EMPTY_FORM, "error": None, "units": list(UNITS)}
    macros: Any = template.make_module(variables)

    shown = str(macros.other_input(entry))

    assert shown.count(f'name="{entry.name}"') == 1
    assert entry.label in shown
    assert (f'name="{entry.name}-unit"' in shown) is (entry.kind is SettingInputKind.DURATION)


def test_a_choice_offers_every_value() -> None:
    """The choices of a setting without texts are the names of its values."""
    assert NEW_INPUTS["other_lane"].choices == (
        ("queue", "Queue"),
        ("supersede", "Supersede"),
        ("reject", "Reject"),
    )


def test_every_choice_with_texts_has_a_text_for_each_value() -> None:
    """The table of texts covers the values of the setting's type."""
    values = {
        each.name: [value for value, _ in each.choices]
        for each in INPUTS
        if each.kind is SettingInputKind.CHOICE
    }

    assert {name: [value for value, _ in texts] for name, texts in CHOICES.items()} == values
