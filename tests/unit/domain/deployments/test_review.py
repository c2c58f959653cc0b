"""Who can review in which stage, and the review label."""

from dataclasses import replace

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.reviews import (
    AlreadyReviewed,
    NotEligible,
    ReviewDenied,
    SelfReview,
    StageNotOpen,
)
from gatepost_domain.deployments.review import (
    find_last_satisfied_stage,
    has_approved,
    review_label,
    review_progress,
)
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.lifecycle import approval
from gatepost_domain.status_transitions import Action, Status
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
    """Return a deployment that these people approved in this order."""
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
    """The review is denied for every spelling of the requester's name."""
    deployment = a_deployment(requester=requester)

    with pytest.raises(SelfReview) as approving:
        approved(deployment, QA_THEN_DEVOPS, an_actor(name))
    with pytest.raises(SelfReview) as rejecting:
        rejected(deployment, QA_THEN_DEVOPS, an_actor(name))

    assert approving.value.code == rejecting.value.code == "self_review"
    assert approving.value.requester == requester


def test_reviewer_must_be_in_the_required_group() -> None:
    """The refusal names the stage and the group."""
    with pytest.raises(NotEligible) as refusal:
        approved(a_deployment(), QA_THEN_DEVOPS, DORA)

    assert (refusal.value.code, refusal.value.stage) == ("not_eligible", "qa")
    assert refusal.value.eligible == ("group:qa",)
    assert str(refusal.value) == "dora cannot review stage qa; it requires group qa."


def test_only_eligible_reviewers_can_reject() -> None:
    """A rejection by a reviewer outside the stage's group is refused."""
    with pytest.raises(NotEligible):
        rejected(a_deployment(), QA_THEN_DEVOPS, DORA)


def test_rule_for_a_user_accepts_nobody_else() -> None:
    """Any other user is refused, whatever that user's groups are."""
    policy = a_policy(a_stage("cto", ApprovalRule(user="carl")))

    with pytest.raises(NotEligible) as refusal:
        approved(a_deployment(), policy, an_actor("eve"))

    assert refusal.value.eligible == ("user:carl",)


def test_reviewer_counts_once_in_a_stage() -> None:
    """Two approvals by one person count once, even under different spellings."""
    policy = a_policy(a_stage("qa", ApprovalRule(group="qa", required=2)), distinct_reviewers=False)
    once = approved(a_deployment(), policy, QUINN)

    with pytest.raises(AlreadyReviewed) as refusal:
        approved(once, policy, an_actor("QUINN", groups=["qa"]))

    assert (refusal.value.code, refusal.value.stage) == ("already_reviewed", "qa")
    assert str(refusal.value) == "QUINN has already approved this deployment in stage qa."


def test_reviewer_counts_in_one_stage_by_default() -> None:
    """A second approval by the same person, in the next stage, is refused."""
    once = approved(a_deployment(), QA_THEN_DEVOPS, BOTH)

    with pytest.raises(AlreadyReviewed) as refusal:
        approved(once, QA_THEN_DEVOPS, BOTH)

    assert refusal.value.stage == "qa"


def test_unknown_stage_is_refused() -> None:
    """The refusal is a validation error for the stage field."""
    with pytest.raises(ValidationFailed) as refusal:
        approved(a_deployment(), QA_THEN_DEVOPS, QUINN, stage="quality")

    assert refusal.value.code == "unknown_stage"
    assert [fault.field for fault in refusal.value.errors] == ["stage"]


@pytest.mark.parametrize(("by", "named", "at"), [((), "devops", "qa"), ((QUINN,), "qa", "devops")])
def test_stage_that_is_not_open_is_refused(by: tuple[Actor, ...], named: str, at: str) -> None:
    """A stage is closed before its turn and once it is satisfied."""
    deployment = approved(a_deployment(), QA_THEN_DEVOPS, *by)

    with pytest.raises(StageNotOpen) as refusal:
        approved(deployment, QA_THEN_DEVOPS, BOTH, stage=named)

    assert (refusal.value.code, refusal.value.stage) == ("stage_not_open", named)
    assert refusal.value.open_stage == at


def test_self_review_is_denied_before_the_stage_is_checked() -> None:
    """A self-review is denied as such, even if it names a stage that is not open."""
    with pytest.raises(ReviewDenied):
        approved(a_deployment(), QA_THEN_DEVOPS, an_actor("ada"), stage="devops")


def test_stages_open_one_after_the_other() -> None:
    """The qa stage is followed by devops, and then the deployment is approved."""
    pending = a_deployment()
    half = approved(pending, QA_THEN_DEVOPS, QUINN, stage="qa")
    whole = approved(half, QA_THEN_DEVOPS, DORA, stage="devops")

    assert open_stage_of(pending) == "qa"
    assert open_stage_of(half) == "devops"
    assert open_stage_of(whole) is None
    assert [deployment.status for deployment in (half, whole)] == [
        Status.PENDING_APPROVAL,
        Status.APPROVED,
    ]


def test_policy_can_let_one_person_approve_two_stages() -> None:
    """A policy can disable the distinct-reviewers rule."""
    policy = replace(QA_THEN_DEVOPS, distinct_reviewers=False)

    assert approved(a_deployment(), policy, BOTH, BOTH).status is Status.APPROVED


def test_rule_without_a_name_accepts_any_reviewer_but_the_requester() -> None:
    """If a rule names neither a group nor a user, a reviewer in no group can satisfy it."""
    deployment = approved(a_deployment(), ONE_REVIEWER, an_actor("zoe", groups=[]))

    assert deployment.status is Status.APPROVED


@pytest.mark.parametrize("name", ["carl", "Carl", "ＣＡＲＬ"])
def test_rule_for_a_user_accepts_every_spelling_of_the_name(name: str) -> None:
    """Names are compared in their normalized form."""
    policy = a_policy(a_stage("cto", ApprovalRule(user="carl")))

    assert approved(a_deployment(), policy, an_actor(name, groups=[])).status is Status.APPROVED


def test_rule_can_require_several_approvals() -> None:
    """Two approvals by members of the group satisfy the rule in any order."""
    policy = a_policy(a_stage("qa", ApprovalRule(group="qa", required=2)))
    testers = [an_actor(name, groups=["qa"]) for name in ("quinn", "qadir")]

    half = approved(a_deployment(), policy, testers[0])

    assert half.status is Status.PENDING_APPROVAL
    assert review_progress(half, policy).stages[0].missing == (
        ApprovalRule(group="qa", required=1),
    )
    assert approved(half, policy, testers[1]).status is Status.APPROVED


def test_approval_with_another_digest_does_not_count() -> None:
    """An approval whose digest is not that of the request leaves its stage unsatisfied."""
    half = approved(a_deployment(), QA_THEN_DEVOPS, QUINN)
    foreign = replace(half, approvals=(replace(half.approvals[0], digest="0" * 64),))

    review = review_progress(foreign, QA_THEN_DEVOPS)

    assert [stage.approvals for stage in review.stages] == [(), ()]
    assert review.open_stage is not None
    assert review.open_stage.stage.name == "qa"


def test_stage_lists_its_approvals_in_order() -> None:
    """Each stage lists the people who approved it."""
    whole = approved(a_deployment(), QA_THEN_DEVOPS, QUINN, DORA)

    review = review_progress(whole, QA_THEN_DEVOPS)

    assert [[approval.actor for approval in stage.approvals] for stage in review.stages] == [
        ["quinn"],
        ["dora"],
    ]
    assert [stage.satisfied for stage in review.stages] == [True, True]


def test_has_approved_matches_reviewers_only() -> None:
    """A person who has not approved the deployment does not match."""
    half = approved(a_deployment(), QA_THEN_DEVOPS, QUINN)

    assert has_approved(half, an_actor("Quinn").identity)
    assert not has_approved(half, DORA.identity)


@pytest.mark.parametrize(
    ("by", "label"),
    [((), "requested"), ((QUINN,), "approved_by_qa"), ((QUINN, DORA), "approved_by_devops")],
)
def test_label_names_the_last_satisfied_stage(by: tuple[Actor, ...], label: str) -> None:
    """Before any stage is satisfied, the label is `requested`."""
    deployment = approved(a_deployment(), QA_THEN_DEVOPS, *by)

    assert review_label(deployment) == label


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
def test_label_after_the_end_of_a_deployment(status: Status, label: str) -> None:
    """The label is `executed` after a success and `rejected` after a rejection.

    In all other cases, the label names the last satisfied stage.
    """
    deployment = deployment_with_status(status)

    assert review_label(deployment) == label


def test_label_stays_executed_after_a_rollback() -> None:
    """After a success and a rollback, the label is still `executed`."""
    deployment, _ = transition(deployment_with_status(Status.SUCCEEDED), Action.ROLLBACK)

    assert review_label(deployment) == "executed"


def test_label_without_stages_is_approved_by_policy() -> None:
    """Without approval stages, the label is `approved_by_policy`."""
    deployment, _ = approval.approve_by_policy(
        a_deployment(policy=a_policy()), a_policy(), a_command(SYSTEM)
    )

    assert review_label(deployment) == "approved_by_policy"


def test_stage_with_too_many_approvals_of_one_group_is_not_satisfied() -> None:
    """Two approvals by qa do not replace the one that devops must give."""
    stage = a_stage("review", ApprovalRule(group="qa"), ApprovalRule(group="devops"))
    policy = a_policy(stage)
    half = approved(a_deployment(), policy, QUINN, an_actor("quentin", groups=["qa"]))

    assert find_last_satisfied_stage([stage], half.approvals) is None
    assert review_label(half) == "requested"
    whole = approved(half, policy, DORA)
    assert find_last_satisfied_stage([stage], whole.approvals) == whole.approved_stage == "review"


def test_reviewer_of_one_stage_can_reject_in_the_next() -> None:
    """A person who approved one stage can reject in the next, if eligible for that stage."""
    half, _ = transition(a_deployment(), Action.APPROVE, by="bo")

    assert rejected(half, QA_THEN_DEVOPS, BOTH).status is Status.REJECTED


def open_stage_of(deployment: Deployment) -> str | None:
    progress = review_progress(deployment, QA_THEN_DEVOPS).open_stage
    return None if progress is None else progress.stage.name
