"""The rules for approval events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatepost_domain.verification.approval_rules import (
    Person,
    accepting_rules,
    may_be_same_person,
)
from gatepost_domain.verification.deployment_from_events import (
    actor_of,
    check_requester_is_known,
    people_behind,
)
from gatepost_domain.verification.independence_rules import apply_dependence_mark
from gatepost_domain.verification.start_rules import check_review_is_complete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost_domain.verification.approval_rules import Json
    from gatepost_domain.verification.deployment_from_events import RecordedDeployment


def apply_approved(deployment: RecordedDeployment, event: Json, at: str) -> None:
    """Apply an approval by a reviewer, or by a policy that requires none."""
    deployment.has_approval = True
    _check_policy_version(deployment, event)
    if event["stage"] is None:
        _check_automatic_approval(deployment, event)
        deployment.is_approved_by_policy = True
    else:
        _apply_approval_by_reviewer(deployment, event, at)
    if event["to_status"] == "approved":
        deployment.set_approval_time_and_expiry(at)
        check_review_is_complete(deployment, event)
    elif deployment.stages and deployment.first_incomplete_stage() is None:
        deployment.add_fault(
            "approval_left_pending",
            "status",
            f"Event {event['seq']} completed the review, so its to_status must be approved; "
            f"it is {event['to_status']}.",
        )


def _check_policy_version(deployment: RecordedDeployment, event: Json) -> None:
    expected = deployment.request.get("policy_version")
    found = event["data"].get("policy_version")
    if expected is not None and found != expected:
        deployment.add_fault(
            "approval_policy_version_wrong",
            "policy_version",
            f"Event {event['seq']} approved under version {found} of the policy; the request is "
            f"subject to version {expected}.",
        )


def _check_automatic_approval(deployment: RecordedDeployment, event: Json) -> None:
    if event["actor"] != "system":
        deployment.add_event_fault(
            "policy_approval_not_by_system",
            "actor",
            f"Event {event['seq']} names no stage, so it must be by system; "
            f"it is by {event['actor']}.",
        )
    if deployment.stages:
        deployment.is_review_reported = True
        names = " and ".join(stage["name"] for stage in deployment.stages)
        deployment.add_fault(
            "policy_requires_approval",
            "approvals",
            f"Event {event['seq']} records that the policy requires no approval; "
            f"it requires the approval of {names}.",
        )


def _apply_approval_by_reviewer(deployment: RecordedDeployment, event: Json, at: str) -> None:
    data, reviewer, outcome = event["data"], actor_of(event), deployment.outcome
    _check_digest(deployment, event)
    _check_reviewer_identity(deployment, event, reviewer)
    apply_dependence_mark(deployment, event, reviewer, "approvals")
    index = _find_stage(deployment, event)
    if index is not None and deployment.stages is not None:
        rules = deployment.stages[index]["rules"]
        accepted = _check_eligibility(deployment, event, reviewer, rules)
        deployment.count_approval(index, rules, accepted)
        deployment.counted.append((index, accepted))
    else:
        deployment.counted.append(None)
    deployment.set_approved_stage()
    deployment.reviewers.append((event["stage"], reviewer))
    approval: dict[str, Any] = {
        "stage": event["stage"],
        "actor": event["actor"],
        "at": at,
        "note": event["note"],
        "digest": data["digest"],
    }
    for name in ("rules", "identity"):
        if name in data:
            approval[name] = data[name]
    if "independence" in data:
        approval["dependencies"] = data["independence"]
    outcome["approvals"].append(approval)
    if event["to_status"] == "approved":
        outcome["reviewed_by"], outcome["reviewed_at"] = event["actor"], at


def _check_digest(deployment: RecordedDeployment, event: Json) -> None:
    found = event["data"]["digest"]
    if deployment.digest is not None and found != deployment.digest:
        deployment.add_fault(
            "approval_of_other_content",
            "approvals",
            f"Event {event['seq']}, the approval by {event['actor']}, has the digest {found}; "
            f"the digest of what was requested is {deployment.digest}.",
        )


def _check_reviewer_identity(deployment: RecordedDeployment, event: Json, reviewer: Person) -> None:
    check_requester_is_known(deployment, event, "approvals")
    if any(may_be_same_person(reviewer, person) for person in people_behind(deployment, event)):
        deployment.add_fault(
            "approval_by_requester",
            "approvals",
            f"Event {event['seq']}: {event['actor']} approved, but may be the person who "
            "requested the deployment.",
        )
    is_distinct = deployment.policy is not None and deployment.policy.get("distinct_reviewers", 1)
    for stage, earlier in deployment.reviewers:
        if (is_distinct or stage == event["stage"]) and may_be_same_person(reviewer, earlier):
            deployment.add_fault(
                "approval_repeated",
                "approvals",
                f"Event {event['seq']}: {event['actor']} approved, but may be the person who "
                f"already approved stage {stage}; a person counts once.",
            )
            return


def _find_stage(deployment: RecordedDeployment, event: Json) -> int | None:
    """Return the position of the approved stage, which must be the open one."""
    if deployment.stages is None:
        return None
    name, names = event["stage"], [stage["name"] for stage in deployment.stages]
    index, open_index = (
        names.index(name) if name in names else None,
        deployment.first_incomplete_stage(),
    )
    if index is None or index != open_index:
        expected = "no stage" if open_index is None else f"stage {names[open_index]}"
        deployment.is_review_reported = deployment.is_review_reported or index is None
        deployment.add_fault(
            "approval_stage_wrong",
            "approvals",
            f"Event {event['seq']} approved stage {name}, while {expected} was open.",
        )
    return index


def _check_eligibility(
    deployment: RecordedDeployment, event: Json, reviewer: Person, rules: Sequence[Json]
) -> Sequence[int]:
    """Check which rules accepted the reviewer, and return those for which the approval counts.

    An approval that no rule accepts is reported but still counted, so that it causes only one
    fault.
    """
    data = event["data"]
    recorded, groups = data.get("rules"), data.get("groups")
    possible = accepting_rules(rules, (reviewer.name, data.get("former_name")), groups)
    accepted = possible if recorded is None else tuple(recorded)
    if accepted and (accepted == possible or (groups is None and set(accepted) <= set(possible))):
        return accepted
    deployment.add_fault(
        "approval_not_eligible",
        "approvals",
        f"Event {event['seq']} records that rules {list(accepted)} of stage {event['stage']} "
        f"accept {event['actor']}; by the actor's name and groups, rules {list(possible)} do.",
    )
    return range(len(rules))
