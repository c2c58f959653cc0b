"""Responses for evidence."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from gatepost_api.catalog.environments.policy_schemas import Policy
from gatepost_api.claims.responses import DeploymentStep
from gatepost_api.deployments.responses import Deployment
from gatepost_api.events.responses import Event
from gatepost_api.evidence.offline.document_format import FORMAT, RULES
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.audit import evidence as domain
from gatepost_domain.catalog.target import Target, settings_digest, settings_to_json
from gatepost_domain.deployments.deployment import consent_digest
from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.gate import GateState
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.recorded_state import row_digest


class EvidenceFormat(StrEnum):
    """The format in which evidence is returned."""

    JSON = "json"
    ZIP = "zip"
    DSSE = "dsse"


class ConsentedTo(ResponseModel):
    """What a reviewer approves: exactly the content that the digest covers."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: str
    """The version to deploy."""
    artifact_digest: str | None
    """The digest of the artifact, such as `sha256:…`. Null if unknown."""
    risk: str | None
    """The accepted risk. Null if none was stated."""
    rollback_plan: str
    """How the deployment can be undone."""
    work_references: list[str]
    """The tickets or changes that are deployed."""
    policy_version: int
    """The version of the environment's policy."""
    target_version: int | None
    """The version of the target's settings. Null if the target was not configured; the digest then
    does not cover this field or `target_digest`."""
    target_digest: str | None
    """The digest of the target's settings. Null if the target has none."""


class DigestedApproval(ResponseModel):
    """One reviewer's approval and the digest of what was approved."""

    stage: str
    """The stage in which the reviewer approved."""
    actor: str
    """Who approved."""
    at: Instant
    """When the reviewer approved."""
    note: str | None
    """The reviewer's note. Null if there is none."""
    digest: str
    """The digest of what was approved, at the time of the approval."""


class Consent(ResponseModel):
    """What was approved, and by whom."""

    to: ConsentedTo
    digest: str
    """The SHA-256 digest of the content in `to`."""
    approvals: list[DigestedApproval]
    """The approvals in order. Empty if the deployment was approved by policy or through
    break-glass."""

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
                target_version=deployment.target_version,
                target_digest=deployment.target_digest,
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


class ConsentedTarget(ResponseModel):
    """The settings of the target with which the deployment is rolled out."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: int
    """The revision of the target that set these settings."""
    set_at: Instant
    """When the target's settings were last changed."""
    set_by: str
    """Who last changed the target's settings."""
    settings: dict[str, Any]
    """The settings in the form from which `digest` is computed. The bodies and expected values of
    checks are JSON text."""
    digest: str
    """The SHA-256 digest of `settings`, which is part of what reviewers approve."""

    @classmethod
    def from_domain(cls, target: Target | None) -> Self | None:
        """Map the target stored with a deployment, if there is one, to its response."""
        if target is None:
            return None
        return cls(
            service=target.service,
            environment=target.environment,
            version=target.revision,
            set_at=target.changed_at,
            set_by=target.changed_by,
            settings=settings_to_json(target.settings),
            digest=settings_digest(target.settings),
        )


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


class RecordedState(ResponseModel):
    """The deployment as stored, in the form from which the digest in events is computed."""

    columns: dict[str, Any]
    """The columns that are not null. Lists and objects are JSON text."""
    digest: str
    """The SHA-256 digest of `columns`."""
    event: int | None
    """The `seq` of the event that recorded the digest. Null for imported rows and for deployments
    that have not changed since an older version of Gatepost."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the recorded columns in domain evidence to their response."""
        entry = evidence.state_entry()
        return cls(
            columns=dict(evidence.state),
            digest=row_digest(evidence.state),
            event=None if entry is None else entry.seq,
        )


class EventInclusion(ResponseModel):
    """The proof (RFC 6962) that an event is part of the log that the checkpoint covers."""

    seq: int
    """The `seq` of the event."""
    index: int
    """The position of the event in the tree, counted from 0: its `seq` minus 1."""
    hashes: list[str]
    """The audit path, in Base64: the hashes to combine with the leaf, from the leaf up to the
    root."""


class SignedCheckpoint(ResponseModel):
    """A signed statement of the number of events and the root hash of their tree."""

    note: str
    """The checkpoint as a signed note (C2SP `tlog-checkpoint`)."""
    public_key: str
    """The public key of the signature, as `NAME+ID+BASE64`. Auditors should not rely on this copy,
    but ask the operator for the key."""


class EnvelopeSignature(ResponseModel):
    """A signature of an envelope."""

    keyid: str
    """The id of the public key, in hexadecimal. It is only a hint, because it is not signed."""
    sig: bytes
    """The Ed25519 signature, in Base64."""


class SignedEnvelope(ResponseModel, rename={"payload_type": "payloadType"}):
    """Evidence as an in-toto statement, signed as a whole (DSSE)."""

    payload: bytes
    """The statement, in Base64. Its predicate is the evidence."""
    payload_type: str
    """The media type of the payload, `application/vnd.in-toto+json`."""
    signatures: list[EnvelopeSignature]
    """The signatures of the payload."""


class EvidenceChain(ResponseModel):
    """How each hash is computed, and the end of the event log."""

    event_rule: str
    """How the hash of an event is computed."""
    chain_rule: str
    """How the hashes of the events are chained."""
    consent_rule: str
    """How the digest in `consent` is computed."""
    steps_rule: str
    """How the digest in `steps` is computed."""
    state_rule: str
    """How the digest in `state` is computed."""
    tree_rule: str
    """How the root hash of the log is computed."""
    events: int
    """The number of events in this document."""
    deployment_hash: str
    """The hash of the deployment's last event. 64 zeros if the deployment has no events of its
    own."""
    last_seq: int
    """The `seq` of the latest event at the time of the export. Together with `last_hash`, it
    forms a checkpoint that can be compared with a stored one."""
    last_hash: str
    """The hash of the event with the `seq` in `last_seq`."""

    @classmethod
    def from_domain(cls, evidence: domain.Evidence) -> Self:
        """Map the hashes in domain evidence to their response."""
        deployment_hashes = [
            entry.hash for entry in evidence.entries if entry.event.deployment_id is not None
        ]
        return cls(
            **RULES,
            events=len(evidence.entries),
            deployment_hash=deployment_hashes[-1] if deployment_hashes else GENESIS_HASH,
            last_seq=evidence.last_entry.seq,
            last_hash=evidence.last_entry.hash,
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
    """The same deployment as stored, with the digest recorded in its most recent event."""
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
    """The proofs that these events, the event that set the policy and the last event of the log
    are part of the log, in the order of `seq`."""
    checkpoint: SignedCheckpoint
    """The signed state of the log at the time of the export, to which the proofs lead."""

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
