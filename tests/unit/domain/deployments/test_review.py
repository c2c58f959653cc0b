"""Who may review, in which stage, and what the review is called meanwhile."""

from dataclasses import replace

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors import (
    AlreadyReviewed,
    NotEligible,
    ReviewDenied,
    SelfReview,
    StageNotOpen,
)
from gatepost_domain.deployments.review import has_approved, review_label, review_progress
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.lifecycle import approval
from gatepost_domain.status import Action, Status
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_stage,
    an_actor,
)
from tests.support.domain.lifecycle import deployment_with_status, transition

ONE_REVIEWER = a_policy(a_stage("review", ApprovalRule()))
QUINN = an_actor("quinn", groups=["qa"])
DORA = an_actor("dora", groups=["devops"])
BOTH = an_actor("bo", groups=["qa", "devops"])


def approved(
    deployment: Deployment, policy: Policy, *actors: Actor, stage: str | None = None
) -> Deployment:
    """A deployment after these people approved it, in this order."""
    for actor in actors:
        deployment, _ = approval.approve(deployment, policy, a_command(actor), stage=stage)
    return deployment


def rejected(deployment: Deployment, policy: Policy, actor: Actor) -> Deployment:
    return approval.reject(deployment, policy, a_command(actor, note="No."))[0]


@pytest.mark.parametrize(
    ("requester", "name"),
    [
        ("ada", "ada"),
        ("ada", "Ada"),
        ("ada", "ADA"),
        ("ada", " ada "),
        ("ada", "ａｄａ"),
        ("Ada", "𝐚𝐝𝐚"),
        ("andré", "ANDRE\u0301"),
        ("straße", "STRASSE"),
        ("ſam", "sam"),
    ],
)
def test_requester_cannot_review_their_own_deployment(requester: str, name: str) -> None:
    """However they write their name: in any case, width or composition it is the same person."""
    deployment = a_deployment(requester=requester)

    with pytest.raises(SelfReview) as approving:
        approved(deployment, QA_THEN_DEVOPS, an_actor(name))
    with pytest.raises(SelfReview) as rejecting:
        rejected(deployment, QA_THEN_DEVOPS, an_actor(name))

    assert approving.value.code == rejecting.value.code == "self_review"
    assert approving.value.requester == requester


def test_nobody_reviews_in_a_group_they_are_not_in() -> None:
    """The refusal names the stage and who is wanted."""
    with pytest.raises(NotEligible) as refused:
        approved(a_deployment(), QA_THEN_DEVOPS, DORA)

    assert (refused.value.code, refused.value.stage) == ("not_eligible", "qa")
    assert refused.value.eligible == ("group:qa",)
    assert str(refused.value) == "dora cannot review stage qa; it requires group:qa."


def test_nobody_rejects_who_could_not_approve() -> None:
    """A no counts only from those who are asked."""
    with pytest.raises(NotEligible):
        rejected(a_deployment(), QA_THEN_DEVOPS, DORA)


def test_nobody_reviews_in_the_place_of_a_user_who_is_asked_by_name() -> None:
    """A rule for one user is for nobody else, whatever groups they are in."""
    policy = a_policy(a_stage("cto", ApprovalRule(user="carl")))

    with pytest.raises(NotEligible) as refused:
        approved(a_deployment(), policy, an_actor("eve"))

    assert refused.value.eligible == ("user:carl",)


def test_a_reviewer_counts_once_in_a_stage() -> None:
    """Two approvals need two people, whatever name one of them uses the second time."""
    policy = a_policy(a_stage("qa", ApprovalRule(group="qa", required=2)), distinct_reviewers=False)
    once = approved(a_deployment(), policy, QUINN)

    with pytest.raises(AlreadyReviewed) as refused:
        approved(once, policy, an_actor("QUINN", groups=["qa"]))

    assert (refused.value.code, refused.value.stage) == ("already_reviewed", "qa")
    assert str(refused.value) == "QUINN has already approved this deployment in stage qa."


def test_a_reviewer_counts_in_one_stage_only() -> None:
    """By default each stage is another person's."""
    once = approved(a_deployment(), QA_THEN_DEVOPS, BOTH)

    with pytest.raises(AlreadyReviewed) as refused:
        approved(once, QA_THEN_DEVOPS, BOTH)

    assert refused.value.stage == "qa"


def test_a_stage_that_the_policy_does_not_have_is_refused() -> None:
    """A misspelt stage is the caller's fault, named with its field."""
    with pytest.raises(ValidationFailed) as refused:
        approved(a_deployment(), QA_THEN_DEVOPS, QUINN, stage="quality")

    assert refused.value.code == "unknown_stage"
    assert [fault.field for fault in refused.value.errors] == ["stage"]


@pytest.mark.parametrize(("by", "named", "at"), [((), "devops", "qa"), ((QUINN,), "qa", "devops")])
def test_a_stage_that_is_not_open_is_refused(by: tuple[Actor, ...], named: str, at: str) -> None:
    """Stages are ordered: none is entered before its turn, nor after it is done."""
    deployment = approved(a_deployment(), QA_THEN_DEVOPS, *by)

    with pytest.raises(StageNotOpen) as refused:
        approved(deployment, QA_THEN_DEVOPS, BOTH, stage=named)

    assert (refused.value.code, refused.value.stage) == ("stage_not_open", named)
    assert refused.value.open_stage == at


def test_a_wrong_stage_does_not_hide_a_self_review() -> None:
    """An attempt at one's own deployment is denied, and so recorded, however it is made."""
    with pytest.raises(ReviewDenied):
        approved(a_deployment(), QA_THEN_DEVOPS, an_actor("ada"), stage="devops")


def test_stages_open_one_after_the_other() -> None:
    """Qa first, then devops, then it is approved."""
    asked = a_deployment()
    half = approved(asked, QA_THEN_DEVOPS, QUINN, stage="qa")
    whole = approved(half, QA_THEN_DEVOPS, DORA, stage="devops")

    assert open_stage_of(asked) == "qa"
    assert open_stage_of(half) == "devops"
    assert open_stage_of(whole) is None
    assert [each.status for each in (half, whole)] == [Status.PENDING_APPROVAL, Status.APPROVED]


def test_one_person_may_serve_two_stages_where_the_policy_lets_them() -> None:
    """A small team may switch distinct reviewers off."""
    policy = replace(QA_THEN_DEVOPS, distinct_reviewers=False)

    assert approved(a_deployment(), policy, BOTH, BOTH).status is Status.APPROVED


def test_anybody_but_the_requester_satisfies_a_rule_without_a_name() -> None:
    """A rule that names neither group nor user asks for any reviewer."""
    deployment = approved(a_deployment(), ONE_REVIEWER, an_actor("zoe", groups=[]))

    assert deployment.status is Status.APPROVED


@pytest.mark.parametrize("name", ["carl", "Carl", "ＣＡＲＬ"])
def test_a_user_who_is_asked_by_name_may_write_it_their_way(name: str) -> None:
    """Names mean people, not spellings."""
    policy = a_policy(a_stage("cto", ApprovalRule(user="carl")))

    assert approved(a_deployment(), policy, an_actor(name, groups=[])).status is Status.APPROVED


def test_a_rule_may_want_several() -> None:
    """Two of three from one group, in any order."""
    policy = a_policy(a_stage("qa", ApprovalRule(group="qa", required=2)))
    testers = [an_actor(name, groups=["qa"]) for name in ("quinn", "qadir")]

    half = approved(a_deployment(), policy, testers[0])

    assert half.status is Status.PENDING_APPROVAL
    assert review_progress(half, policy).stages[0].missing == (
        ApprovalRule(group="qa", required=1),
    )
    assert approved(half, policy, testers[1]).status is Status.APPROVED


def test_a_consent_to_something_else_does_not_count() -> None:
    """An approval binds to what was asked; under another digest it is void."""
    half = approved(a_deployment(), QA_THEN_DEVOPS, QUINN)
    foreign = replace(half, approvals=(replace(half.approvals[0], digest="0" * 64),))

    review = review_progress(foreign, QA_THEN_DEVOPS)

    assert [stage.approvals for stage in review.stages] == [(), ()]
    assert review.open_stage is not None
    assert review.open_stage.stage.name == "qa"


def test_a_stage_shows_those_who_count_in_the_order_given() -> None:
    """Progress names the people, stage by stage."""
    whole = approved(a_deployment(), QA_THEN_DEVOPS, QUINN, DORA)

    review = review_progress(whole, QA_THEN_DEVOPS)

    assert [[each.actor for each in stage.approvals] for stage in review.stages] == [
        ["quinn"],
        ["dora"],
    ]
    assert [stage.satisfied for stage in review.stages] == [True, True]


def test_whoever_approved_has_reviewed() -> None:
    """By any spelling of their name, in any stage, and nobody else has."""
    half = approved(a_deployment(), QA_THEN_DEVOPS, QUINN)

    assert has_approved(half, an_actor("Quinn").identity)
    assert not has_approved(half, DORA.identity)


@pytest.mark.parametrize(
    ("by", "label"),
    [((), "requested"), ((QUINN,), "approved_by_qa"), ((QUINN, DORA), "approved_by_devops")],
)
def test_a_review_is_called_as_reviewers_say_it(by: tuple[Actor, ...], label: str) -> None:
    """The label names the last stage that consented."""
    deployment = approved(a_deployment(), QA_THEN_DEVOPS, *by)

    assert review_label(deployment, review_progress(deployment, QA_THEN_DEVOPS)) == label


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (Status.REJECTED, "rejected"),
        (Status.CANCELLED, "requested"),
        (Status.STARTED, "approved_by_devops"),
        (Status.SUCCEEDED, "executed"),
        (Status.FAILED, "approved_by_devops"),
        (Status.ROLLED_BACK, "approved_by_devops"),
    ],
)
def test_a_review_keeps_its_label_after_it_is_over(status: Status, label: str) -> None:
    """Executed once it worked, rejected once refused; else it says how far the review came."""
    deployment = deployment_with_status(status)

    assert review_label(deployment, review_progress(deployment, QA_THEN_DEVOPS)) == label


def test_a_review_nobody_asked_for_is_called_so() -> None:
    """What a policy lets through was approved by policy."""
    deployment = a_deployment(policy=a_policy())

    assert review_label(deployment, review_progress(deployment, a_policy())) == "approved_by_policy"


def test_a_second_thought_may_still_reject() -> None:
    """Somebody who approved one stage may refuse in the next, where they are asked again."""
    half, _ = transition(a_deployment(), Action.APPROVE, by="bo")

    assert rejected(half, QA_THEN_DEVOPS, BOTH).status is Status.REJECTED


def open_stage_of(deployment: Deployment) -> str | None:
    progress = review_progress(deployment, QA_THEN_DEVOPS).open_stage
    return None if progress is None else progress.stage.name
