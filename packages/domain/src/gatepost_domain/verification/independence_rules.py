"""The rules for reviewers who are not independent of other people behind the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost_domain.verification.approval_rules import is_dependent
from gatepost_domain.verification.deployment_from_events import people_behind

if TYPE_CHECKING:
    from gatepost_domain.verification.approval_rules import Json, Person
    from gatepost_domain.verification.deployment_from_events import RecordedDeployment


def apply_dependence_mark(
    deployment: RecordedDeployment, event: Json, reviewer: Person, field: str
) -> None:
    """Check whom a reviewer depends on, and apply the mark recorded in the event.

    `field` is the column that the event changes.
    """
    earlier = [*people_behind(deployment, event), *(person for _, person in deployment.reviewers)]
    if deployment.breaker is not None:
        earlier.append(deployment.breaker)
    marks = event["data"].get("independence", ())
    depends = any(is_dependent(reviewer, person) for person in earlier)
    policy = deployment.policy or {}
    if depends and policy.get("independent_reviewers") == "required":
        deployment.add_fault(
            "reviewer_not_independent",
            field,
            f"Event {event['seq']}: somebody could have acted both as {event['actor']} and as "
            "another person behind the deployment; the policy requires independent reviewers.",
        )
    if depends != bool(marks):
        deployment.add_fault(
            "dependence_unmarked" if depends else "dependence_without_reason",
            "independence",
            f"Event {event['seq']} records that {event['actor']} is "
            f"{'not ' if marks else ''}independent; the recorded people show the opposite.",
        )
    if marks:
        mark = deployment.outcome["independence"] or {"dependent": []}
        deployment.outcome["independence"] = {"dependent": [*mark["dependent"], *marks]}
