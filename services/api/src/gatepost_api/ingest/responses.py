"""Responses for ingest sources and deliveries."""

from __future__ import annotations

from typing import Self
from uuid import UUID

import msgspec

from gatepost_api.ingest.github_protection_answer_responses import ProtectionAnswer
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.ingest import delivery as deliveries
from gatepost_domain.ingest import github_protection_answer as answers
from gatepost_domain.ingest import source as sources
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.signatures import header_of, scheme_of
from gatepost_domain.ingest.source import (
    IngestSignature,
    IngestSourceKind,
    MappedOutcome,
    UnknownActor,
)


class IngestMapping(ResponseModel):
    """Where in the payload each value of a deployment is found: JSON pointers, or fixed values."""

    service: str
    """The service, or a name that `service_map` maps to a service."""
    environment: str
    """The environment, or a name that `environment_map` maps to an environment."""
    version: str
    """The version that was deployed."""
    status: str | None
    """The status. Null if every delivery is a deployment that succeeded."""
    deployed_at: str | None
    """When the version was deployed. Null means the time of receipt."""
    deployed_by: str | None
    """Who deployed the version."""
    commit_sha: str | None
    """The commit from which the version was built."""
    external_id: str | None
    """The sending system's id of the deployment. Null means that the delivery id is used."""
    notes: str | None
    """Free text about the deployment."""
    delivery_id: str | None
    """The sending system's id of the delivery. Null if the id is read from a header or is the
    digest of the body."""
    status_map: dict[str, MappedOutcome]
    """The outcome to which each status maps, ignoring case."""

    @classmethod
    def from_domain(cls, mapping: sources.IngestMapping) -> Self:
        """Map a domain mapping to its response."""
        return cls(
            service=mapping.service,
            environment=mapping.environment,
            version=mapping.version,
            status=mapping.status,
            deployed_at=mapping.deployed_at,
            deployed_by=mapping.deployed_by,
            commit_sha=mapping.commit_sha,
            external_id=mapping.external_id,
            notes=mapping.notes,
            delivery_id=mapping.delivery_id,
            status_map=dict(mapping.status_map),
        )


class RequestTexts(ResponseModel):
    """The texts of requests created for GitHub jobs that wait for a deployment protection rule."""

    rollback_plan: str
    """How to return to the previous version if the deployment fails."""
    risk: str | None
    """The risk notes. Null if there are none."""

    @classmethod
    def from_domain(cls, texts: sources.RequestTexts) -> Self:
        """Map domain texts to their response."""
        return cls(rollback_plan=texts.rollback_plan, risk=texts.risk)


class IngestSource(ResponseModel):
    """A source of deliveries, without its secret."""

    source: IngestSourceKind
    """The kind of the source."""
    url: str
    """The path to which the source sends its deliveries."""
    environment_map: dict[str, str | None]
    """The environment for each name in payloads. Deliveries with a name mapped to null are
    ignored."""
    service_map: dict[str, str]
    """The service for each repository or other name in payloads."""
    create_missing: bool
    """Whether a version that the service does not have is registered. If false, a delivery with
    such a version fails."""
    workflows: dict[str, str]
    """The environment to which each GitHub workflow deploys."""
    pipelines: dict[str, str]
    """The environment to which the GitLab pipelines of each ref deploy."""
    signature: IngestSignature
    """How deliveries are signed. GitLab's signature and its token are both accepted."""
    signature_header: str | None
    """The header with the HMAC or the token. Null for Standard Webhooks."""
    login_issuer: str | None
    """The issuer of the logins by which users are found. Null means the default of the source."""
    unknown_actor: UnknownActor
    """What happens if no user has the login in the payload."""
    account: str | None
    """The service account that creates the records. Null if the source itself creates them."""
    mapping: IngestMapping | None
    """Where in the payload each value of a deployment is found. Null if the source's payloads have
    a known structure."""
    requests: RequestTexts | None
    """The texts of the requests that are created for jobs waiting for a deployment protection rule.
    Null if such jobs are ignored."""
    revision: int
    """The revision number: starts at 1 and increases with every change."""
    changed_at: Instant
    """When the secret or the settings were last changed."""
    changed_by: str
    """Who last changed the secret or the settings."""

    @classmethod
    def from_domain(cls, source: sources.IngestSource) -> Self:
        """Map a domain source to its response."""
        settings, scheme = source.settings, scheme_of(source)
        is_standard = scheme is IngestSignature.STANDARD_WEBHOOKS
        mapping = settings.mapping
        return cls(
            source=source.kind,
            url=f"/api/v1/ingest/{source.kind}",
            environment_map=dict(settings.environment_map),
            service_map=dict(settings.service_map),
            create_missing=settings.create_missing,
            workflows=dict(settings.workflows),
            pipelines=dict(settings.pipelines),
            signature=scheme,
            signature_header=None if is_standard else header_of(source),
            login_issuer=settings.login_issuer,
            unknown_actor=settings.unknown_actor,
            account=settings.account,
            mapping=None if mapping is None else IngestMapping.from_domain(mapping),
            requests=None
            if settings.requests is None
            else RequestTexts.from_domain(settings.requests),
            revision=source.revision,
            changed_at=source.changed_at,
            changed_by=source.changed_by,
        )


class IngestSourceList(ResponseModel):
    """The configured sources."""

    items: list[IngestSource]
    """The sources, ordered by kind."""


class IngestedDeployment(ResponseModel):
    """A deployment that a delivery recorded, requested or ended, or that already existed."""

    id: UUID
    """The id of the deployment."""
    number: str
    """The number of the deployment, such as `DEP-42`."""


class IngestDelivery(ResponseModel):
    """A delivery and its result."""

    id: UUID
    """The id of the delivery in Gatepost."""
    source: IngestSourceKind
    """The source that sent the delivery."""
    delivery_id: str
    """The id that the source gave the delivery or, if it gave none, the digest of the body."""
    event: str
    """The type of the event, as the source names it."""
    received_at: Instant
    """When the delivery was received."""
    state: IngestState
    """`applied` if a deployment was recorded, requested or ended, `ignored` if the delivery
    contains nothing to record, `failed` if it could not be mapped."""
    reason: str | None
    """Why the delivery was ignored, or why it failed and what to do. Null if it was applied."""
    deployments: list[IngestedDeployment]
    """At most one deployment: the one that the delivery recorded, requested or ended or, if the
    delivery was `ignored` as a repetition, the existing one."""
    payload_sha256: str
    """The SHA-256 digest of the body, in hexadecimal."""
    payload_size: int
    """The size of the body, in bytes."""
    payload_kept_until: Instant
    """When the body will be or was removed. The delivery cannot be replayed after that."""
    attempts: int
    """How many times the delivery was processed: once on receipt, plus once for each replay."""
    replayed_at: Instant | None
    """When the delivery was last replayed. Null if it never was."""
    replayed_by: str | None
    """Who last replayed the delivery. Null if it was never replayed."""

    @classmethod
    def from_domain(cls, delivery: deliveries.IngestDelivery) -> Self:
        """Map a domain delivery to its response."""
        return cls(
            id=delivery.id,
            source=delivery.source,
            delivery_id=delivery.delivery_id,
            event=delivery.event,
            received_at=delivery.received_at,
            state=delivery.state,
            reason=delivery.reason,
            deployments=_deployments_of(delivery),
            payload_sha256=delivery.payload_digest,
            payload_size=delivery.payload_size,
            payload_kept_until=delivery.keep_until,
            attempts=delivery.attempts,
            replayed_at=delivery.replayed_at,
            replayed_by=delivery.replayed_by,
        )


class IngestDeliveryDetail(IngestDelivery):
    """A delivery with its body."""

    content_type: str
    """The media type of the body, as the source sent it."""
    payload: str | None
    """The body as text. Null once it has been removed."""
    protection_answer: ProtectionAnswer | None
    """The answer to the GitHub job that the delivery reported. Null if it reported none."""

    @classmethod
    def from_domain_with_answer(
        cls, delivery: deliveries.IngestDelivery, answer: answers.ProtectionAnswer | None
    ) -> Self:
        """Map a domain delivery and its answer to their response."""
        payload = delivery.payload
        return cls(
            **msgspec.structs.asdict(IngestDelivery.from_domain(delivery)),
            content_type=delivery.content_type,
            payload=None if payload is None else payload.decode("utf-8", "replace"),
            protection_answer=None if answer is None else ProtectionAnswer.from_domain(answer),
        )


class IngestDeliveryPage(ResponseModel):
    """A page of deliveries, newest first."""

    items: list[IngestDelivery]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


def _deployments_of(delivery: deliveries.IngestDelivery) -> list[IngestedDeployment]:
    if delivery.deployment_id is None or delivery.deployment_number is None:
        return []
    number = format_number(delivery.deployment_number)
    return [IngestedDeployment(id=delivery.deployment_id, number=number)]
