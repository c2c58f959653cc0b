"""Deciding which records of deployments made elsewhere prove that a version succeeded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.access.credential_provenance import are_independent
from gatepost_domain.access.roles import ROLES_WITH, Right
from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import AcceptRecords, Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.event import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvingRecord:
    """A record that a gate relies on, with who recorded it and when."""

    number: int
    recorded_by: str
    recorded_at: datetime

    def describe(self) -> str:
        """Return who recorded the record and when, and its number, as part of a sentence."""
        return (
            f"recorded by {self.recorded_by} on {format_instant(self.recorded_at)}, "
            f"{format_number(self.number)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DisregardedRecord:
    """A record that does not count, and why."""

    number: int
    reason: str
    """A clause that follows "because"."""


def to_proving_record(deployment: Deployment) -> ProvingRecord | None:
    """Return the deployment as a proving record; None if it was made through Gatepost."""
    if deployment.kind is not DeploymentKind.RECORD:
        return None
    return ProvingRecord(
        number=deployment.number,
        recorded_by=deployment.requester,
        recorded_at=deployment.created_at,
    )


def counts_as_live_from(deployment: Deployment) -> datetime | None:
    """Return the time from which a deployment counts as live; None if it never was.

    A record counts from when it was recorded, even if the deployment was made earlier.
    """
    at = deployment.deployed_at
    if at is None or deployment.kind is not DeploymentKind.RECORD:
        return at
    return max(at, deployment.created_at)


def find_objection(
    record: Deployment, deployment: Deployment, policy: Policy, recorder: User | None
) -> str | None:
    """Return why a record does not count for a deployment under its policy; None if it counts.

    `recorder` is the current state of the user who recorded it; None if there is no such user.
    """
    if policy.accept_records is AcceptRecords.ANY:
        return None
    if policy.accept_records is AcceptRecords.NONE:
        return f"the policy of {deployment.environment} accepts no records"
    return _find_objection_to_recorder(record, deployment, recorder)


def _find_objection_to_recorder(
    record: Deployment, deployment: Deployment, recorder: User | None
) -> str | None:
    if any(_is_of_unknown_person(each) for each in (record, deployment)):
        return (
            "nobody knows who triggered the pipeline that recorded it, or the pipeline that "
            "requested the deployment"
        )
    who = f"{record.requester}, who recorded it,"
    if recorder is None or recorder.disabled:
        return f"{who} is {'not a user' if recorder is None else 'disabled'}"
    if not _is_operator(recorder, record):
        return f"{who} is not an operator of {record.service} in {record.environment}"
    if not _is_independent(record, deployment):
        return f"{who} may be the same person as {deployment.requester}, who made the request"
    return None


def describe_disregarded(version: str, records: Iterable[tuple[str, DisregardedRecord]]) -> str:
    """Return sentences about which records do not count, why, and how to remedy that.

    Each record is paired with its environment. The result is empty if there are no records.
    """
    reasons = [
        f"The record {format_number(record.number)} of {version} in {environment} does not count, "
        f"because {record.reason}."
        for environment, record in records
    ]
    if not reasons:
        return ""
    remedy = (
        "Deploy the version there through Gatepost, or have an operator who is independent of the "
        "requester record the deployment, if the policy accepts records."
    )
    return " ".join(["", *reasons, remedy])


def _is_of_unknown_person(deployment: Deployment) -> bool:
    return deployment.unmapped_issuer is not None and deployment.trigger_mapped_to is None


def _is_operator(user: User, record: Deployment) -> bool:
    roles = ROLES_WITH[Right.OPERATE]
    return any(
        grant.role in roles and grant.covers(record.service, record.environment)
        for grant in user.grants
    )


def _is_independent(record: Deployment, deployment: Deployment) -> bool:
    """Return whether no one behind the record may also be behind the request."""
    triggers = () if deployment.trigger_mapped_to is None else (deployment.trigger_mapped_to,)
    requesters = (*deployment.identities, *triggers, *deployment.former_triggers)
    return all(
        are_independent(recorder, requester)
        for recorder in record.identities
        for requester in requesters
    )
