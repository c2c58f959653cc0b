"""The readable form of policies, and the labels of gates."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from gatepost_api.console.forms.policy_fields import form_of_policy
from gatepost_api.console.views.labels import gate_label
from gatepost_api.console.views.policy_rules import (
    LANE,
    RECORDS,
    RULES,
    PolicyRowDefinition,
    policy_rows,
    setting_row,
)
from gatepost_domain.catalog.policy import (
    AcceptRecords,
    ApprovalRule,
    ApprovalStage,
    ExecutionMode,
    IndependentReviewers,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
)
from gatepost_domain.gate_kind import GateKind

STRICT = Policy(
    approval_stages=(
        ApprovalStage(
            name="qa", rules=(ApprovalRule(group="qa", required=2), ApprovalRule(user="ada"))
        ),
    ),
    distinct_reviewers=False,
    independent_reviewers=IndependentReviewers.REQUIRED,
    reviewer_may_start=False,
    execution=ExecutionMode.WORKER,
    auto_start=True,
    lane=LaneMode.SUPERSEDE,
    approval_expires_s=3600,
    requires=("test", "staging"),
    requires_mode=RequiresMode.ANY,
    accept_records=AcceptRecords.ANY,
    soak_s=1800,
    max_age_s=86_400,
    promotes_to="canary",
    auto_promote=True,
    rollback_approvals=RollbackApprovals.NONE,
    after_review_s=7200,
    outgoing_allow=("*.example", "10.0.0.0/8"),
    settings_approvals=1,
    max_open_per_requester=2000,
    max_open_per_lane=None,
)


class RecordingPolicy:
    """A policy that records which settings are read."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.names.add(name)
        return getattr(self.policy, name)


def test_every_setting_of_a_policy_is_shown() -> None:
    """The rows are built from every field of the policy, so no setting is left out."""
    policy: Any = RecordingPolicy(STRICT)

    policy_rows(policy)

    assert policy.names == {field.name for field in fields(Policy)}


def test_the_form_contains_every_setting_of_a_policy() -> None:
    """Saving the form would reset a setting that the form left out."""
    policy: Any = RecordingPolicy(STRICT)

    form_of_policy(policy)

    assert policy.names | {"approval_stages"} == {field.name for field in fields(Policy)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.label)
def test_a_rule_describes_the_settings_that_it_names(rule: PolicyRowDefinition) -> None:
    """A rule reads each setting that it names, and no other."""
    policy: Any = RecordingPolicy(STRICT)

    rule.text(policy), rule.items(policy), rule.environment(policy)

    assert policy.names == set(rule.settings)


@pytest.mark.parametrize(
    ("name", "value", "row"),
    [
        ("cooldown_s", 5400, ("Cooldown", "1 h 30 min")),
        ("cooldown_s", None, ("Cooldown", "\N{EN DASH}")),
        ("max_started", 3, ("Max started", "3")),
        ("needs_ticket", True, ("Needs ticket", "yes")),
        ("needs_ticket", False, ("Needs ticket", "no")),
        ("regions", ("eu", "us"), ("Regions", "eu, us")),
        ("regions", (), ("Regions", "\N{EN DASH}")),
        ("lane", LaneMode.QUEUE, ("Lane", "queue")),
    ],
)
def test_a_setting_without_a_rule_is_shown_by_name_and_value(
    name: str, value: object, row: tuple[str, str]
) -> None:
    """The value includes its unit. A setting without a value is shown as a dash."""
    shown = setting_row(name, value)

    assert (shown.label, shown.text) == row


def test_a_strict_policy_reads_in_full() -> None:
    """If every setting differs from its default, the console describes each of them."""
    rows = {row.label: row for row in policy_rows(STRICT)}

    assert {label: row.text for label, row in rows.items()} == {
        "Approval": "",
        "Reviewers": "Each person may approve in several stages. Reviewers may not start "
        "deployments they approved. They must be independent of the requester and of each other.",
        "Deployed by": "workers, from a queue; starts automatically once approved",
        "Concurrent deployments": "waiting ones are cancelled when a newer one starts",
        "Requires": "success in test or staging, deployed there for at least 30 min, "
        "at most 1 d ago",
        "Records that count as success": "all, including the requester's",
        "Promotes to": ", automatically",
        "Expiry": "cancelled after 1 h",
        "Waiting deployments": "at most 2,000 per requester",
        "Rollbacks": "need no approval if the version was already reviewed",
        "Break-glass review": "due 2 h after break-glass",
        "Changes to settings": "need approval by another admin",
        "Allowed outgoing hosts": "*.example, 10.0.0.0/8",
    }
    assert rows["Approval"].items == (("qa", "2 approvals from group qa and 1 approval from ada"),)
    assert rows["Promotes to"].environment == "canary"


def test_the_default_policy_omits_only_the_outgoing_hosts() -> None:
    """By default no outgoing hosts are listed, so they have no row. Every other setting has one."""
    labels = [row.label for row in policy_rows(Policy())]

    assert labels == [rule.label for rule in RULES][:-1]
    assert policy_rows(Policy())[0].text == "none: approved immediately"


def test_every_lane_mode_has_a_text() -> None:
    """The table of texts covers every lane mode."""
    assert set(LANE) == set(LaneMode)


def test_a_gate_is_labelled_by_its_kind_unless_the_table_says_otherwise() -> None:
    """A gate kind that is missing from the table is labelled with its own name."""
    assert [gate_label(kind) for kind in GateKind] == [
        "Approval",
        "Promotion",
        "Soak time",
        "Freeze",
        "Lane",
        "Order",
        "Break-glass review",
    ]


def test_every_choice_of_records_has_a_text() -> None:
    """The table of texts covers every value."""
    assert set(RECORDS) == set(AcceptRecords)
