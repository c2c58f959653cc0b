"""Labels, colours and icons for statuses, reviews, gates, events and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gatepost_api.audit.export_lines import ExportFormat
from gatepost_api.console.views.attention import Concern
from gatepost_api.console.views.formatting import humanize
from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.access.users import TokenKind
from gatepost_domain.catalog.policy import ApprovalRule, describe_approver
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.review import (
    APPROVED_BY,
    StageProgress,
    has_waived_production_review,
    review_label,
)
from gatepost_domain.deployments.rollback_state import requests_rollback
from gatepost_domain.deployments.step import StepKind, StepState
from gatepost_domain.deployments.worker import WorkerState
from gatepost_domain.event import Event, EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.reports.metric_definitions import Figure
from gatepost_domain.reports.periods import Bucket
from gatepost_domain.settings_changes.settings_change import SettingsChangeState
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import Age


class Tone(StrEnum):
    """The meaning of a colour. The style sheet defines the colour for light and dark mode."""

    GOOD = "good"
    WAITING = "waiting"
    READY = "ready"
    ACTIVE = "active"
    BAD = "bad"
    MUTED = "muted"


class Icon(StrEnum):
    """An icon shown beside text, so that colour is never the only signal."""

    CHECK = "check"
    CROSS = "cross"
    CLOCK = "clock"
    PLAY = "play"
    QUEUE = "queue"
    SPIN = "spin"
    BACK = "back"
    STOP = "stop"
    UP = "up"
    SKIP = "skip"
    ALERT = "alert"
    SCALES = "scales"
    PEN = "pen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The text, colour and icon of a value."""

    text: str
    tone: Tone
    icon: Icon


STATUS: Final[Mapping[Status, Label]] = {
    Status.PENDING_APPROVAL: Label(text="Waiting for approval", tone=Tone.WAITING, icon=Icon.CLOCK),
    Status.APPROVED: Label(text="Approved", tone=Tone.READY, icon=Icon.CHECK),
    Status.QUEUED: Label(text="Queued", tone=Tone.READY, icon=Icon.QUEUE),
    Status.STARTED: Label(text="In progress", tone=Tone.ACTIVE, icon=Icon.SPIN),
    Status.SUCCEEDED: Label(text="Succeeded", tone=Tone.GOOD, icon=Icon.CHECK),
    Status.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.CROSS),
    Status.REJECTED: Label(text="Rejected", tone=Tone.BAD, icon=Icon.STOP),
    Status.CANCELLED: Label(text="Cancelled", tone=Tone.MUTED, icon=Icon.STOP),
    Status.ROLLED_BACK: Label(text="Rolled back", tone=Tone.MUTED, icon=Icon.BACK),
}

OUTDATED: Final = Label(text="Can no longer start", tone=Tone.MUTED, icon=Icon.STOP)
"""The badge of a waiting deployment that a newer one in its lane prevents from starting."""

_REQUESTED: Final = "requested"
_BY_POLICY: Final = "approved_by_policy"
_REVIEW: Final[Mapping[str, tuple[Tone, Icon]]] = {
    _REQUESTED: (Tone.WAITING, Icon.CLOCK),
    _BY_POLICY: (Tone.MUTED, Icon.CHECK),
    "break_glass": (Tone.BAD, Icon.ALERT),
    "rejected": (Tone.BAD, Icon.STOP),
}
_EXECUTED: Final = "executed"
_APPROVED_BY_STAGE: Final = (Tone.READY, Icon.CHECK)
_APPROVED: Final = Label(text="Approved", tone=Tone.GOOD, icon=Icon.CHECK)


def review_text(label: str) -> str:
    """Return a review label for display: `approved_by_qa` becomes "Stage qa approved"."""
    if label == _REQUESTED:
        return "No approvals yet"
    if label == _EXECUTED:
        return "Deployed or recorded"
    if label == _BY_POLICY:
        return "Approved by policy"
    if label.startswith(APPROVED_BY):
        return f"Stage {label.removeprefix(APPROVED_BY)} approved"
    return label.replace("_", "-").capitalize()


def review_badge(deployment: Deployment) -> Label | None:
    """Return the badge for a deployment's review; None if it would only repeat the status.

    Instead of the label `executed`, which only repeats the status, the badge says how the
    deployment was reviewed. A complete review is "Approved", whatever its last stage.
    """
    badge = _review_badge(deployment)
    return None if badge.text == STATUS[deployment.status].text else badge


def _review_badge(deployment: Deployment) -> Label:
    label = review_label(deployment)
    if label == _EXECUTED:
        return _completed_review(deployment)
    if label == _REQUESTED and deployment.status is Status.CANCELLED:
        return Label(text="Not approved", tone=Tone.MUTED, icon=Icon.SKIP)
    if label.startswith(APPROVED_BY) and label != _BY_POLICY and deployment.approved_at is not None:
        return _APPROVED
    tone, icon = _REVIEW.get(label, _APPROVED_BY_STAGE)
    return Label(text=review_text(label), tone=tone, icon=icon)


def _completed_review(deployment: Deployment) -> Label:
    if deployment.kind is DeploymentKind.RECORD:
        return Label(text="Not reviewed", tone=Tone.MUTED, icon=Icon.SKIP)
    if deployment.break_glass is not None:
        tone, icon = _REVIEW["break_glass"]
        return Label(text=review_text("break_glass"), tone=tone, icon=icon)
    if deployment.reviewed_by is not None:
        return _APPROVED
    tone, icon = _REVIEW[_BY_POLICY]
    return Label(text=review_text(_BY_POLICY), tone=tone, icon=icon)


def is_review_waived(deployment: Deployment) -> bool:
    """Return whether a production deployment started without human approval or break-glass."""
    return has_waived_production_review(deployment)


ENDED: Final[Mapping[Status, str]] = {
    Status.SUCCEEDED: "Already succeeded.",
    Status.FAILED: "Already failed.",
    Status.REJECTED: "Already rejected.",
    Status.CANCELLED: "Already cancelled.",
    Status.ROLLED_BACK: "Already rolled back.",
}
"""Why a deployment can no longer be approved or rejected, by its final status."""


AGE: Final[Mapping[Age, Label]] = {
    Age.FRESH: Label(text="Live for less than 30 days", tone=Tone.GOOD, icon=Icon.CHECK),
    Age.AGING: Label(text="Live for 30 to 90 days", tone=Tone.WAITING, icon=Icon.CLOCK),
    Age.STALE: Label(text="Live for more than 90 days", tone=Tone.BAD, icon=Icon.ALERT),
}

GATE_STATE: Final[Mapping[GateState, Label]] = {
    GateState.OPEN: Label(text="Open", tone=Tone.GOOD, icon=Icon.CHECK),
    GateState.WAITING: Label(text="Waiting", tone=Tone.WAITING, icon=Icon.CLOCK),
    GateState.CLOSED: Label(text="Closed", tone=Tone.BAD, icon=Icon.STOP),
    GateState.OVERRIDDEN: Label(text="Overridden", tone=Tone.ACTIVE, icon=Icon.SKIP),
}

_BROKEN_GLASS: Final = Label(text="Break-glass", tone=Tone.BAD, icon=Icon.ALERT)


def gate_state_label(gate: Gate) -> Label:
    """Return the badge for a gate's state.

    Only break-glass can replace an approval; an override cannot.
    """
    if gate.kind is GateKind.APPROVAL and gate.state is GateState.OVERRIDDEN:
        return _BROKEN_GLASS
    return GATE_STATE[gate.state]


_GATE: Final[Mapping[GateKind, str]] = {
    GateKind.SOAK: "Soak time",
    GateKind.AFTER_REVIEW: "Break-glass review",
}
"""The labels of kinds of gates that are not derived from the name of the kind."""


def gate_label(kind: GateKind) -> str:
    """Return the display name of a kind of gate."""
    return _GATE.get(kind) or humanize(kind)


_EVENT: Final[Mapping[EventKind, str]] = {
    EventKind.OVERRIDDEN: "Gate overridden",
    EventKind.BROKE_GLASS: "Break-glass used",
    EventKind.AFTER_REVIEW_OVERDUE: "Break-glass review overdue",
    EventKind.AFTER_REVIEWED: "Break-glass reviewed",
}
"""The labels of kinds of events that are not derived from the name of the kind."""


def event_label(event: Event) -> str:
    """Return an event's display name; a rollback with redeploy is "Rollback requested"."""
    if requests_rollback(event):
        return "Rollback requested"
    return _EVENT.get(event.kind) or humanize(event.kind)


def approver_label(approver: str) -> str:
    """Return an approver for display: `group:qa` becomes "group qa", `user:ada` becomes "ada"."""
    return describe_approver(approver)


def approval_rule_label(rule: ApprovalRule) -> str:
    """Return the number of approvals that a rule requires, and from whom."""
    approvals = "1 approval" if rule.required == 1 else f"{rule.required} approvals"
    return f"{approvals} from {rule.approver_words()}"


def approval_count(progress: StageProgress) -> str:
    """Return how many of its required approvals a stage has, such as "1 of 2 approvals"."""
    required = progress.stage.required
    return f"{len(progress.approvals)} of {required} approval{'' if required == 1 else 's'}"


STEP_STATE: Final[Mapping[StepState, Label]] = {
    StepState.RUNNING: Label(text="Running", tone=Tone.ACTIVE, icon=Icon.SPIN),
    StepState.PASSED: Label(text="Passed", tone=Tone.GOOD, icon=Icon.CHECK),
    StepState.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.CROSS),
    StepState.ERRORED: Label(text="Error", tone=Tone.BAD, icon=Icon.ALERT),
}

STEP: Final[Mapping[StepKind, str]] = {
    StepKind.EXECUTOR: "Rollout",
    StepKind.READY: "Readiness",
    StepKind.CHECK: "Check",
}

KIND: Final[Mapping[DeploymentKind, str]] = {
    DeploymentKind.REQUEST: "Request",
    DeploymentKind.PROMOTION: "Promotion",
    DeploymentKind.ROLLBACK: "Rollback",
    DeploymentKind.RECORD: "Recorded",
}

TIER: Final[Mapping[Tier, str]] = {
    Tier.DEVELOPMENT: "Development",
    Tier.TEST: "Test",
    Tier.STAGING: "Staging",
    Tier.PRODUCTION: "Production",
}

BUCKET: Final[Mapping[Bucket, str]] = {
    Bucket.DAY: "Day",
    Bucket.WEEK: "Week",
    Bucket.MONTH: "Month",
}

FIGURE: Final[Mapping[Figure, str]] = {
    Figure.DEPLOYMENTS: "Deployments",
    Figure.FREQUENCY: "Deployment frequency",
    Figure.CHANGE_FAILURE_RATE: "Change failure rate",
    Figure.LEAD_TIME: "Lead time",
    Figure.LEAD_TIME_FROM_COMMIT: "Lead time from commit",
    Figure.LEAD_TIME_FROM_PROMOTION: "Lead time from promotion",
    Figure.RECOVERY_TIME: "Time to restore",
    Figure.ROLLBACKS: "Rollbacks",
    Figure.APPROVAL_LATENCY: "Time to approve",
    Figure.WAITING_TIME: "Time waiting to start",
    Figure.OVERRIDE_RATE: "Override rate",
    Figure.BREAK_GLASS_RATE: "Break-glass rate",
    Figure.UNREVIEWED_CHANGES: "Unreviewed production changes",
    Figure.DEPENDENT_APPROVALS: "Non-independent approvals",
    Figure.AFTER_REVIEWS_OPEN: "Open break-glass reviews",
    Figure.AFTER_REVIEWS_OVERDUE: "Overdue break-glass reviews",
    Figure.REJECTED: "Rejected",
    Figure.SUPERSEDED: "Superseded",
    Figure.EXPIRED: "Expired",
}
"""The labels of the metrics, in display order."""


SETTINGS_CHANGE_STATE: Final[Mapping[SettingsChangeState, Label]] = {
    SettingsChangeState.PENDING: Label(
        text="Waiting for approval", tone=Tone.WAITING, icon=Icon.CLOCK
    ),
    SettingsChangeState.APPLIED: Label(text="In force", tone=Tone.GOOD, icon=Icon.CHECK),
    SettingsChangeState.REJECTED: Label(text="Rejected", tone=Tone.BAD, icon=Icon.STOP),
    SettingsChangeState.STALE: Label(text="Out of date", tone=Tone.MUTED, icon=Icon.SKIP),
}
"""The badges for the states of settings changes."""

CONCERN: Final[Mapping[Concern, Label]] = {
    Concern.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.CROSS),
    Concern.OVERDUE: Label(text="Review overdue", tone=Tone.BAD, icon=Icon.ALERT),
    Concern.WAITING: Label(text="Waiting", tone=Tone.WAITING, icon=Icon.CLOCK),
}
"""The badges for the reasons a deployment needs attention."""

WORKER_STATE: Final[Mapping[WorkerState, Label]] = {
    WorkerState.IDLE: Label(text="Idle", tone=Tone.GOOD, icon=Icon.CHECK),
    WorkerState.WORKING: Label(text="Working", tone=Tone.READY, icon=Icon.CLOCK),
    WorkerState.LOST: Label(text="Lost", tone=Tone.BAD, icon=Icon.ALERT),
}
"""The badges for the states of workers."""

TOKEN_KIND: Final[Mapping[TokenKind, str]] = {
    TokenKind.API: "token",
    TokenKind.PROVIDER: "identity provider",
    TokenKind.PIPELINE: "pipeline",
    TokenKind.SESSION: "browser",
    TokenKind.LINK: "sign-in link",
    TokenKind.INVITATION: "invitation",
}
"""The names of the kinds of tokens in an account's list."""
MEANS: Final[Mapping[Means, str]] = {
    Means.ACCOUNT: "created the account, a token or the login",
    Means.INVITATION: "sent the invitation",
    Means.RESET: "reset the credentials",
}
"""The texts for the ways in which another user could have used a person's account."""

EXPORT_FORMAT: Final[Mapping[ExportFormat, str]] = {
    ExportFormat.ZIP: "Archive with proofs and verifier (zip)",
    ExportFormat.CSV: "Table for spreadsheets (csv)",
    ExportFormat.JSONL: "JSON lines for imports (jsonl)",
}
"""The export formats, in the order shown on the page."""
