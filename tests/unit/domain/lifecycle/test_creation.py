"""Creating deployments by request, promotion or rollback."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.deployments.deployment import (
    BlockedAutoPromotion,
    Deployment,
    DeploymentKind,
    consent_digest,
)
from gatepost_domain.deployments.errors.records import RecordIsImmutable
from gatepost_domain.deployments.errors.reviews import SelfReview
from gatepost_domain.deployments.review import was_reviewed
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import creation
from gatepost_domain.status_transitions import Action, Status
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


def succeeded(**changes: Any) -> Deployment:
    """Return a successful deployment of shop 1.0.0 to test."""
    return replace(
        deployment_with_status(
            Status.SUCCEEDED, **({"environment": "test", "notes": "New."} | changes)
        ),
        artifact_digest="sha256:old",
    )


@pytest.mark.parametrize("actor", [NOT_IN_PRODUCTION, VIEWER])
@pytest.mark.parametrize("promoting", [False, True])
def test_creation_requires_the_right_in_the_target_environment(
    actor: Actor, *, promoting: bool
) -> None:
    """The right is required for requests and for manual promotions."""
    command, terms = a_command(actor), creation_terms()
    attempt = partial(creation.create_requested, a_request(), command, terms)
    if promoting:
        attempt = partial(
            creation.create_promotion, succeeded(), "production", command, terms, risk=None
        )

    with pytest.raises(Forbidden) as refusal:
        attempt()

    assert str(refusal.value) == "bo needs the requester role for shop in production."


@pytest.mark.parametrize("by_policy", [False, True])
def test_promotion_to_production_requires_risk_notes(*, by_policy: bool) -> None:
    """Risk notes must be supplied; they are never generated automatically."""
    attempt = partial(creation.create_promotion, command=a_command("bo"), risk=None)
    if by_policy:
        attempt = partial(creation.create_auto_promotion, command=BY_SYSTEM)

    with pytest.raises(ValidationFailed) as refusal:
        attempt(succeeded(risk=None), "production", context=creation_terms())

    assert refusal.value.code == "risk_required"


def test_record_is_never_promoted() -> None:
    """A record cannot be promoted even if its status is succeeded."""
    with pytest.raises(RecordIsImmutable):
        creation.require_promotable(replace(succeeded(), kind=DeploymentKind.RECORD))


def test_manual_promotion_belongs_to_the_promoter() -> None:
    """The promotion inherits references, rollback plan and risk notes, but no approvals."""
    source, terms = succeeded(), creation_terms(number=7, artifact_digest="sha256:new")

    deployment, event = creation.create_promotion(
        source, "production", a_command("bo", at=LATER, note="Now."), terms, risk=None
    )

    assert (deployment.kind, deployment.promoted_from, deployment.automatic) == (
        DeploymentKind.PROMOTION,
        source.id,
        False,
    )
    assert (deployment.requester, deployment.identities) == ("bo", (Identity(humans=("bo",)),))
    assert (deployment.version, deployment.environment) == (source.version, "production")
    assert (deployment.work_references, deployment.rollback_plan) == (
        source.work_references,
        source.rollback_plan,
    )
    assert (deployment.risk, deployment.notes) == (source.risk, "Now.")
    assert (deployment.id, deployment.number, deployment.artifact_digest) == (
        terms.id,
        7,
        "sha256:new",
    )
    assert (deployment.status, deployment.approvals) == (Status.PENDING_APPROVAL, ())
    assert (event.kind, event.actor, event.note) == (EventKind.REQUESTED, "bo", "Now.")
    assert event.data["kind"] == "promotion"
    assert (event.data["promoted_from"], event.data["automatic"]) == (str(source.id), False)


@pytest.mark.parametrize(("risk_notes", "risk"), [("It is slow.", "It is slow."), ("", "Old.")])
def test_manual_promotion_can_have_other_risk_notes(risk_notes: str, risk: str) -> None:
    """Risk notes given for the promotion replace those of its source, unless they are empty."""
    deployment, _ = creation.create_promotion(
        succeeded(risk="Old."), "production", a_command("bo"), creation_terms(), risk=risk_notes
    )

    assert deployment.risk == risk


def test_automatic_promotion_keeps_the_requester() -> None:
    """The requester stays the same, so the people behind the request still cannot review it."""
    spoken = replace(
        succeeded(),
        on_behalf_of="ada",
        identities=(
            Identity(humans=("ada",)),
            Identity(humans=("carl", "pipeline")),
        ),
    )

    deployment, event = creation.create_auto_promotion(
        spoken, "production", BY_SYSTEM, creation_terms()
    )

    assert (deployment.kind, deployment.automatic) == (DeploymentKind.PROMOTION, True)
    assert (deployment.requester, deployment.on_behalf_of, deployment.identities) == (
        spoken.requester,
        "ada",
        spoken.identities,
    )
    assert (deployment.risk, deployment.notes) == (spoken.risk, "New.")
    assert (event.actor, event.on_behalf_of) == ("system", None)
    assert event.data["automatic"] is True
    for reviewer in ("ada", "pipeline", "carl"):
        with pytest.raises(SelfReview):
            transition(deployment, Action.APPROVE, by=reviewer)


@pytest.mark.parametrize(
    ("good", "unreviewed"),
    [
        ({}, False),
        ({"unreviewed": True}, False),
        ({"kind": DeploymentKind.RECORD, "reviewed_by": None}, True),
        ({"kind": DeploymentKind.RECORD, "reviewed_by": None, "unreviewed": True}, True),
    ],
)
def test_rollback_requests_the_last_known_good_version(
    good: dict[str, Any], *, unreviewed: bool
) -> None:
    """The references come from the bad deployment; the risk and the plan are those of going back.

    The person who rolls back is the requester.
    """
    bad = deployment_with_status(Status.FAILED, version="2.0.0")
    before = replace(deployment_with_status(Status.SUCCEEDED), **good)

    deployment, event = creation.create_rollback(
        bad,
        before,
        a_command("olga", note="Lost."),
        creation_terms(),
        was_reviewed=was_reviewed(before, ()),
    )

    assert (deployment.kind, deployment.rolls_back, deployment.promoted_from) == (
        DeploymentKind.ROLLBACK,
        bad.id,
        None,
    )
    assert (deployment.version, deployment.requester, deployment.notes) == (
        "1.0.0",
        "olga",
        "Lost.",
    )
    assert deployment.work_references == bad.work_references
    assert deployment.rollback_plan == "Unblock 2.0.0, and deploy it again."
    assert (deployment.risk or "").startswith("Reverts the changes of 2.0.0")
    assert deployment.unreviewed is unreviewed
    assert (event.data["rolls_back"], event.data["unreviewed"]) == (str(bad.id), unreviewed)


def test_blocked_promotion_is_recorded_on_its_source() -> None:
    """The reason is stored on the deployment and in its history."""
    source = succeeded()
    blocked = BlockedAutoPromotion(environment="production", code="held", reason="bo holds it.")

    after, event = creation.record_blocked_auto_promotion(source, blocked, BY_SYSTEM)

    assert after == replace(source, promotion_blocked=blocked, revision=source.revision + 1)
    assert (event.kind, event.actor, event.note) == (
        EventKind.PROMOTION_BLOCKED,
        "system",
        "bo holds it.",
    )
    assert (event.from_status, event.to_status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    assert event.data == {"environment": "production", "code": "held"}


@pytest.mark.parametrize("expires_s", [None, 3600])
def test_request_expires_as_its_policy_says(expires_s: int | None) -> None:
    """The time limit counts from the creation of the request."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=expires_s)

    deployment = a_deployment(policy=policy)

    assert deployment.expires_at == (None if expires_s is None else LATER)


def test_approvals_count_for_one_deployment_only() -> None:
    """An identical request needs new approvals."""
    first = deployment_with_status(Status.APPROVED)

    again, _ = creation.create_requested(a_request(), a_command("ada"), creation_terms(number=2))

    assert consent_digest(again) == consent_digest(first)
    assert (again.approvals, again.status) == ((), Status.PENDING_APPROVAL)


def test_risk_and_rollback_plan_are_required_at_creation_only() -> None:
    """A deployment that has neither, such as one of an older release, can be finished."""
    deployment = replace(a_deployment(), risk=None, rollback_plan="")

    for action in (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED, Action.ROLLBACK):
        deployment, _ = transition(deployment, action)

    assert deployment.status is Status.ROLLED_BACK
