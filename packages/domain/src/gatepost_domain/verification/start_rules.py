"""The rules for what must have been approved or overridden before a rollout starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost_domain.verification.approval_rules import Json
    from gatepost_domain.verification.deployment_from_events import RecordedDeployment


def check_review_is_complete(deployment: RecordedDeployment, event: Json) -> None:
    """Check that the reviewers, the policy or break-glass approved the deployment before the event.

    If the policy is unknown, any approval is sufficient. A missing approval is reported only once.
    """
    if deployment.is_review_reported or (reason := _describe_missing_approval(deployment)) is None:
        return
    deployment.is_review_reported = True
    verb = "relies on a complete review" if event["kind"] == "approved" else "started the rollout"
    deployment.add_fault(
        "review_incomplete",
        "approvals",
        f"Event {event['seq']} {verb}, but {reason}.",
    )


def _describe_missing_approval(deployment: RecordedDeployment) -> str | None:
    if deployment.breaker is not None:
        return None
    if deployment.stages is None:
        return None if deployment.has_approval else "no earlier event approved the deployment"
    if not deployment.stages:
        if deployment.is_approved_by_policy:
            return None
        return "no earlier event records that the policy requires no approval"
    index = deployment.first_incomplete_stage()
    if index is None:
        return None
    stage, missing = deployment.stages[index]["name"], deployment.missing[index]
    required = sum(rule.get("required", 1) for rule in deployment.stages[index]["rules"])
    return (
        f"stage {stage} has {required - missing} of {required} required approvals, and "
        "break-glass was not used"
    )


def check_gates(deployment: RecordedDeployment, event: Json) -> None:
    """Check that every gate in the start event was open, or overridden by an earlier event."""
    for gate in event["data"].get("gates", ()):
        state, kind = gate["state"], gate["kind"]
        if state == "open":
            continue
        if state != "overridden":
            deployment.add_event_fault(
                "gate_not_open",
                "data",
                f"Event {event['seq']} started the rollout with the {kind} gate {state} "
                f"({gate['code']}); it must be open or overridden.",
            )
        elif not _has_override(deployment, kind, gate["code"]):
            deployment.add_fault(
                "gate_override_missing",
                "overrides",
                f"Event {event['seq']} started the rollout with the {kind} gate overridden "
                f"({gate['code']}), but no earlier event overrode it.",
            )


def _has_override(deployment: RecordedDeployment, gate: str, code: str) -> bool:
    if gate == "approval":
        return deployment.breaker is not None
    return (gate, code) in deployment.overridden
