"""Responses for evidence."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from gatepost_api.catalog.environments.policy_schemas import Policy
from gatepost_api.claims.responses import DeploymentStep
from gatepost_api.deployments.responses import Deployment
from gatepost_api.events.responses import Event
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.audit import evidence as domain
from gatepost_domain.deployments.deployment import consent_digest
from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.gate import GateState
from gatepost_domain.verification.event_chain import GENESIS_HASH

FORMAT: Final = "gatepost-evidence-1"
"""The format identifier that `verify.py` requires."""


JSON_RULE: Final = "JSON with sorted keys, no white space and only the required escapes, in UTF-8"


EVENT_RULE: Final = (
    "An event's hash is the SHA-256 digest, in lowercase hexadecimal, of the event without its "
    f"hash, as {JSON_RULE}, with `at` in UTC with six decimals: 2026-11-21T12:00:00.000000Z."
)


CHAIN_RULE: Final = (
    "prev_hash is the hash of the event with the previous seq, deployment_prev_hash that of the "
    "deployment's previous event; 64 zeros for the first event. The event of an import concerns "
    "many deployments and belongs to no deployment's chain."
)


CONSENT_RULE: Final = f"The consent digest is the SHA-256 digest of `consent.to`, as {JSON_RULE}."


STEPS_RULE: Final = (
    "The steps digest is the SHA-256 digest of one line per step, in order: the step as "
    f"{JSON_RULE}, with `at` in UTC with six decimals, followed by a line feed."
)


class EvidenceFormat(StrEnum):
    """The format in which evidence is returned."""

    JSON = "json"
    ZIP = "zip"


class ConsentedTo(ResponseModel):
    """What a reviewer approves: exactly the content that the digest covers."""

    service: str
    environment: str
    version: str
    artifact_digest: str | None
    risk: str | None
    rollback_plan: str
    work_references: list[str]
    policy_version: int


class DigestedApproval(ResponseModel):
    """One reviewer's approval and the digest of what was approved."""

    stage: str
    actor: str
    at: Instant
    note: str | None
    digest: str
    """The digest of what was approved, at the time of the approval."""


class Consent(ResponseModel):
    """What was approved, and by whom."""

    to: ConsentedTo
    digest: str
    approvals: list[DigestedApproval]
    """The approvals in order. Empty if the deployment was approved by policy or by break-glass."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the approvals in domain evidence to their response."""
        deployment = evidence.deployment
        return cls(
            to=ConsentedTo(
                service=deployment.service,
                environment=deployment.environment,
                version=deployment.version,
                artifact_digest=deployment.artifact_digest,
                risk=deployment.risk,
                rollback_plan=deployment.rollback_plan,
                work_references=list(deployment.work_references),
                policy_version=deployment.policy_version,
            ),
            digest=consent_digest(deployment),
            approvals=[
                DigestedApproval(
                    stage=approval.stage,
                    actor=approval.actor,
                    at=approval.at,
                    note=approval.note,
                    digest=approval.digest,
                )
                for approval in deployment.approvals
            ],
        )


class GateAtStart(ResponseModel):
    """The state of a gate when the deployment started."""

    kind: GateKind
    state: GateState
    code: str
    message: str | None
    """Who overrode the gate and why. Null if it was not overridden."""


class VouchedSteps(ResponseModel):
    """The steps that workers reported, and the event that contains their digest."""

    items: list[DeploymentStep]
    digest: str
    vouched_for_by: int | None
    """The `seq` of the event that ended the deployment and contains the digest. Null if no
    worker ended the deployment."""


class EvidenceChain(ResponseModel):
    """How each hash is computed, and the end of the event log."""

    event_rule: str
    chain_rule: str
    consent_rule: str
    steps_rule: str
    events: int
    """The number of events in this document."""
    deployment_hash: str
    """The hash of the deployment's last event. 64 zeros if the deployment has no events of its
    own."""
    last_seq: int
    """The `seq` of the latest event at the time of the export. Together with `last_hash`, it
    forms a checkpoint that can be compared with a stored one."""
    last_hash: str

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the hashes in domain evidence to their response."""
        deployment_hashes = [
            entry.hash for entry in evidence.entries if entry.event.deployment_id is not None
        ]
        return cls(
            event_rule=EVENT_RULE,
            chain_rule=CHAIN_RULE,
            consent_rule=CONSENT_RULE,
            steps_rule=STEPS_RULE,
            events=len(evidence.entries),
            deployment_hash=deployment_hashes[-1] if deployment_hashes else GENESIS_HASH,
            last_seq=evidence.last_entry.seq,
            last_hash=evidence.last_entry.hash,
        )


class Evidence(ResponseModel):
    """Everything about one deployment at one point in time, verifiable offline."""

    format: str
    """The format identifier, `gatepost-evidence-1`."""
    generated_at: Instant
    deployment: Deployment
    """The deployment at the time of the export, with overrides, break-glass and after-review."""
    policy: Policy
    """The policy version that the deployment was requested under."""
    consent: Consent
    gates_at_start: list[GateAtStart] | None
    """The state of each gate at the start. Null if the deployment never started, or started under a
    release that did not record gates."""
    steps: VouchedSteps
    """The rollout, readiness and check steps that workers reported."""
    events: list[Event]
    """All events, oldest first. For an imported deployment, the import event comes first."""
    chain: EvidenceChain

    @classmethod
    def from_domain(cls, evidence: domain.Evidence, *, at: datetime) -> Self:
        """Map domain evidence, exported at a given time, to its response."""
        vouching = evidence.steps_digest_entry()
        return cls(
            format=FORMAT,
            generated_at=at,
            deployment=Deployment.from_domain(evidence.deployment, evidence.policy.policy),
            policy=Policy.from_domain(evidence.policy),
            consent=Consent.from_domain(evidence),
            gates_at_start=_gates_at_start(evidence),
            steps=VouchedSteps(
                items=[DeploymentStep.from_domain(step) for step in evidence.steps],
                digest=steps_digest(evidence.steps),
                vouched_for_by=None if vouching is None else vouching.seq,
            ),
            events=[Event.from_domain(entry) for entry in evidence.entries],
            chain=EvidenceChain.from_domain(evidence),
        )


def _gates_at_start(evidence: domain.Evidence) -> list[GateAtStart] | None:
    gates = evidence.gates_at_start()
    if gates is None:
        return None
    return [
        GateAtStart(
            kind=GateKind(gate["kind"]),
            state=GateState(gate["state"]),
            code=gate["code"],
            message=gate.get("message"),
        )
        for gate in gates
    ]
