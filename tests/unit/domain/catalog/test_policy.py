"""Policies that contradict themselves, and what environments start with."""

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


def test_two_stages_of_one_name_are_refused() -> None:
    """An approval names its stage, so a name means one stage."""
    with pytest.raises(ValidationFailed) as refused:
        validate_policy(a_policy(a_stage("qa"), a_stage("devops"), a_stage("qa")))

    assert refused.value.code == "duplicate_stage"
    assert [fault.field for fault in refused.value.errors] == ["approval_stages/2/name"]


def test_a_stage_that_asks_for_nobody_is_refused() -> None:
    """A deployment in a stage without rules could never be approved, for want of a reviewer."""
    with pytest.raises(ValidationFailed) as refused:
        validate_policy(a_policy(ApprovalStage(name="empty", rules=())))

    assert refused.value.code == "empty_stage"
    assert [fault.field for fault in refused.value.errors] == ["approval_stages/0/rules"]


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
def test_a_rule_that_nobody_can_satisfy_is_refused(rule: ApprovalRule) -> None:
    """The refusal points at the rule."""
    with pytest.raises(ValidationFailed) as refused:
        validate_policy(a_policy(a_stage("qa"), a_stage("cto", ApprovalRule(), rule)))

    assert refused.value.code == "impossible_rule"
    assert [fault.field for fault in refused.value.errors] == ["approval_stages/1/rules/1"]


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
def test_one_user_asked_for_twice_is_refused(policy: Policy) -> None:
    """A person counts once, so such a policy would leave every deployment pending for ever."""
    with pytest.raises(ValidationFailed) as refused:
        validate_policy(policy)

    assert [fault.code for fault in refused.value.errors] == ["impossible_rule"]


@pytest.mark.parametrize(
    ("changes", "field", "code", "detail"),
    [
        (
            {"auto_promote": True},
            "promotes_to",
            "promotes_nowhere",
            "auto_promote requires promotes_to; name the next environment there.",
        ),
        (
            {"soak_s": 60},
            "requires",
            "soaks_nowhere",
            "soak_s requires an earlier environment; name at least one in requires.",
        ),
        (
            {"max_age_s": 60},
            "requires",
            "ages_nowhere",
            "max_age_s requires an earlier environment; name at least one in requires.",
        ),
        (
            {"requires": ("test", "staging", "test")},
            "requires/2",
            "required_twice",
            "test is listed twice.",
        ),
    ],
)
def test_a_promotion_that_leads_nowhere_is_refused(
    changes: dict[str, Any], field: str, code: str, detail: str
) -> None:
    """A wish that could never come to anything is a slip of the pen, and told so."""
    with pytest.raises(ValidationFailed) as refused:
        validate_policy(a_policy(**changes))

    assert refused.value.errors == (FieldError(field=field, code=code, detail=detail),)


@pytest.mark.parametrize(
    "policy",
    [
        a_policy(promotes_to="production", auto_promote=True),
        a_policy(promotes_to="production"),
        a_policy(requires=("test", "staging"), soak_s=60, max_age_s=0),
    ],
)
def test_a_promotion_that_leads_somewhere_passes(policy: Policy) -> None:
    """Where it leads is asked of what else there is, not of the policy alone."""
    validate_policy(policy)


def test_every_fault_of_a_policy_is_named_at_once() -> None:
    """Whoever writes a policy mends it in one go."""
    both = ApprovalRule(group="qa", user="ada")

    with pytest.raises(ValidationFailed) as refused:
        validate_policy(
            a_policy(a_stage("qa", both, both), a_stage("qa", ApprovalRule(required=0)))
        )

    assert [(fault.field, fault.code) for fault in refused.value.errors] == [
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
def test_a_policy_that_can_be_satisfied_passes(policy: Policy) -> None:
    """Users, groups and anybody may be mixed in a stage."""
    validate_policy(policy)


def test_production_asks_qa_and_then_devops_unless_told_otherwise() -> None:
    """The safe way is the one that nobody has to set up."""
    assert DEFAULT_POLICIES[Tier.PRODUCTION] == QA_THEN_DEVOPS


def test_staging_asks_one_reviewer_unless_told_otherwise() -> None:
    """Anybody but the requester."""
    (stage,) = DEFAULT_POLICIES[Tier.STAGING].approval_stages

    assert stage == ApprovalStage(name="review", rules=(ApprovalRule(),))


@pytest.mark.parametrize("tier", [Tier.DEVELOPMENT, Tier.TEST])
def test_lower_tiers_ask_nobody_unless_told_otherwise(tier: Tier) -> None:
    """Where machines judge, people are not held up."""
    assert DEFAULT_POLICIES[tier].approval_stages == ()


@pytest.mark.parametrize("tier", Tier)
def test_every_default_keeps_people_apart_and_leaves_the_start_to_them(tier: Tier) -> None:
    """Reviewers are distinct, operators start, nothing starts or goes further by itself."""
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
    ("rule", "wanted"),
    [
        (ApprovalRule(), "reviewer"),
        (ApprovalRule(group="qa"), "group:qa"),
        (ApprovalRule(user="ada"), "user:ada"),
    ],
)
def test_a_rule_says_whom_it_wants(rule: ApprovalRule, wanted: str) -> None:
    """The same words everywhere a reviewer is looked for."""
    assert rule.approver_label() == wanted


def test_a_stage_counts_all_the_approvals_it_needs() -> None:
    """Over all its rules."""
    stage = a_stage("review", ApprovalRule(group="qa", required=2), ApprovalRule(user="ada"))

    assert stage.required == 3
