"""Preventing people from reviewing deployments requested by pipelines that they triggered."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor, normalize_name
from gatepost_domain.access.credential_provenance import Identity, may_be_same_human
from gatepost_domain.catalog.policy import IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.reviews import RequesterPart, RequesterUnmapped, SelfReview


def is_blocked_by_unknown_trigger(deployment: Deployment, policy: Policy) -> bool:
    """Return whether no review counts because it is unknown who triggered the pipeline."""
    is_unknown = deployment.unmapped_issuer is not None and deployment.trigger_mapped_to is None
    return is_unknown and policy.independent_reviewers is IndependentReviewers.REQUIRED


def require_known_trigger(deployment: Deployment, policy: Policy) -> None:
    """Refuse a review that must be independent, if it is unknown who triggered the pipeline.

    Raises:
        RequesterUnmapped: no user has the login that the pipeline reported.
    """
    if is_blocked_by_unknown_trigger(deployment, policy):
        raise unmapped_requester_refusal(deployment)


def unmapped_requester_refusal(deployment: Deployment) -> RequesterUnmapped:
    """Return the refusal for reviews of a deployment triggered by an unknown person."""
    return RequesterUnmapped(deployment.triggered_by or "", deployment.unmapped_issuer or "")


def refuse_review_by_trigger(deployment: Deployment, actor: Actor) -> None:
    """Refuse a review by the person who triggered the pipeline, or may have done so.

    This covers the person who has the reported login, and everybody who used to have it. If no user
    has the login, any user with the reported name is also covered.

    Raises:
        SelfReview: the actor triggered the pipeline, had the login, or has the reported name.
    """
    name = deployment.triggered_by or ""
    if had_login_of_trigger(deployment, actor.identity):
        raise SelfReview(name, reviewer=actor.name, part=RequesterPart.FORMER_TRIGGER)
    if may_have_triggered(deployment, actor):
        raise SelfReview(name, reviewer=actor.name, part=RequesterPart.TRIGGER)


def had_login_of_trigger(deployment: Deployment, identity: Identity) -> bool:
    """Return whether the identity formerly had the login that the pipeline reported."""
    return any(may_be_same_human(identity, former) for former in deployment.former_triggers)


def may_have_triggered(deployment: Deployment, actor: Actor) -> bool:
    """Return whether an actor triggered the pipeline, or may be the reported person."""
    name, person = deployment.triggered_by, deployment.trigger_mapped_to
    if name is None or deployment.unmapped_issuer is None:
        return False
    if had_login_of_trigger(deployment, actor.identity):
        return True
    if person is not None:
        return may_be_same_human(person, actor.identity)
    return normalize_name(name) in {*actor.names, *actor.identity.humans}


def triggering_person_event_data(deployment: Deployment) -> dict[str, object]:
    """Return who may have triggered the pipeline, as known now, for the event of a review."""
    data: dict[str, object] = {}
    if deployment.trigger_mapped_to is not None:
        data["trigger_mapped_to"] = deployment.trigger_mapped_to.to_event_data()
    if deployment.former_triggers:
        data["former_triggers"] = [each.to_event_data() for each in deployment.former_triggers]
    return data
