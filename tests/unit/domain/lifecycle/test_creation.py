"""How a deployment begins: asked for, promoted by hand or by policy, redeployed."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor, Identity
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.deployments.deployment import (
    BlockedPromotion,
    Deployment,
    DeploymentKind,
    consent_digest,
)
from gatepost_domain.deployments.errors import RecordIsImmutable, SelfReview
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import creation
from gatepost_domain.status import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_request,
    an_actor,
    creation_terms,
)
from tests.support.domain.lifecycle import deployment_with_status, transition

LATER = NOON + timedelta(hours=1)
NOT_IN_PRODUCTION = an_actor("bo", grants=(Grant(role=Role.REQUESTER, environment="test"),))
VIEWER = an_actor("bo", roles=[role for role in Role if role is not Role.REQUESTER])
BY_SYSTEM = Command(actor=SYSTEM, at=LATER)


def succeeded(**asked: Any) -> Deployment:
    """Shop 1.0.0 in test."""
    return replace(
        deployment_with_status(
            Status.SUCCEEDED, **({"environment": "test", "notes": "New."} | asked)
        ),
        artifact_digest="sha256:old",
    )


@pytest.mark.parametrize("actor", [NOT_IN_PRODUCTION, VIEWER])
@pytest.mark.parametrize("promoting", [False, True])
def test_nobody_asks_where_they_may_not(actor: Actor, *, promoting: bool) -> None:
    """The right is needed where it goes, however it is asked for."""
    command, terms = a_command(actor), creation_terms()
    attempt = partial(creation.create_requested, a_request(), command, terms)
    if promoting:
        attempt = partial(
            creation.create_promotion, succeeded(), "production", command, terms, risk=None
        )

    with pytest.raises(Forbidden) as refused:
        attempt()

    assert str(refused.value) == "bo needs the requester role for shop in production."


@pytest.mark.parametrize("by_policy", [False, True])
def test_a_promotion_to_production_tells_its_risk(*, by_policy: bool) -> None:
    """What needed no risk notes before does now; none is made up."""
    attempt = partial(creation.create_promotion, command=a_command("bo"), risk=None)
    if by_policy:
        attempt = partial(creation.create_auto_promotion, command=BY_SYSTEM)

    with pytest.raises(ValidationFailed) as refused:
        attempt(succeeded(risk=None), "production", context=creation_terms())

    assert refused.value.code == "risk_required"


def test_a_record_is_never_promoted() -> None:
    """What happened elsewhere is no success of ours, whatever its status."""
    with pytest.raises(RecordIsImmutable):
        creation.require_promotable(replace(succeeded(), kind=DeploymentKind.RECORD))


def test_a_promotion_by_hand_is_the_promoters_with_all_that_was_asked_before() -> None:
    """References, plan and risk go with it; approvals never do."""
    source, terms = succeeded(), creation_terms(number=7, artifact_digest="sha256:new")

    asked, event = creation.create_promotion(
        source, "production", a_command("bo", at=LATER, note="Now."), terms, risk=None
    )

    assert (asked.kind, asked.promoted_from, asked.automatic) == (
        DeploymentKind.PROMOTION,
        source.id,
        False,
    )
    assert (asked.requester, asked.identities) == ("bo", (Identity(human="bo"),))
    assert (asked.version, asked.environment) == (source.version, "production")
    assert (asked.work_references, asked.rollback_plan) == (
        source.work_references,
        source.rollback_plan,
    )
    assert (asked.risk, asked.notes) == (source.risk, "Now.")
    assert (asked.id, asked.number, asked.artifact_digest) == (terms.id, 7, "sha256:new")
    assert (asked.status, asked.approvals) == (Status.PENDING_APPROVAL, ())
    assert (event.kind, event.actor, event.note) == (EventKind.REQUESTED, "bo", "Now.")
    assert event.data["kind"] == "promotion"
    assert (event.data["promoted_from"], event.data["automatic"]) == (str(source.id), False)


@pytest.mark.parametrize(("told", "risk"), [("It is slow.", "It is slow."), ("", "Old.")])
def test_a_promotion_by_hand_may_tell_another_risk(told: str, risk: str) -> None:
    """What is risky in production need not have been in test."""
    asked, _ = creation.create_promotion(
        succeeded(risk="Old."), "production", a_command("bo"), creation_terms(), risk=told
    )

    assert asked.risk == risk


def test_a_promotion_by_policy_stays_the_requesters() -> None:
    """The system asks in the name of whoever asked before, so that self-review still bites."""
    spoken = replace(
        succeeded(),
        on_behalf_of="ada",
        identities=(Identity(human="ada"), Identity(human="pipeline", issuer="carl")),
    )

    asked, event = creation.create_auto_promotion(spoken, "production", BY_SYSTEM, creation_terms())

    assert (asked.kind, asked.automatic) == (DeploymentKind.PROMOTION, True)
    assert (asked.requester, asked.on_behalf_of, asked.identities) == (
        spoken.requester,
        "ada",
        spoken.identities,
    )
    assert (asked.risk, asked.notes) == (spoken.risk, "New.")
    assert (event.actor, event.on_behalf_of) == ("system", None)
    assert event.data["automatic"] is True
    for reviewer in ("ada", "pipeline", "carl"):
        with pytest.raises(SelfReview):
            transition(asked, Action.APPROVE, by=reviewer)


@pytest.mark.parametrize(
    ("good", "unreviewed"),
    [
        ({}, False),
        ({"unreviewed": True}, False),
        ({"kind": DeploymentKind.RECORD, "reviewed_by": None}, False),
        ({"kind": DeploymentKind.RECORD, "reviewed_by": None, "unreviewed": True}, True),
    ],
)
def test_a_rollback_asks_for_what_stood_before(good: dict[str, Any], *, unreviewed: bool) -> None:
    """With the references and the plan of what it undoes, in the name of whoever goes back."""
    bad = deployment_with_status(Status.FAILED, version="2.0.0")
    before = replace(deployment_with_status(Status.SUCCEEDED), **good)

    asked, event = creation.create_rollback(
        bad, before, a_command("olga", note="Lost."), creation_terms()
    )

    assert (asked.kind, asked.rolls_back, asked.promoted_from) == (
        DeploymentKind.ROLLBACK,
        bad.id,
        None,
    )
    assert (asked.version, asked.requester, asked.notes) == ("1.0.0", "olga", "Lost.")
    assert (asked.work_references, asked.rollback_plan, asked.risk) == (
        bad.work_references,
        bad.rollback_plan,
        bad.risk,
    )
    assert asked.unreviewed is unreviewed
    assert (event.data["rolls_back"], event.data["unreviewed"]) == (str(bad.id), unreviewed)


def test_a_promotion_that_is_blocked_is_told_on_what_succeeded() -> None:
    """No silent skip: the reason is on the deployment and in its history."""
    source = succeeded()
    blocked = BlockedPromotion(environment="production", code="held", reason="bo holds it.")

    after, event = creation.record_blocked_promotion(source, blocked, BY_SYSTEM)

    assert after == replace(source, promotion_blocked=blocked, revision=source.revision + 1)
    assert (event.kind, event.actor, event.note) == (
        EventKind.PROMOTION_BLOCKED,
        "system",
        "bo holds it.",
    )
    assert (event.from_status, event.to_status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    assert event.data == {"environment": "production", "code": "held"}


@pytest.mark.parametrize("expires_s", [None, 3600])
def test_a_request_expires_when_its_policy_says(expires_s: int | None) -> None:
    """From when it was asked for on."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=expires_s)

    asked = a_deployment(policy=policy)

    assert asked.expires_at == (None if expires_s is None else LATER)


def test_approvals_count_for_one_deployment_alone() -> None:
    """The very same version in the very same words waits for its reviewers anew."""
    first = deployment_with_status(Status.APPROVED)

    again, _ = creation.create_requested(a_request(), a_command("ada"), creation_terms(number=2))

    assert consent_digest(again) == consent_digest(first)
    assert (again.approvals, again.status) == ((), Status.PENDING_APPROVAL)
