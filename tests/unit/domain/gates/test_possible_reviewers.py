"""Who can give the approvals that a deployment is missing, as explanations tell beforehand."""

from dataclasses import replace
from typing import Any

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import User, UserKind
from gatepost_domain.catalog.policy import ApprovalRule, IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Dependence, Deployment
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate
from gatepost_domain.gates.possible_reviewers import MAX_NAMED
from gatepost_domain.lifecycle import approval
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_stage,
    a_user,
    an_actor,
)

REVIEWER = (Grant(role=Role.REVIEWER),)
BY_ADA = Identity(provenance={"ada": Means.INVITATION})
REQUIRED = replace(QA_THEN_DEVOPS, independent_reviewers=IndependentReviewers.REQUIRED)


def reviewer(name: str, *groups: str, **changes: Any) -> User:
    return a_user(name, **{"grants": REVIEWER, "groups": groups or ("qa", "devops"), **changes})


def gate(*users: User, policy: Policy = QA_THEN_DEVOPS, of: Deployment | None = None) -> Gate:
    deployment = a_deployment(policy=policy) if of is None else of
    return approval_gate(deployment, policy, GateContext(reviewers=users))


def test_people_who_can_approve_are_named() -> None:
    """Others are left out: the requester, other groups, no right here, disabled, and programs."""
    elsewhere = (Grant(role=Role.REVIEWER, environment="test"),)

    found = gate(
        reviewer("ada"),
        reviewer("bo", "devops"),
        reviewer("carl", grants=elsewhere),
        reviewer("dora", disabled=True),
        reviewer("robot", kind=UserKind.SERVICE),
        reviewer("quinn"),
        reviewer("zed", grants=(Grant(role=Role.REVIEWER, service="shop"),)),
    )

    assert found.who_can_act == ("user:quinn", "user:zed")
    assert "ada, who requested the deployment, cannot approve it" in found.message
    assert "Nobody" not in found.message


def test_dependent_reviewers_are_told_beforehand() -> None:
    """By default they can act, and the message and a field say how they would be marked."""
    found = gate(reviewer("quinn", origin=BY_ADA))

    assert found.who_can_act == ("user:quinn",)
    assert found.would_be_dependent == (
        Dependence(reviewer="quinn", of="ada", through=("ada",), by=Means.INVITATION),
    )
    assert (
        "An approval by quinn would be marked as dependent: quinn was invited by ada, who "
        "requested this deployment."
    ) in found.message


def test_dependent_reviewers_cannot_act_where_independence_is_required() -> None:
    """The message says why not, and what to do if nobody else can."""
    found = gate(reviewer("quinn", origin=BY_ADA), policy=REQUIRED)

    assert (found.who_can_act, found.would_be_dependent) == ((), ())
    assert (
        "quinn is not independent, but the policy requires independent reviewers: quinn was "
        "invited by ada, who requested this "
        "deployment. Nobody can approve for group:qa now; an admin can add independent people "
        "with the reviewer role to the group qa, for example in the server's terminal."
    ) in found.message


def test_people_who_have_approved_cannot_do_so_again() -> None:
    """Whoever approved an earlier stage is told apart from those who can approve this one."""
    deployment, _ = approval.approve(
        a_deployment(), QA_THEN_DEVOPS, a_command(an_actor("quinn", groups=["qa"]))
    )

    found = gate(reviewer("quinn"), reviewer("zed"), of=deployment)

    assert found.who_can_act == ("user:zed",)
    assert "quinn has already approved." in found.message


def test_shortage_is_told_for_each_rule() -> None:
    """A rule for more people than there are names how many are missing, and a user by name."""
    rules = ApprovalRule(group="qa", required=2), ApprovalRule(user="carl"), ApprovalRule()
    policy = a_policy(a_stage("review", *rules))

    message = gate(reviewer("quinn"), policy=policy).message

    assert "Only 1 of the 2 people needed can approve for group:qa now" in message
    assert "Nobody can approve for user:carl now; make sure that carl is an enabled" in message


def test_many_people_are_not_all_named() -> None:
    """The rules are named after the first people, and reasons are told for a few."""
    many = [reviewer(f"r{number:02}", origin=BY_ADA) for number in range(MAX_NAMED + 1)]

    found = gate(*many)

    assert found.who_can_act[-2:] == ("user:r19", "group:qa")
    assert "The same applies to 15 more people." in found.message


def test_gate_of_an_action_names_only_the_rules() -> None:
    """Actions do not load people."""
    found = approval_gate(a_deployment(), QA_THEN_DEVOPS, GateContext())

    assert found.who_can_act == ("group:qa",)
