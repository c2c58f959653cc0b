"""Reviews of what a pipeline requests: not by the person who triggered it, as far as is known."""

from __future__ import annotations

from gatepost_domain.access.actor import Actor, normalize_name
from gatepost_domain.access.provenance import may_be_same_human
from gatepost_domain.catalog.policy import IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors import RequesterUnmapped, SelfReview


def requires_known_trigger(deployment: Deployment, policy: Policy) -> bool:
    """Return whether no review counts, because nobody knows who triggered the pipeline."""
    is_unknown = deployment.unmapped_issuer is not None and deployment.trigger_mapped_to is None
    return is_unknown and policy.independent_reviewers is IndependentReviewers.REQUIRED


def require_known_trigger(deployment: Deployment, policy: Policy) -> None:
    """Refuse a review if the policy requires independence of somebody who is not known.

    Raises:
        RequesterUnmapped: no user has the login that the pipeline reported.
    """
    if requires_known_trigger(deployment, policy):
        raise unmapped_requester(deployment)


def unmapped_requester(deployment: Deployment) -> RequesterUnmapped:
    """Return the refusal of reviews of a deployment of which nobody knows who triggered it."""
    return RequesterUnmapped(deployment.triggered_by or "", deployment.unmapped_issuer or "")


def refuse_review_by_trigger(deployment: Deployment, actor: Actor) -> None:
    """Refuse a review by the person who triggered the pipeline, or may have done so.

    If no user is known for the reported name, it may be that of any user who is called the same.

    Raises:
        SelfReview: the actor triggered the pipeline, or has the reported name.
    """
    if may_have_triggered(deployment, actor):
        raise SelfReview(deployment.triggered_by or "", reviewer=actor.name, is_trigger=True)


def may_have_triggered(deployment: Deployment, actor: Actor) -> bool:
    """Return whether an actor triggered the pipeline, or may be the person it reported."""
    name, person = deployment.triggered_by, deployment.trigger_mapped_to
    if name is None or deployment.unmapped_issuer is None:
        return False
    if person is not None:
        return may_be_same_human(person, actor.identity)
    return normalize_name(name) in {*actor.names, *actor.identity.humans}
