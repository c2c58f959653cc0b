"""Responses for evidence."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from enum import StrEnum
from typing import Self

from gatepost_api.catalog.environments.policy_bodies import Policy
from gatepost_api.claims.responses import DeploymentStep
from gatepost_api.deployments.responses import Deployment
from gatepost_api.events.responses import Event
from gatepost_api.evidence.approved_content_responses import Consent, ConsentedTarget
from gatepost_api.evidence.offline.document_format import FORMAT
from gatepost_api.evidence.proof_responses import (
    EventInclusion,
    EvidenceChain,
    RecordedState,
    SignedCheckpoint,
)
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.audit import evidence as domain
from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.gate import GateState


class EvidenceFormat(StrEnum):
    """The format in which evidence is returned."""

    JSON = "json"
    ZIP = "zip"
    DSSE = "dsse"


class GateAtStart(ResponseModel):
    """The state of a gate when the deployment started."""

    kind: GateKind
    state: GateState
    code: str
    """The code of the gate's state."""
    message: str | None
    """Who overrode the gate and why. Null if it was not overridden."""


class VouchedSteps(ResponseModel):
    """The steps that workers reported, and the event that contains their digest."""

    items: list[DeploymentStep]
    """The steps that workers reported, oldest first."""
    digest: str
    """The SHA-256 digest of the steps."""
    vouched_for_by: int | None
    """The `seq` of the event that ended the deployment and contains the digest. Null if no
    worker ended the deployment."""


class RecordingEvent(ResponseModel):
    """Who recorded or imported a deployment that was made elsewhere."""

    kind: EventKind
    """`recorded` or `history_imported`."""
    actor: str
    """Who recorded or imported the deployment."""
    on_behalf_of: str | None
    """The person the actor acted for. Null if the actor did not act for someone else."""
    at: Instant
    """When the deployment was recorded, which may be long after it took place."""
    event: int
    """The `seq` of the event."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self | None:
        """Map the log entry of the record or import, if there is one, to its response."""
        entry = evidence.recording_entry()
        if entry is None:
            return None
        return cls(
            kind=entry.event.kind,
            actor=entry.event.actor,
            on_behalf_of=entry.event.on_behalf_of,
            at=entry.event.at,
            event=entry.seq,
        )


class Evidence(ResponseModel):
    """Everything about one deployment at one point in time, verifiable offline."""

    format: str
    """The format identifier, `gatepost-evidence-2`."""
    generated_at: Instant
    """When the document was exported."""
    deployment: Deployment
    """The deployment at the time of the export, including overrides, break-glass and
    after-review."""
    recorded_by: RecordingEvent | None
    """Who recorded the deployment. Null if it was requested in Gatepost."""
    state: RecordedState
    """The deployment as stored, with the digest recorded in its most recent event."""
    policy: Policy
    """The policy version that the deployment was requested under."""
    policy_event: Event | None
    """The event that set this version of the policy. Null if it cannot be determined."""
    target: ConsentedTarget | None
    """The target's settings stored with the deployment. Null if there are none."""
    consent: Consent
    gates_at_start: list[GateAtStart] | None
    """The state of each gate when the deployment started. Null if it never started, or started
    under a release that did not record gates."""
    steps: VouchedSteps
    """The rollout, readiness and check steps that workers reported."""
    events: list[Event]
    """All events, oldest first. For an imported deployment, the import event comes first."""
    chain: EvidenceChain
    inclusion: list[EventInclusion]
    """The proofs that the events in `events`, the event that set the policy and the last event of
    the log are part of the log, in the order of `seq`."""
    checkpoint: SignedCheckpoint
    """The signed checkpoint of the log at the time of the export, which the proofs refer to."""

    @classmethod
    def from_domain(
        cls, evidence: domain.Evidence, *, at: datetime, signer: CheckpointSigner
    ) -> Self:
        """Map domain evidence, exported at a given time, to its response."""
        vouching = evidence.steps_digest_entry()
        return cls(
            format=FORMAT,
            generated_at=at,
            deployment=Deployment.from_domain(evidence.deployment, evidence.policy),
            recorded_by=RecordingEvent.from_domain(evidence),
            state=RecordedState.from_domain(evidence),
            policy=Policy.from_domain(evidence.policy),
            policy_event=None
            if evidence.policy_entry is None
            else Event.from_domain(evidence.policy_entry),
            target=ConsentedTarget.from_domain(evidence.target),
            consent=Consent.from_domain(evidence),
            gates_at_start=_gates_at_start(evidence),
            steps=VouchedSteps(
                items=[DeploymentStep.from_domain(step) for step in evidence.steps],
                digest=steps_digest(evidence.steps),
                vouched_for_by=None if vouching is None else vouching.seq,
            ),
            events=[Event.from_domain(entry) for entry in evidence.entries],
            chain=EvidenceChain.from_domain(evidence),
            inclusion=[
                EventInclusion(
                    seq=seq, index=seq - 1, hashes=[b64encode(each).decode() for each in hashes]
                )
                for seq, hashes in evidence.inclusions
            ],
            checkpoint=SignedCheckpoint(
                note=signer.sign(*evidence.head), public_key=str(signer.verifier_key)
            ),
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
