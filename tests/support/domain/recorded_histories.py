"""Histories of deployments as they are recorded, and forged ones that keep the chain intact."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import LedgerEntry, to_rfc3339
from gatepost_domain.verification.deployment_history import HistoryCheckResult, check_history
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_json
from gatepost_persistence.mapping.deployments import deployment_to_row
from tests.support.domain.actions import all_entries, run_sync
from tests.support.memory.ledger import InMemoryLedger

Json = dict[str, Any]

_JSON_COLUMNS: Final = (
    "identities",
    "work_references",
    "approvals",
    "overrides",
    "break_glass",
    "promotion_blocked",
)


def to_wire(entry: LedgerEntry) -> Json:
    """Return an event as on the wire, with its time to the microsecond."""
    event = entry.event
    return {
        "seq": entry.seq,
        "deployment_id": None if event.deployment_id is None else str(event.deployment_id),
        "kind": str(event.kind),
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "at": to_rfc3339(event.at),
        "from_status": None if event.from_status is None else str(event.from_status),
        "to_status": None if event.to_status is None else str(event.to_status),
        "stage": event.stage,
        "note": event.note,
        "data": json.loads(canonical_json(event.data)),
        "prev_hash": entry.prev_hash,
        "deployment_prev_hash": entry.deployment_prev_hash,
        "hash": entry.hash,
    }


def history_of(ledger: InMemoryLedger, deployment: Deployment) -> list[Json]:
    """Return the events of a deployment, oldest first, beginning with its import if it has one."""
    return [
        to_wire(entry)
        for entry in run_sync(all_entries(ledger))
        if entry.event.deployment_id == deployment.id or entry.seq == deployment.import_seq
    ]


def policy_of(ledger: InMemoryLedger, deployment: Deployment) -> Json:
    """Return the policy of a deployment as on the wire."""
    policy: Policy = run_sync(
        ledger.read_snapshot(
            lambda uow: uow.environments.policy(deployment.environment, deployment.policy_version)
        )
    )
    return {**msgspec.to_builtins(policy), "version": deployment.policy_version}


def columns_of(deployment: Deployment) -> Json:
    """Return the row of a deployment, with JSON columns parsed and times to the microsecond."""
    row: Json = dict(deployment_to_row(deployment))
    for name in _JSON_COLUMNS:
        if row[name] is not None:
            row[name] = json.loads(str(row[name]))
    for item in (*row["approvals"], *row["overrides"], row["break_glass"]):
        if item is not None and len(item["at"]) == len("2026-11-21T12:00:00Z"):
            item["at"] = item["at"].replace("Z", ".000000Z")
    return row


def judge(ledger: InMemoryLedger, deployment: Deployment) -> HistoryCheckResult:
    """Judge the recorded history of a deployment under its policy."""
    policy = policy_of(ledger, deployment)
    return check_history(history_of(ledger, deployment), policy, number=deployment.number)


def assert_proves(ledger: InMemoryLedger, deployment: Deployment) -> HistoryCheckResult:
    """Check that the history has no fault and says exactly what the deployment is now."""
    judgement, row = judge(ledger, deployment), columns_of(deployment)
    assert judgement.faults == []
    assert judgement.outcome == {name: row[name] for name in judgement.outcome}
    return judgement


def relink(events: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return events with new hashes and links, as somebody would write who rewrote the history.

    The fields `seq` and `at` are kept.
    """
    linked: list[Json] = []
    previous_hash = GENESIS_HASH
    for event in events:
        new = {**event, "hash": f"{len(linked) + 1:064x}"}
        if linked and event["seq"] == linked[-1]["seq"] + 1:
            new["prev_hash"] = linked[-1]["hash"]
        if event["deployment_id"] is not None:
            new["deployment_prev_hash"] = previous_hash
            previous_hash = new["hash"]
        linked.append(new)
    return linked
