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
from gatepost_domain.event import GENESIS_HASH
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.gate import GateState

FORMAT: Final = "gatepost-evidence-1"
"""The format identifier that `verify.py` requires."""


JSON_RULE: Final = (
    "JSON with sorted keys, no white space and no escapes beyond the necessary, in UTF-8"
)


EVENT_RULE: Final = (
    "An event's hash is the SHA-256, in lower-case hexadecimal, of the event without its hash, as "
    f"{JSON_RULE}, where `at` is UTC with six decimals: 2026-11-21T12:00:00.000000Z."
)


CHAIN_RULE: Final = (
    "prev_hash is the hash of the event with the seq before, deployment_prev_hash that of the same "
    "deployment's event before; sixty-four zeros for the first. The event of an import concerns "
    "many deployments and is in the chain of none."
)


CONSENT_RULE: Final = (
    f"The digest of consent is the SHA-256 of what was consented to, as {JSON_RULE}."
)


STEPS_RULE: Final = (
    "The digest of steps is the SHA-256 of a line for each step, in order: the step as "
    f"{JSON_RULE}, where `at` is UTC with six decimals, and a line feed."
)


class EvidenceFormat(StrEnum):
    """The format in which evidence is returned."""

    JSON = "json"
    ZIP = "zip"


class ConsentedTo(ResponseModel):
    """What a reviewer approves: exactly the content of the digest."""

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
    def from_domain(cls, found: domain.Evidence) -> Self:
        """Map the approvals in domain evidence to their response."""
        asked = found.deployment
        return cls(
            to=ConsentedTo(
                service=asked.service,
                environment=asked.environment,
                version=asked.version,
                artifact_digest=asked.artifact_digest,
                risk=asked.risk,
                rollback_plan=asked.rollback_plan,
                work_references=list(asked.work_references),
                policy_version=asked.policy_version,
            ),
            digest=consent_digest(asked),
            approvals=[
                DigestedApproval(
                    stage=each.stage,
                    actor=each.actor,
                    at=each.at,
                    note=each.note,
                    digest=each.digest,
                )
                for each in asked.approvals
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
    """The steps that workers reported, and the event that proves them."""

    items: list[DeploymentStep]
    digest: str
    vouched_for_by: int | None
    """The `seq` of the event that ended the deployment and contains the digest. Null if no worker
    ended it."""


class EvidenceChain(ResponseModel):
    """How each hash is computed, and the end of the event log."""

    event_rule: str
    chain_rule: str
    consent_rule: str
    steps_rule: str
    events: int
    """The number of events in this document."""
    deployment_hash: str
    """The hash of the deployment's last event. 64 zeros if it has no events of its own."""
    last_seq: int
    """Sequence of the latest event at export; with `last_hash`, a checkpoint to compare with a
    stored one."""
    last_hash: str

    @classmethod
    def from_domain(cls, found: domain.Evidence) -> Self:
        """Map the hashes in domain evidence to their response."""
        own = [each.hash for each in found.entries if each.event.deployment_id is not None]
        return cls(
            event_rule=EVENT_RULE,
            chain_rule=CHAIN_RULE,
            consent_rule=CONSENT_RULE,
            steps_rule=STEPS_RULE,
            events=len(found.entries),
            deployment_hash=own[-1] if own else GENESIS_HASH,
            last_seq=found.last_entry.seq,
            last_hash=found.last_entry.hash,
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
    """All events, oldest first. For an imported deployment, the event of the import is first."""
    chain: EvidenceChain

    @classmethod
    def from_domain(cls, found: domain.Evidence, *, at: datetime) -> Self:
        """Map domain evidence, exported at a given time, to its response."""
        vouching = found.steps_event()
        return cls(
            format=FORMAT,
            generated_at=at,
            deployment=Deployment.from_domain(found.deployment, found.policy.policy),
            policy=Policy.from_domain(found.policy),
            consent=Consent.from_domain(found),
            gates_at_start=_gates(found),
            steps=VouchedSteps(
                items=[DeploymentStep.from_domain(each) for each in found.steps],
                digest=steps_digest(found.steps),
                vouched_for_by=None if vouching is None else vouching.seq,
            ),
            events=[Event.from_domain(entry) for entry in found.entries],
            chain=EvidenceChain.from_domain(found),
        )


def _gates(found: domain.Evidence) -> list[GateAtStart] | None:
    gates = found.gates_at_start()
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
