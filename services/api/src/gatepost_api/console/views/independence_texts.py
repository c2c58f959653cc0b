"""Sentences about reviews by people who are not independent of the requester."""

from __future__ import annotations

from gatepost_domain.access.actor import is_same_name
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.independence import current_name, with_current_names
from gatepost_domain.verification.independence_sentences import describe_dependent_review


def dependent_review_texts(deployment: Deployment, reviewer: str | None = None) -> list[str]:
    """Return a sentence for each dependent review, or only for those by `reviewer` if given."""
    if deployment.independence is None:
        return []
    names = deployment.current_name_by_key
    return [
        describe_dependent_review(
            with_current_names(dependence, names).to_event_data(),
            requester=current_name(deployment.requester, names),
            has_approved=any(
                is_same_name(approval.actor, dependence.reviewer)
                for approval in deployment.approvals
            ),
        )
        for dependence in deployment.independence.dependent
        if reviewer is None or is_same_name(reviewer, dependence.reviewer)
    ]
