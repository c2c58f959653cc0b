"""Computation of the document's deployment fields from the deployment's database columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gatepost_api.evidence.offline.hashed_times import canonical_instant
from gatepost_domain.verification.approval_rules import (
    consent_digest,
    count_missing_approvals,
    required_stages,
)
from gatepost_domain.verification.exported_columns import COPIED

Columns = Mapping[str, Any]
"""The values by column, with lists and objects parsed and times with six decimals."""

EXECUTION_STATES = {"queued": "QUEUED", "started": "RUNNING"}
"""The state of a rollout that has not ended, by the status of its deployment."""

ROLLOUT_STATUSES = frozenset({"queued", "started", "succeeded", "failed", "rolled_back"})


def compute_fields(columns: Columns, policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields that these columns determine.

    Unknown columns are absent, and so is every field that depends on one of them.
    """
    fields: dict[str, Any] = {}
    for name in FIELDS:
        compute = _COMPUTED.get(name)
        try:
            fields[name] = columns[name] if compute is None else compute(columns, policy)
        except KeyError:  # an unknown column
            continue
    return fields


def _number(columns: Columns, _policy: Mapping[str, Any]) -> str:
    return f"DEP-{columns['number']}"


def _hidden(columns: Columns, _policy: Mapping[str, Any]) -> bool:
    return columns["hidden_at"] is not None


def _recorded_rollback(columns: Columns, _policy: Mapping[str, Any]) -> bool:
    return bool(columns["recorded_rollback"])


def _requester_unmapped(columns: Columns, _policy: Mapping[str, Any]) -> bool:
    return columns["unmapped_issuer"] is not None


def _promotion_blocked(columns: Columns, _policy: Mapping[str, Any]) -> object:
    return _pick_members(columns["promotion_blocked"], "environment", "code", "reason")


def _overrides(columns: Columns, _policy: Mapping[str, Any]) -> object:
    names = ("gate", "code", "actor", "at", "reason")
    return [_pick_members(override, *names) for override in columns["overrides"]]


def _break_glass(columns: Columns, _policy: Mapping[str, Any]) -> object:
    return _pick_members(columns["break_glass"], "actor", "at", "reason", "incident")


def _after_review(columns: Columns, _policy: Mapping[str, Any]) -> object:
    if columns["after_review_state"] is None:
        return None
    names = ("state", "due_at", "verdict", "closed_by", "closed_at")
    return {name: columns[f"after_review_{name}"] for name in names}


def _execution(columns: Columns, _policy: Mapping[str, Any]) -> object:
    status = columns["status"]
    if status not in ROLLOUT_STATUSES or columns["kind"] == "record":
        return None
    ended = "FAILED" if columns["deployed_at"] is None else "SUCCESS"
    state = EXECUTION_STATES.get(status, ended)
    return {"state": state, "attempt": columns["attempt"], "worker": columns["worker"]}


def _review_label(columns: Columns, _policy: Mapping[str, Any]) -> str:
    if columns["status"] == "rejected":
        return "rejected"
    if columns["deployed_at"] is not None or columns["kind"] == "record":
        return "executed"
    if columns["break_glass"] is not None:
        return "break_glass"
    if columns["approved_stage"] is not None:
        return f"approved_by_{columns['approved_stage']}"
    return "requested" if columns["approved_at"] is None else "approved_by_policy"


def _required_approval_stages(columns: Columns, policy: Mapping[str, Any]) -> Sequence[Any]:
    request = {name: columns[name] for name in ("kind", "unreviewed")}
    digest = consent_digest(columns)
    return [
        _stage_from_columns(stage, columns, digest) for stage in required_stages(request, policy)
    ]


def _stage_from_columns(
    stage: Mapping[str, Any], columns: Columns, digest: str
) -> Mapping[str, Any]:
    rules = stage["rules"]
    approvals = [
        approval
        for approval in columns["approvals"]
        if approval["stage"] == stage["name"] and approval["digest"] == digest
    ]
    accepted = {
        _people_counted_as(approval["identity"]): approval["rules"] for approval in approvals
    }
    return {
        "name": stage["name"],
        "required": sum(rule["required"] for rule in rules),
        "approvals": [_pick_members(approval, "actor", "at", "note") for approval in approvals],
        "satisfied": count_missing_approvals(rules, list(accepted.values())) == 0,
    }


def _people_counted_as(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the people a reviewer counts as; older releases recorded a human and an issuer."""
    if "humans" in identity:
        return tuple(identity["humans"])
    names = {identity["human"], identity["issuer"]} - {None}
    return tuple(sorted(names))


def _independence(columns: Columns, _policy: Mapping[str, Any]) -> object:
    return columns["independence"] or {"dependent": []}


def _digest(columns: Columns, _policy: Mapping[str, Any]) -> str:
    return consent_digest(columns)


def _policy_version(columns: Columns, _policy: Mapping[str, Any]) -> object:
    return columns["policy_version"]


def _waived(columns: Columns, policy: Mapping[str, Any]) -> object:
    if (
        not (columns["tier"] == "production" or columns["started_in_production"])
        or columns["kind"] == "record"
        or columns["started_at"] is None
        or columns["reviewed_by"] is not None
        or columns["break_glass"] is not None
    ):
        return None
    return {
        "policy_version": columns["policy_version"],
        "set_by": policy["created_by"],
        "set_at": canonical_instant(policy["created_at"], "policy.created_at"),
    }


def _pick_members(value: Mapping[str, Any] | None, *names: str) -> object:
    """Return an object with only the named members, or None if the value is None."""
    return None if value is None else {name: value[name] for name in names}


_COMPUTED: Mapping[str, Callable[[Columns, Mapping[str, Any]], Any]] = {
    "number": _number,
    "hidden": _hidden,
    "recorded_rollback": _recorded_rollback,
    "requester_unmapped": _requester_unmapped,
    "promotion_blocked": _promotion_blocked,
    "independence": _independence,
    "overrides": _overrides,
    "break_glass": _break_glass,
    "after_review": _after_review,
    "execution": _execution,
    "review.label": _review_label,
    "review.stages": _required_approval_stages,
    "review.digest": _digest,
    "review.policy_version": _policy_version,
    "review.waived": _waived,
}

FIELDS = frozenset({*COPIED, *_COMPUTED})
"""All fields of a deployment in the document."""
