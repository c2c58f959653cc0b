"""Reviews of deployments that a pipeline requested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.catalog.policy import IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.reviews import NotIndependent, RequesterUnmapped, SelfReview
from gatepost_domain.deployments.independence import require_independence
from gatepost_domain.deployments.pipeline_self_review import (
    refuse_review_by_trigger,
    require_known_trigger,
)
from gatepost_domain.verification.approval_rules import Person
from gatepost_domain.verification.deployment_from_events import (
    RecordedDeployment,
    check_requester_is_known,
    people_behind,
)
from tests.support.builders import a_deployment, an_actor

CI = "https://ci.example"
ADA = Identity(humans=("ada",))
REQUIRED = Policy(independent_reviewers=IndependentReviewers.REQUIRED)


def of_pipeline(name: str = "ada-gh", **changes: Any) -> Deployment:
    return replace(a_deployment(), triggered_by=name, **({"unmapped_issuer": CI} | changes))


def test_nobody_reviews_for_an_unknown_person_where_independence_is_required() -> None:
    """A review counts once a user has the login, or if the policy only marks dependence."""
    with pytest.raises(RequesterUnmapped):
        require_known_trigger(of_pipeline(), REQUIRED)

    require_known_trigger(of_pipeline(), Policy())
    require_known_trigger(of_pipeline(trigger_mapped_to=ADA), REQUIRED)
    require_known_trigger(of_pipeline("ada", unmapped_issuer=None), REQUIRED)


@pytest.mark.parametrize(
    ("deployment", "actor"),
    [
        (of_pipeline("QUINN"), an_actor("quinn")),
        (of_pipeline("Zo\u00eb"), an_actor("zo-", former_name="Zo\u00eb")),
        (of_pipeline("zo-"), an_actor("zo-", identity=Identity(humans=("zo\u00eb",)))),
        (of_pipeline(trigger_mapped_to=Identity(humans=("quinn",))), an_actor("quinn")),
    ],
)
def test_who_may_have_triggered_a_pipeline_cannot_review(
    deployment: Deployment, actor: Any
) -> None:
    """By the login or, as long as nobody has it, by any name of the reviewer."""
    with pytest.raises(SelfReview, match="triggered the pipeline"):
        refuse_review_by_trigger(deployment, actor)


QUINN = Identity(humans=("quinn",))


@pytest.mark.parametrize("present", [None, ADA])
def test_former_holder_of_the_login_cannot_review(present: Identity | None) -> None:
    """Whoever has the login now, and the refusal says that it was removed."""
    deployment = of_pipeline(trigger_mapped_to=present, former_triggers=(QUINN,))

    with pytest.raises(SelfReview, match="a login of quinn until it was removed"):
        refuse_review_by_trigger(deployment, an_actor("quinn"))
    refuse_review_by_trigger(deployment, an_actor("dora"))


def test_former_holder_does_not_make_the_person_known() -> None:
    """The login must belong to a user now."""
    with pytest.raises(RequesterUnmapped):
        require_known_trigger(of_pipeline(former_triggers=(QUINN,)), REQUIRED)


@pytest.mark.parametrize(
    "deployment",
    [
        of_pipeline("ada-gh"),
        of_pipeline("quinn", trigger_mapped_to=ADA),
        of_pipeline("quinn", unmapped_issuer=None),
        a_deployment(),
    ],
)
def test_others_can_review(deployment: Deployment) -> None:
    """A reported name means nothing once a login says who it is."""
    refuse_review_by_trigger(deployment, an_actor("quinn"))


GIVEN_BY_MALLORY = Identity(humans=("quinn",), provenance={"mallory": Means.ACCOUNT})
ADA_OF_QUINN = Identity(humans=("ada",), provenance={"quinn": Means.INVITATION})


@pytest.mark.parametrize(
    ("deployment", "identity"),
    [
        (of_pipeline("Mallory"), GIVEN_BY_MALLORY),
        (of_pipeline(trigger_mapped_to=ADA_OF_QUINN), Identity(humans=("quinn",))),
    ],
)
def test_who_depends_on_the_person_who_triggered_a_pipeline_is_marked(
    deployment: Deployment, identity: Identity
) -> None:
    """Somebody could have acted as both; where independence is required, the review is refused."""
    reviewer, independent = an_actor("quinn", identity=identity), an_actor("dora")

    found = require_independence(deployment, Policy(), actor=reviewer)

    assert [dependence.of for dependence in found] == [deployment.triggered_by]
    assert require_independence(deployment, REQUIRED, actor=independent) == ()
    with pytest.raises(NotIndependent):
        require_independence(deployment, REQUIRED, actor=reviewer)


def recorded(review: dict[str, Any], setting: str = "required") -> RecordedDeployment:
    deployment = RecordedDeployment(1, {"independent_reviewers": setting})
    deployment.unmapped_trigger = "Ada-GH"
    check_requester_is_known(deployment, {"seq": 9, "actor": "quinn", "data": review}, "approvals")
    return deployment


def test_verification_knows_who_triggered_the_pipeline_at_the_review() -> None:
    """By the login that the event of the review names, or else by the reported name."""
    deployment, mapped = recorded({}), {"trigger_mapped_to": {"human": "bo", "issuer": None}}

    assert people_behind(deployment, {"data": {}}) == [Person("ada-gh", "ada-gh", None)]
    assert people_behind(deployment, {"data": mapped}) == [Person("ada-gh", "bo", None)]


def test_verification_knows_who_had_the_login_at_the_review() -> None:
    """Former holders are behind the request too, whether or not somebody has it."""
    deployment, former = recorded({}), {"humans": ["quinn"], "provenance": {"ada": "account"}}
    quinn = Person("ada-gh", None, None, frozenset({"quinn"}), frozenset({"ada"}))

    found = people_behind(deployment, {"data": {"former_triggers": [former]}})

    assert found == [Person("ada-gh", "ada-gh", None), quinn]


def test_verification_reports_a_review_for_an_unknown_person() -> None:
    """If the policy required independent reviewers, the review does not count."""
    mapped = {"trigger_mapped_to": {"human": "bo", "issuer": None}}

    assert [fault.code for fault in recorded({}).faults] == ["requester_unmapped"]
    assert recorded(mapped).faults == []
    assert recorded({}, "marked").faults == []
