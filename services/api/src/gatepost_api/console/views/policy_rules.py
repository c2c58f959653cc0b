"""Human-readable rules of a policy, in display order.

A setting that no rule describes is shown with its name and value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from gatepost_api.console.views import labels
from gatepost_api.console.views.formatting import format_duration, humanize
from gatepost_domain.catalog.policy import (
    AcceptRecords,
    ApprovalStage,
    ExecutionMode,
    IndependentReviewers,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
)

LANE: Final[Mapping[LaneMode, str]] = {
    LaneMode.QUEUE: "start one at a time",
    LaneMode.SUPERSEDE: "waiting ones are cancelled when a newer one starts",
    LaneMode.REJECT: "are refused while another is in progress",
}
RECORDS: Final[Mapping[AcceptRecords, str]] = {
    AcceptRecords.NONE: "none",
    AcceptRecords.OPERATORS: "those recorded by an operator who is independent of the requester",
    AcceptRecords.ANY: "all, including the requester's",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRowDefinition:
    """The definition of a row: its label, and functions that derive its content from a policy."""

    label: str
    settings: tuple[str, ...]
    """The settings that the row describes."""
    text: Callable[[Policy], str | None]
    """Returns the text, or None to omit the row."""
    items: Callable[[Policy], tuple[tuple[str, str], ...]] = lambda _: ()
    """Returns (name, text) pairs, shown as a numbered list before the text."""
    environment: Callable[[Policy], str | None] = lambda _: None
    """Returns the environment to link to, if any; the link is shown before the text."""


def describe_approvers(stage: ApprovalStage) -> str:
    """Return the approvals that a stage requires, as one phrase."""
    return " and ".join(map(labels.approval_rule_label, stage.rules))


def _reviewers(policy: Policy) -> str:
    stages = "one stage only" if policy.distinct_reviewers else "several stages"
    may_start = "may" if policy.reviewer_may_start else "may not"
    return (
        f"Each person may approve in {stages}. Reviewers {may_start} start deployments they "
        f"approved. {_independence(policy)}"
    )


def _independence(policy: Policy) -> str:
    if policy.independent_reviewers is IndependentReviewers.REQUIRED:
        return "They must be independent of the requester and of each other."
    return "Dependent approvals count, but are flagged."


def _execution(policy: Policy) -> str:
    is_worker = policy.execution is ExecutionMode.WORKER
    executor = "workers, from a queue" if is_worker else "operators, who report the result"
    return f"{executor}; starts automatically once approved" if policy.auto_start else executor


def _prerequisites(policy: Policy) -> str:
    if not policy.requires:
        return "no prerequisites"
    separator = ", " if policy.requires_mode is RequiresMode.ALL else " or "
    text = f"success in {separator.join(policy.requires)}"
    if policy.soak_s:
        text += f", deployed there for at least {format_duration(policy.soak_s)}"
    if policy.max_age_s:
        text += f", at most {format_duration(policy.max_age_s)} ago"
    return text


def _promotion_suffix(policy: Policy) -> str:
    if policy.promotes_to is None:
        return "\N{EN DASH}"
    return ", automatically" if policy.auto_promote else ", on request"


def _expiry(policy: Policy) -> str:
    if not policy.approval_expires_s:
        return "never expires"
    return f"cancelled after {format_duration(policy.approval_expires_s)}"


def _rollbacks(policy: Policy) -> str:
    if policy.rollback_approvals is RollbackApprovals.SAME:
        return "need the same approvals"
    return "need no approval if the version was already reviewed"


def _open_request_limits(policy: Policy) -> str:
    limits = (
        (policy.max_open_per_requester, "per requester"),
        (policy.max_open_per_lane, "per service"),
    )
    texts = [f"{limit:,} {scope}" for limit, scope in limits if limit is not None]
    return f"at most {' and '.join(texts)}" if texts else "no limit"


RULES: Final = (
    PolicyRowDefinition(
        label="Approval",
        settings=("approval_stages",),
        text=lambda policy: "" if policy.approval_stages else "none: approved immediately",
        items=lambda policy: tuple(
            (stage.name, describe_approvers(stage)) for stage in policy.approval_stages
        ),
    ),
    PolicyRowDefinition(
        label="Reviewers",
        settings=("distinct_reviewers", "reviewer_may_start", "independent_reviewers"),
        text=_reviewers,
    ),
    PolicyRowDefinition(label="Deployed by", settings=("execution", "auto_start"), text=_execution),
    PolicyRowDefinition(
        label="Concurrent deployments",
        settings=("lane",),
        text=lambda policy: LANE[policy.lane],
    ),
    PolicyRowDefinition(
        label="Requires",
        settings=("requires", "requires_mode", "soak_s", "max_age_s"),
        text=_prerequisites,
    ),
    PolicyRowDefinition(
        label="Records that count as success",
        settings=("accept_records",),
        text=lambda policy: RECORDS[policy.accept_records],
    ),
    PolicyRowDefinition(
        label="Promotes to",
        settings=("promotes_to", "auto_promote"),
        text=_promotion_suffix,
        environment=lambda policy: policy.promotes_to,
    ),
    PolicyRowDefinition(label="Expiry", settings=("approval_expires_s",), text=_expiry),
    PolicyRowDefinition(
        label="Waiting deployments",
        settings=("max_open_per_requester", "max_open_per_lane"),
        text=_open_request_limits,
    ),
    PolicyRowDefinition(label="Rollbacks", settings=("rollback_approvals",), text=_rollbacks),
    PolicyRowDefinition(
        label="Break-glass review",
        settings=("after_review_s",),
        text=lambda policy: f"due {format_duration(policy.after_review_s)} after break-glass",
    ),
    PolicyRowDefinition(
        label="Changes to settings",
        settings=("settings_approvals",),
        text=lambda policy: (
            "need approval by another admin" if policy.settings_approvals else "need no approval"
        ),
    ),
    PolicyRowDefinition(
        label="Allowed outgoing hosts",
        settings=("outgoing_allow",),
        text=lambda policy: ", ".join(policy.outgoing_allow) or None,
    ),
)
"""The definitions of the rows, in display order."""

DESCRIBED: Final = frozenset(name for rule in RULES for name in rule.settings)
"""The settings that a rule describes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """One rule as shown on the policy page."""

    label: str
    text: str
    items: tuple[tuple[str, str], ...] = ()
    environment: str | None = None


def policy_rows(policy: Policy) -> list[PolicyRow]:
    """Return a policy's rules in display order, followed by its other settings."""
    rules = [
        PolicyRow(
            label=rule.label,
            text=text,
            items=rule.items(policy),
            environment=rule.environment(policy),
        )
        for rule in RULES
        if (text := rule.text(policy)) is not None
    ]
    others = [
        setting_row(field.name, getattr(policy, field.name))
        for field in fields(Policy)
        if field.name not in DESCRIBED
    ]
    return rules + others


def policy_texts(policy: Policy) -> dict[str, str]:
    """Return the one-line text of each rule in a policy, by label."""
    return {row.label: _row_text(row) for row in policy_rows(policy)}


def _row_text(row: PolicyRow) -> str:
    stages = "; ".join(f"{name}: {text}" for name, text in row.items)
    return f"{stages}{row.environment or ''}{row.text}"


def setting_row(name: str, value: object) -> PolicyRow:
    """Return the row for a setting that no rule describes."""
    text = str(value)
    if value is None or value == ():
        text = "\N{EN DASH}"
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, int) and name.endswith("_s"):
        text = format_duration(value)
    elif isinstance(value, tuple):
        text = ", ".join(map(str, value))
    return PolicyRow(label=setting_label(name), text=text)


def setting_label(name: str) -> str:
    """Return the label of a setting that no rule describes: its name, without the unit."""
    return humanize(name.removesuffix("_s"))
