"""Describing, in sentences, reviews that were not independent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost_domain.verification.approval_rules import normalize_name

if TYPE_CHECKING:
    from gatepost_domain.verification.approval_rules import Json

_FROM = {
    "account": "who got the account, a token or the login from",
    "invitation": "who was invited by",
    "reset": "who had their credentials reset by",
}
_TO = {
    "account": "who gave the account, a token or the login to",
    "invitation": "who invited",
    "reset": "who reset the credentials of",
}


def describe_dependent_review(dependence: Json, *, requester: str, has_approved: bool) -> str:
    """Return the sentence on a dependent review, such as "Approved by quinn, who was invited by …".

    `has_approved` is false for a reviewer who closed a break-glass approval's after-review.
    """
    reviewer, of, by = dependence["reviewer"], dependence["of"], dependence["by"]
    deed = "Approved by" if has_approved else "Break-glass review by"
    other = f"the requester ({of})" if normalize_name(of) == normalize_name(requester) else of
    through = dependence["through"]
    if normalize_name(of) in through:
        return f"{deed} {reviewer}, {_FROM[by]} {other}."
    if normalize_name(reviewer) in through:
        return f"{deed} {reviewer}, {_TO[by]} {other}."
    names = " and ".join(through)
    return f"{deed} {reviewer}; {names} could have acted both as {reviewer} and as {other}."


def describe_dependent_reviews(deployment: Json) -> list[str]:
    """Return a sentence for each dependent review of a deployment, given as in API responses."""
    reviewers = {
        normalize_name(approval["actor"])
        for stage in deployment["review"]["stages"]
        for approval in stage["approvals"]
    }
    return [
        describe_dependent_review(
            dependence,
            requester=deployment["requester"],
            has_approved=normalize_name(dependence["reviewer"]) in reviewers,
        )
        for dependence in deployment["independence"]["dependent"]
    ]
