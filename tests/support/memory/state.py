"""The contents of the ledger in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.users import Token, User
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.check_runs.check_run import CheckRun
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.deployments.step import Step
from gatepost_domain.deployments.worker import Worker
from gatepost_domain.errors import NotFound
from gatepost_domain.event import REQUEST_ID, Event, LedgerEntry, next_entry
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.incidents.incident import Incident
from gatepost_domain.ingest.delivery import IngestDelivery
from gatepost_domain.ingest.github_protection_answer import ProtectionAnswer
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind
from gatepost_domain.notifications.channel import NotificationChannel
from gatepost_domain.notifications.notification import Notification
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_domain.settings_changes.settings_change import SettingsChange
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import LaneKey, TargetRetirement
from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.webhooks.delivery import Delivery
from gatepost_domain.webhooks.webhook import Webhook

TargetKey: TypeAlias = tuple[str, str]
"""A target, identified by service and environment."""
VersionPlace: TypeAlias = tuple[str, str, str]
"""A version in a lane, identified by service, environment and version."""


@dataclass(slots=True)
class MemoryState:
    """The complete contents of a ledger.

    The values are immutable, so a shallow copy is a snapshot.
    """

    services: dict[str, Service] = field(default_factory=dict[str, Service])
    versions: dict[tuple[str, str], Version] = field(default_factory=dict[tuple[str, str], Version])
    environments: dict[str, Environment] = field(default_factory=dict[str, Environment])
    policies: dict[tuple[str, int], PolicyVersion] = field(
        default_factory=dict[tuple[str, int], PolicyVersion]
    )
    target_settings: dict[TargetKey, Target] = field(default_factory=dict[TargetKey, Target])
    target_versions: dict[tuple[str, str, int], Target] = field(
        default_factory=dict[tuple[str, str, int], Target]
    )
    deployments: dict[int, Deployment] = field(default_factory=dict[int, Deployment])
    freezes: dict[UUID, Freeze] = field(default_factory=dict[UUID, Freeze])
    incidents: dict[UUID, Incident] = field(default_factory=dict[UUID, Incident])
    blocks: dict[VersionPlace, VersionBlock] = field(
        default_factory=dict[VersionPlace, VersionBlock]
    )
    claims: dict[int, Claim] = field(default_factory=dict[int, Claim])
    workers: dict[str, Worker] = field(default_factory=dict[str, Worker])
    steps: dict[UUID, tuple[Step, ...]] = field(default_factory=dict[UUID, tuple[Step, ...]])
    holds: dict[LaneKey, AutoPromotionHold] = field(
        default_factory=dict[LaneKey, AutoPromotionHold]
    )
    retirements: list[TargetRetirement] = field(default_factory=list[TargetRetirement])
    request_id: str | None = None
    entries: list[LedgerEntry] = field(default_factory=list[LedgerEntry])
    users: dict[str, User] = field(default_factory=dict[str, User])
    tokens: dict[UUID, Token] = field(default_factory=dict[UUID, Token])
    passkeys: dict[UUID, Passkey] = field(default_factory=dict[UUID, Passkey])
    idempotency_records: dict[tuple[str, str], IdempotencyRecord] = field(
        default_factory=dict[tuple[str, str], IdempotencyRecord]
    )

    check_runs: dict[UUID, CheckRun] = field(default_factory=dict[UUID, CheckRun])
    ingest_sources: dict[IngestSourceKind, IngestSource] = field(
        default_factory=dict[IngestSourceKind, IngestSource]
    )
    ingest_deliveries: dict[UUID, IngestDelivery] = field(
        default_factory=dict[UUID, IngestDelivery]
    )
    settings_changes: dict[UUID, SettingsChange] = field(default_factory=dict[UUID, SettingsChange])
    webhooks: dict[UUID, Webhook] = field(default_factory=dict[UUID, Webhook])
    deliveries: dict[UUID, Delivery] = field(default_factory=dict[UUID, Delivery])
    notification_channels: dict[UUID, NotificationChannel] = field(
        default_factory=dict[UUID, NotificationChannel]
    )
    notifications: dict[UUID, Notification] = field(default_factory=dict[UUID, Notification])
    protection_answers: dict[UUID, ProtectionAnswer] = field(
        default_factory=dict[UUID, ProtectionAnswer]
    )

    def copy(self) -> MemoryState:
        """Return a snapshot."""
        return MemoryState(
            services=dict(self.services),
            versions=dict(self.versions),
            environments=dict(self.environments),
            policies=dict(self.policies),
            target_settings=dict(self.target_settings),
            target_versions=dict(self.target_versions),
            deployments=dict(self.deployments),
            freezes=dict(self.freezes),
            incidents=dict(self.incidents),
            blocks=dict(self.blocks),
            claims=dict(self.claims),
            workers=dict(self.workers),
            steps=dict(self.steps),
            holds=dict(self.holds),
            retirements=list(self.retirements),
            entries=list(self.entries),
            users=dict(self.users),
            tokens=dict(self.tokens),
            passkeys=dict(self.passkeys),
            idempotency_records=dict(self.idempotency_records),
            check_runs=dict(self.check_runs),
            ingest_sources=dict(self.ingest_sources),
            ingest_deliveries=dict(self.ingest_deliveries),
            settings_changes=dict(self.settings_changes),
            webhooks=dict(self.webhooks),
            deliveries=dict(self.deliveries),
            notification_channels=dict(self.notification_channels),
            notifications=dict(self.notifications),
            protection_answers=dict(self.protection_answers),
        )

    def find(self, reference: DeploymentReference) -> Deployment:
        """Return a deployment, or raise `NotFound`."""
        if isinstance(reference, int):
            deployment = self.deployments.get(reference)
        else:
            with_id = (stored for stored in self.deployments.values() if stored.id == reference)
            deployment = next(with_id, None)
        if deployment is None:
            raise NotFound("deployment", str(reference))
        return deployment

    def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the started deployment and the newest deployment in a lane."""
        members = [
            (
                deployment.status,
                LaneDeployment(
                    number=deployment.number,
                    version=deployment.version,
                    since=deployment.started_at or deployment.created_at,
                ),
            )
            for deployment in self.deployments.values()
            if (deployment.service, deployment.environment) == (service, environment)
            and deployment.status in {Status.STARTED, Status.SUCCEEDED}
            and deployment.import_seq is None
            and deployment.hidden is None
        ]
        return LaneState(
            started=next((member for status, member in members if status is Status.STARTED), None),
            newest=max(
                (member for _, member in members), key=lambda member: member.number, default=None
            ),
        )

    def append(self, event: Event) -> None:
        """Append an event to the log."""
        if self.request_id is not None:
            event = replace(event, data={**event.data, REQUEST_ID: self.request_id})
        deployment_id = event.deployment_id
        previous_hashes = (
            entry.hash
            for entry in reversed(self.entries)
            if entry.event.deployment_id == deployment_id
        )
        self.entries.append(
            next_entry(
                event,
                after=self.entries[-1] if self.entries else None,
                deployment_prev_hash=None
                if deployment_id is None
                else next(previous_hashes, GENESIS_HASH),
            )
        )
