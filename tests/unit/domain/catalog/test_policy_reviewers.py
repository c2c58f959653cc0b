"""Policies whose approvals the people there are cannot give."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import User, UserKind
from gatepost_domain.catalog.policy import ApprovalRule, ApprovalStage, Policy
from gatepost_domain.catalog.policy_satisfiability import (
    changes_required_approvals,
    validate_satisfiability,
)
from gatepost_domain.errors import ValidationFailed
from tests.support.builders import a_user

REVIEWER = (Grant(role=Role.REVIEWER),)
QA = ApprovalRule(group="qa")
DEVOPS = ApprovalRule(group="devops")


def reviewer(name: str, *groups: str, grants: tuple[Grant, ...] = REVIEWER) -> User:
    return a_user(name, grants=grants, groups=groups)


def policy(*stages: Sequence[ApprovalRule], distinct: bool = True) -> Policy:
    return Policy(
        approval_stages=tuple(
            ApprovalStage(name=f"stage-{number}", rules=tuple(rules))
            for number, rules in enumerate(stages)
        ),
        distinct_reviewers=distinct,
    )


ADA, BO = reviewer("ada", "qa", "devops"), reviewer("bo", "qa")
OTHERS = (
    a_user("olga", grants=(Grant(role=Role.OPERATOR),), groups=("qa", "ops")),
    a_user("dis", grants=REVIEWER, groups=("qa", "old"), disabled=True),
    a_user("bot", grants=REVIEWER, groups=("qa", "bots"), kind=UserKind.SERVICE),
    reviewer("stan", "stages", grants=(Grant(role=Role.REVIEWER, environment="staging"),)),
)


@pytest.mark.parametrize(
    "accepted",
    [
        policy(),
        policy([ApprovalRule()], [ApprovalRule(required=1)]),
        policy([QA], [DEVOPS]),
        policy([DEVOPS], [QA]),
        policy([QA, DEVOPS]),
        policy([ApprovalRule(user="ADA")], [ApprovalRule(user="bo")]),
        policy([ApprovalRule(group="qa", required=2)]),
        policy([ApprovalRule(group="qa", required=2)], [DEVOPS], distinct=False),
        policy([DEVOPS], [DEVOPS], [DEVOPS], distinct=False),
    ],
)
def test_possible_review_is_accepted(accepted: Policy) -> None:
    """Enough different people can give the approvals."""
    validate_satisfiability(accepted, "production", (ADA, BO, *OTHERS))


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        (ApprovalRule(user="nobody"), "There is no user nobody."),
        (ApprovalRule(user="olga"), "olga does not have the reviewer role in production."),
        (ApprovalRule(user="stan"), "stan does not have the reviewer role in production."),
        (ApprovalRule(user="dis"), "dis is disabled."),
        (ApprovalRule(user="bot"), "bot is a service account, and only people can review."),
        (ApprovalRule(group="moon"), "No user is in the group moon; add people to it first."),
        (ApprovalRule(group="old"), "requires 1 reviewer in the group old"),
        (ApprovalRule(group="bots"), "has 0"),
        (ApprovalRule(group="ops"), "has 0"),
        (ApprovalRule(group="stages"), "has 0"),
        (ApprovalRule(group="qa", required=3), "has 2 (ada, bo)"),
        (ApprovalRule(required=3), "requires 3 reviewers, but production has 2 (ada, bo)"),
    ],
)
def test_impossible_rule_is_named(rule: ApprovalRule, detail: str) -> None:
    """The error points to the rule and says why nobody can satisfy it."""
    with pytest.raises(ValidationFailed) as refused:
        validate_satisfiability(policy([QA], [DEVOPS, rule]), "production", (ADA, BO, *OTHERS))

    (error,) = refused.value.errors
    assert (error.field, error.code) == ("approval_stages/1/rules/1", "impossible_rule")
    assert detail in error.detail


@pytest.mark.parametrize(
    ("impossible", "field"),
    [
        (policy([DEVOPS], [DEVOPS]), "approval_stages"),
        (policy([QA], [QA], [ApprovalRule()]), "approval_stages"),
        (policy([ApprovalRule(user="ada")], [DEVOPS]), "approval_stages"),
        (policy([QA], [DEVOPS, DEVOPS], distinct=False), "approval_stages/1/rules"),
        (policy([ApprovalRule(required=2), QA], distinct=False), "approval_stages/0/rules"),
    ],
)
def test_too_few_different_people_are_refused(impossible: Policy, field: str) -> None:
    """Each person approves once: per stage or, with distinct reviewers, at all."""
    with pytest.raises(ValidationFailed) as refused:
        validate_satisfiability(impossible, "production", (ADA, BO, *OTHERS))

    assert [(error.field, error.code) for error in refused.value.errors] == [
        (field, "impossible_rule")
    ]


def test_people_are_reassigned_where_that_helps() -> None:
    """A person who is needed for a later stage is not used up by an earlier one."""
    people = [reviewer("p0", "g0"), *(reviewer(f"p{n}", f"g{n - 1}", f"g{n}") for n in range(1, 9))]
    stages = [[ApprovalRule(group=f"g{n}")] for n in range(9)]

    validate_satisfiability(policy(*stages[::-1]), "production", people)
    with pytest.raises(ValidationFailed, match="Too few different people"):
        validate_satisfiability(policy(*stages[::-1], [ApprovalRule()]), "production", people)


def test_large_reviews_are_judged_quickly() -> None:
    """The largest policy and many reviewers take no noticeable time."""
    people = [reviewer(f"p{number}", "qa", "devops") for number in range(2_000)]
    rules = [ApprovalRule(group=group, required=20) for group in ("qa", "devops") * 5]

    validate_satisfiability(policy(*[rules] * 10), "production", people)
    with pytest.raises(ValidationFailed):
        validate_satisfiability(policy(*[rules] * 10), "production", people[1:])


def test_only_another_review_is_judged() -> None:
    """Other settings of a policy do not change its review."""
    one = policy([QA])

    assert not changes_required_approvals(
        one, Policy(approval_stages=one.approval_stages, soak_s=1)
    )
    assert changes_required_approvals(one, policy([DEVOPS]))
    assert changes_required_approvals(one, policy([QA], distinct=False))
