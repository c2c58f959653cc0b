"""The labels and colours of statuses, reviews and ages."""

from __future__ import annotations

import colorsys
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import pytest

from gatepost_api.console.views.labels import AGE, STATUS, Tone, gate_state_label, review_badge
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.emergency_record import BreakGlass
from gatepost_domain.deployments.review import review_label
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import Age
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment

STATIC: Final = files("gatepost_api.console").joinpath("static")
BREAK_GLASS: Final = BreakGlass(
    actor="eve", at=NOON, reason="Down.", incident="INC-1", identity=Identity(humans=("eve",))
)


def test_every_status_has_a_label_and_every_tone_its_colour() -> None:
    """The style sheet has a badge colour for every tone except muted, which is the default."""
    rules = STATIC.joinpath("30-components.css").read_text("utf-8")

    assert set(STATUS) == set(Status)
    assert {label.tone for label in STATUS.values()} == set(Tone)
    assert set(
        re.findall(r"^\.badge\.(\w+).* \{ background: var\(--\1-soft\)", rules, re.MULTILINE)
    ) == {*Tone} - {Tone.MUTED}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"reviewed_by": "quinn"}, "Approved"),
        ({}, "Approved by policy"),
        ({"kind": DeploymentKind.RECORD}, "Not reviewed"),
        ({"reviewed_by": "quinn", "break_glass": BREAK_GLASS}, "Break-glass"),
    ],
)
def test_review_of_a_deployment_that_went_live(fields: dict[str, Any], text: str) -> None:
    """The badge says who approved it; a partial review before break-glass is no approval."""
    deployment = replace(a_deployment(), deployed_at=NOON, **fields)

    assert review_label(deployment) == "executed"
    badge = review_badge(deployment)
    assert badge is not None
    assert badge.text == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": Status.PENDING_APPROVAL}, "No approvals yet"),
        ({"status": Status.PENDING_APPROVAL, "approved_stage": "qa"}, "Stage qa approved"),
        ({"status": Status.CANCELLED}, "Not approved"),
        ({"status": Status.CANCELLED, "approved_stage": "qa"}, "Stage qa approved"),
        ({"status": Status.STARTED, "approved_stage": "qa", "approved_at": NOON}, "Approved"),
        ({"status": Status.FAILED, "approved_stage": "qa", "approved_at": NOON}, "Approved"),
        ({"status": Status.FAILED, "approved_at": NOON}, "Approved by policy"),
        ({"status": Status.APPROVED, "approved_stage": "qa", "approved_at": NOON}, None),
        ({"status": Status.APPROVED, "approved_at": NOON}, "Approved by policy"),
        ({"status": Status.REJECTED}, None),
    ],
)
def test_review_badge_says_what_the_status_does_not(
    fields: dict[str, Any], text: str | None
) -> None:
    """A complete review is "Approved", as once live; a cancelled request is not pending."""
    badge = review_badge(replace(a_deployment(), **fields))

    assert (badge and badge.text) == text


def test_approval_bypassed_by_break_glass_is_not_called_overridden() -> None:
    """Approval cannot be overridden; the state of other gates keeps its own name."""
    policy, deployment = QA_THEN_DEVOPS, replace(a_deployment(), break_glass=BREAK_GLASS)
    approval = approval_gate(deployment, policy, GateContext())

    assert gate_state_label(approval).text == "Break-glass"
    assert gate_state_label(replace(approval, kind=GateKind.FREEZE)).text == "Overridden"


@pytest.mark.parametrize(
    ("age", "hues"), [(Age.FRESH, (90, 150)), (Age.AGING, (35, 60)), (Age.STALE, (0, 15))]
)
def test_age_is_green_then_yellow_then_red(age: Age, hues: tuple[int, int]) -> None:
    """Fresh is green, aging yellow and stale red, in both the light and the dark theme."""
    tokens = STATIC.joinpath("10-tokens.css").read_text("utf-8")
    colours = re.findall(rf"--{age}: #(\w\w)(\w\w)(\w\w);", tokens)

    assert set(AGE) == set(Age)
    assert f"td.{age}::before" in STATIC.joinpath("40-tables.css").read_text("utf-8")
    assert len(colours) == 2
    for colour in colours:
        hue, _, _ = colorsys.rgb_to_hls(*(int(part, 16) / 255 for part in colour))
        assert hues[0] <= hue * 360 <= hues[1]
