"""Encoding of export lines: deployments as JSON or CSV, and events with their proofs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec

from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.csv_files import encode_csv
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.ports.audit import ProvenEvent
from gatepost_domain.tracking.history_files.columns import COLUMNS, EXPORT_MARK


class ExportFormat(StrEnum):
    """The format of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    ZIP = "zip"


class ExportedDeployment(NamedTuple):
    """A deployment, whether it is in effect, and the policy it was requested under."""

    deployment: domain.Deployment
    policy: PolicyVersion
    in_effect: bool
    """Whether this can be the live deployment of its service in its environment."""


CSV_COLUMNS: Final = (
    *COLUMNS,
    EXPORT_MARK,
    "number",
    "id",
    "kind",
    "tier",
    "status",
    "cancel_reason",
    "requester",
    "on_behalf_of",
    "approvals",
    "reviewed_by",
    "reviewed_at",
    "overrides",
    "break_glass",
    "work_references",
    "risk",
    "rollback_plan",
    "artifact_digest",
    "policy_version",
    "target_version",
    "target_digest",
    "waived_by",
    "created_at",
    "approved_at",
    "queued_at",
    "started_at",
    "finished_at",
    "rolled_back_at",
    "recorded_rollback",
    "unreviewed",
    "hidden",
    "revision",
)
"""The columns of a CSV file, beginning with those that an import reads."""


def encode_json_lines(exported: Iterable[ExportedDeployment]) -> bytes:
    """Return a line for each deployment: the deployment as in responses, and `in_effect`."""
    return b"".join(
        b'%s,"%s":%s}\n'
        % (
            msgspec.json.encode(Deployment.from_domain(each.deployment, each.policy))[:-1],
            EXPORT_MARK.encode(),
            b"true" if each.in_effect else b"false",
        )
        for each in exported
    )


def encode_csv_header() -> bytes:
    """Return the first line of a CSV file."""
    return encode_csv([CSV_COLUMNS])


def encode_csv_rows(exported: Iterable[ExportedDeployment]) -> bytes:
    """Return a row for each deployment, with cells that no spreadsheet executes as formulas."""
    return encode_csv(map(_csv_cells, exported))


def encode_events(events: Iterable[ProvenEvent]) -> bytes:
    """Return a line for each event with its proof."""
    return b"".join(
        msgspec.json.encode(
            {"event": each.event, "proof": [b64encode(value).decode() for value in each.proof]}
        )
        + b"\n"
        for each in events
    )


def _csv_cells(exported: ExportedDeployment) -> list[str]:
    output = Deployment.from_domain(exported.deployment, exported.policy)
    special = {
        EXPORT_MARK: _text(exported.in_effect),
        "approvals": "; ".join(
            f"{stage.name}: {approval.actor} {_text(approval.at)}"
            for stage in output.review.stages
            for approval in stage.approvals
        ),
        "overrides": "; ".join(
            f"{override.gate}: {override.actor} {_text(override.at)}: {override.reason}"
            for override in output.overrides
        ),
        "break_glass": ""
        if output.break_glass is None
        else f"{output.break_glass.actor} {_text(output.break_glass.at)}: "
        f"{output.break_glass.incident}: {output.break_glass.reason}",
        "work_references": "; ".join(output.work_references),
        "policy_version": str(output.review.policy_version),
        "waived_by": "" if output.review.waived is None else output.review.waived.set_by,
    }
    return [
        special[name] if name in special else _text(getattr(output, name)) for name in CSV_COLUMNS
    ]


def _text(value: Any) -> str:  # noqa: ANN401  # a field of a response
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return str(value)
