"""Checks of the policy in the document against the event that set it."""

from __future__ import annotations

from gatepost_api.evidence.offline.event_checks import check_hash
from gatepost_api.evidence.offline.hashed_times import with_canonical_times
from gatepost_api.evidence.offline.report import Json, Report, join_words
from gatepost_domain.verification.policy_lookup import find_recorded_policy


def check_policy(document: Json, report: Report) -> None:
    """Check that the policy is exactly the one that its event recorded."""
    policy, event = document["policy"], document["policy_event"]
    deployment, first = document["deployment"], document["events"][0]
    environment, version = deployment["environment"], deployment["review"]["policy_version"]
    source = "the deployment is subject to"
    report.compare("policy.environment", policy["environment"], environment, source)
    report.compare("policy.version", policy["version"], version, source)
    report.unproved.append(
        f"That version {version} of the policy was in force at the time; only the first event "
        "states it."
    )
    if event is None:
        report.unproved.append(
            "The text of the policy, and so which approvals were necessary: the document does not "
            "contain the event that set the policy."
        )
        return
    check_hash(event, report, "policy_event")
    if event["seq"] >= first["seq"] and event["hash"] != first["hash"]:
        report.add_fault(
            "policy_set_later",
            "policy_event",
            f"Event {event['seq']} set the policy after event {first['seq']}, the first of the "
            "deployment.",
        )
    recorded = find_recorded_policy(event["data"], environment, version)
    if recorded is None:
        report.add_fault(
            "policy_event_wrong",
            "policy_event",
            f"Event {event['seq']} did not set version {version} of the policy of {environment}.",
        )
        return
    _compare_with_recorded(policy, recorded, event["seq"], report)


def _compare_with_recorded(policy: Json, recorded: Json, seq: int, report: Report) -> None:
    claimed, expected = with_canonical_times(policy), with_canonical_times(dict(recorded))
    for name in sorted(expected.keys() - claimed.keys()):
        report.add_fault(
            "policy_incomplete", f"policy.{name}", f"policy.{name} is missing; event {seq} has it."
        )
    for name in sorted(expected.keys() & claimed.keys()):
        report.compare(
            f"policy.{name}", claimed[name], expected[name], f"the policy of event {seq} has"
        )
    newer = sorted(claimed.keys() - expected.keys())
    if newer:
        report.unproved.append(
            f"{join_words([f'policy.{name}' for name in newer])}: event {seq}, which set the "
            "policy, does not contain them."
        )
    report.proved.append(f"The text of the policy is the one that event {seq} set.")
