"""Contradictory policies, and the default policies of tiers."""

from dataclasses import replace
from typing import Any

import pytest

from gatepost_domain.catalog.policy import (
    DEFAULT_POLICIES,
    ApprovalRule,
    ApprovalStage,
    ExecutionMode,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
    validate_policy,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed
from tests.support.builders import QA_THEN_DEVOPS, a_policy, a_stage


def test_duplicate_stage_name_is_refused() -> None:
    """Stage names must be unique because an approval refers to its stage by name."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_policy(a_policy(a_stage("qa"), a_stage("devops"), a_stage("qa")))

    assert refusal.value.code == "duplicate_stage"
    assert [fault.field for fault in refusal.value.errors] == ["approval_stages/2/name"]


def test_stage_without_rules_is_refused() -> None:
    """Every stage must have at least one rule."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_policy(a_policy(ApprovalStage(name="empty", rules=())))

    assert refusal.value.code == "empty_stage"
    assert [fault.field for fault in refusal.value.errors] == ["approval_stages/0/rules"]


@pytest.mark.parametrize(
    "rule",
    [
        ApprovalRule(group="qa", user="ada"),
        ApprovalRule(user="ada", required=2),
        ApprovalRule(required=0),
        ApprovalRule(group="qa", required=-1),
        ApprovalRule(user="ada", required=0),
    ],
)
def test_rule_that_nobody_can_satisfy_is_refused(rule: ApprovalRule) -> None:
    """The error identifies the invalid rule."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_policy(a_policy(a_stage("qa"), a_stage("cto", ApprovalRule(), rule)))

    assert refusal.value.code == "impossible_rule"
    assert [fault.field for fault in refusal.value.errors] == ["approval_stages/1/rules/1"]


@pytest.mark.parametrize(
    "policy",
    [
        a_policy(a_stage("cto", ApprovalRule(user="ada"), ApprovalRule(user="ADA"))),
        a_policy(
            a_stage("cto", ApprovalRule(user="ada"), ApprovalRule(user="Ada")),
            distinct_reviewers=False,
        ),
        a_policy(a_stage("qa", ApprovalRule(user="ada")), a_stage("cto", ApprovalRule(user="ada"))),
    ],
)
def test_user_required_twice_is_refused(policy: Policy) -> None:
    """Two rules for the same user are refused, because each person's approval counts only once."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_policy(policy)

    assert [fault.code for fault in refusal.value.errors] == ["impossible_rule"]


@pytest.mark.parametrize(
    ("changes", "field", "code", "detail"),
    [
        (
            {"auto_promote": True},
            "promotes_to",
            "promotes_nowhere",
            "auto_promote requires promotes_to; set it to the next environment.",
        ),
        (
            {"soak_s": 60},
            "requires",
            "soaks_nowhere",
            "soak_s requires an earlier environment; list at least one in `requires`.",
        ),
        (
            {"max_age_s": 60},
            "requires",
            "ages_nowhere",
            "max_age_s requires an earlier environment; list at least one in `requires`.",
        ),
        (
            {"requires": ("test", "staging", "test")},
            "requires/2",
            "required_twice",
            "test is listed twice; list it once.",
        ),
    ],
)
def test_promotion_settings_without_an_environment_are_refused(
    changes: dict[str, Any], field: str, code: str, detail: str
) -> None:
    """Missing and duplicate environments are reported with their field."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_policy(a_policy(**changes))

    assert refusal.value.errors == (FieldError(field=field, code=code, detail=detail),)


@pytest.mark.parametrize(
    "policy",
    [
        a_policy(promotes_to="production", auto_promote=True),
        a_policy(promotes_to="production"),
        a_policy(requires=("test", "staging"), soak_s=60, max_age_s=0),
    ],
)
def test_promotion_settings_with_an_environment_are_accepted(policy: Policy) -> None:
    """The settings are valid if they name an environment, whether or not it exists."""
    validate_policy(policy)


def test_all_errors_of_a_policy_are_listed_at_once() -> None:
    """All errors are reported together so that they can be corrected together."""
    both = ApprovalRule(group="qa", user="ada")

    with pytest.raises(ValidationFailed) as refusal:
        validate_policy(
            a_policy(a_stage("qa", both, both), a_stage("qa", ApprovalRule(required=0)))
        )

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [
        ("approval_stages/1/name", "duplicate_stage"),
        ("approval_stages/0/rules/0", "impossible_rule"),
        ("approval_stages/0/rules/1", "impossible_rule"),
        ("approval_stages/1/rules/0", "impossible_rule"),
    ]


@pytest.mark.parametrize(
    "policy",
    [
        *DEFAULT_POLICIES.values(),
        a_policy(a_stage("review", ApprovalRule(user="ada"), ApprovalRule(group="qa", required=3))),
        a_policy(
            a_stage("qa", ApprovalRule(user="ada")),
            a_stage("cto", ApprovalRule(user="ada")),
            distinct_reviewers=False,
        ),
    ],
)
def test_satisfiable_policy_is_accepted(policy: Policy) -> None:
    """A stage may combine rules for users, groups and any reviewer."""
    validate_policy(policy)


def test_production_requires_qa_and_then_devops_by_default() -> None:
    """The default policy of the production tier has a qa stage and a devops stage."""
    assert DEFAULT_POLICIES[Tier.PRODUCTION] == QA_THEN_DEVOPS


def test_staging_requires_one_reviewer_by_default() -> None:
    """Any reviewer except the requester can approve."""
    (stage,) = DEFAULT_POLICIES[Tier.STAGING].approval_stages

    assert stage == ApprovalStage(name="review", rules=(ApprovalRule(),))


@pytest.mark.parametrize("tier", [Tier.DEVELOPMENT, Tier.TEST])
def test_lower_tiers_require_no_approval_by_default(tier: Tier) -> None:
    """The default policies of development and test have no stages."""
    assert DEFAULT_POLICIES[tier].approval_stages == ()


@pytest.mark.parametrize("tier", Tier)
def test_default_policies_have_distinct_reviewers_and_manual_start(tier: Tier) -> None:
    """Stages need different reviewers, and nothing starts or is promoted automatically."""
    policy = DEFAULT_POLICIES[tier]

    assert replace(policy, approval_stages=()) == Policy(
        approval_stages=(),
        distinct_reviewers=True,
        reviewer_may_start=True,
        execution=ExecutionMode.OPERATOR,
        auto_start=False,
        lane=LaneMode.QUEUE,
        approval_expires_s=None,
        requires=(),
        requires_mode=RequiresMode.ALL,
        soak_s=0,
        max_age_s=None,
        promotes_to=None,
        auto_promote=False,
        rollback_approvals=RollbackApprovals.SAME,
        after_review_s=3 * 24 * 3600,
        outgoing_allow=(),
    )


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        (ApprovalRule(), "reviewer"),
        (ApprovalRule(group="qa"), "group:qa"),
        (ApprovalRule(user="ada"), "user:ada"),
    ],
)
def test_rule_has_a_label_for_its_approvers(rule: ApprovalRule, label: str) -> None:
    """The label names the group, the user or any reviewer."""
    assert rule.approver_label() == label


def test_stage_requires_the_sum_of_its_rules() -> None:
    """The required approvals of all rules are added up."""
    stage = a_stage("review", ApprovalRule(group="qa", required=2), ApprovalRule(user="ada"))

    assert stage.required == 3
