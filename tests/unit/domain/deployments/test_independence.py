"""Reviewers as whom somebody else behind the deployment could have acted."""

from dataclasses import replace

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.catalog.policy import IndependentReviewers
from gatepost_domain.deployments.deployment import Dependence, Deployment, Independence
from gatepost_domain.deployments.errors.reviews import AlreadyReviewed, NotIndependent, SelfReview
from gatepost_domain.deployments.independence import describe_dependence
from gatepost_domain.lifecycle import approval
from tests.support.builders import QA_THEN_DEVOPS, a_command, a_deployment, an_actor

REQUIRED = replace(QA_THEN_DEVOPS, independent_reviewers=IndependentReviewers.REQUIRED)


def somebody(name: str, **provenance: Means) -> Actor:
    """Return an actor as whom these people could have acted."""
    return an_actor(name, identity=Identity(humans=(name,), provenance=provenance))


OWNER = somebody("owner")
ADA = somebody("ada", owner=Means.ACCOUNT)
QUINN = somebody("quinn", owner=Means.INVITATION)
DORA = somebody("dora", quinn=Means.RESET, owner=Means.RESET)


def approve(deployment: Deployment, by: Actor, *, required: bool = False) -> Deployment:
    policy = REQUIRED if required else QA_THEN_DEVOPS
    return approval.approve(deployment, policy, a_command(by))[0]


def on(of: str, *through: str, by: Means, reviewer: str = "quinn") -> Dependence:
    return Dependence(reviewer=reviewer, of=of, through=through, by=by)


@pytest.mark.parametrize(
    ("requester", "reviewer", "dependence", "sentence"),
    [
        (
            OWNER,
            QUINN,
            on("owner", "owner", by=Means.INVITATION),
            "quinn was invited by owner, who requested this deployment, and production requires",
        ),
        (
            QUINN,
            OWNER,
            on("quinn", "owner", by=Means.INVITATION, reviewer="owner"),
            "quinn, who requested this deployment, was invited by owner, and production requires",
        ),
        (
            ADA,
            QUINN,
            on("ada", "owner", by=Means.INVITATION),
            "owner could have acted both as ada, who requested this deployment, and as quinn",
        ),
        (
            OWNER,
            DORA,
            on("owner", "owner", by=Means.RESET, reviewer="dora"),
            "dora had their credentials reset by owner, who requested this deployment",
        ),
    ],
)
def test_dependent_approval_is_marked_or_refused(
    requester: Actor, reviewer: Actor, dependence: Dependence, sentence: str
) -> None:
    """It counts and is marked, or is refused in words where independence is required."""
    pending = a_deployment(requester=requester)

    approved = approve(pending, reviewer)

    assert approved.approvals[0].dependencies == (dependence,)
    assert approved.independence == Independence(dependent=(dependence,))
    with pytest.raises(NotIndependent, match=f"^{sentence}") as refusal:
        approve(pending, reviewer, required=True)
    assert refusal.value.code == "not_independent"


@pytest.mark.parametrize("required", [False, True])
def test_independent_approvals_are_neither_marked_nor_refused(*, required: bool) -> None:
    """People with different provenance are independent."""
    reviewed = approve(a_deployment(requester=OWNER), somebody("bo"), required=required)
    reviewed = approve(reviewed, somebody("carl", root=Means.ACCOUNT), required=required)

    assert reviewed.independence is None
    assert all(not approval.dependencies for approval in reviewed.approvals)


def test_reviewers_must_be_independent_of_earlier_ones() -> None:
    """The marks of all approvals are kept."""
    reviewed = approve(approve(a_deployment(requester="zed"), QUINN), DORA)

    quinn = on("quinn", "owner", "quinn", by=Means.RESET, reviewer="dora")
    assert reviewed.independence == Independence(dependent=(quinn,))
    with pytest.raises(NotIndependent, match="dora had their credentials reset by quinn, who"):
        approve(approve(a_deployment(requester="zed"), QUINN), DORA, required=True)


@pytest.mark.parametrize("required", [False, True])
def test_same_human_is_always_refused(*, required: bool) -> None:
    """A service account counts as the people who made it, whatever the policy says."""
    robot = an_actor("robot", identity=Identity(humans=("owner", "quinn")))

    with pytest.raises(SelfReview):
        approve(a_deployment(requester=OWNER), robot, required=required)
    with pytest.raises(AlreadyReviewed):
        approve(approve(a_deployment(requester="zed"), somebody("quinn")), robot)


def test_rejection_needs_no_independence() -> None:
    """Whoever depends on the requester can still reject."""
    command = a_command(QUINN, note="Not today.")

    rejected, _ = approval.reject(a_deployment(requester=OWNER), REQUIRED, command)

    assert rejected.reviewed_by == "quinn"


def test_dependence_is_told_without_what_the_other_did() -> None:
    """The sentence is used where the page says already who requested."""
    dependence = on("owner", "owner", by=Means.ACCOUNT)

    assert describe_dependence(dependence) == (
        "quinn got the account, a token or the login from owner"
    )
