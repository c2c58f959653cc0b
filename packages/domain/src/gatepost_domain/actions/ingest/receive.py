"""Receiving deliveries, and replaying those that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.ingest.github_job_outcomes import apply_job_outcome
from gatepost_domain.actions.ingest.github_job_requests import request_deployment_for_job
from gatepost_domain.actions.ingest.recording import record_reported
from gatepost_domain.actions.ingest.sources import require_source
from gatepost_domain.deployments.deployment import DeploymentKind, format_number
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState, PayloadRemoved
from gatepost_domain.ingest.github_protection_answer import AnswerState, requeue
from gatepost_domain.ingest.payload_interpretation import (
    ReportedDeployment,
    Unrecorded,
    WaitingJob,
)
from gatepost_domain.ingest.payload_parser import decode_payload, read_payload
from gatepost_domain.ingest.payload_values import MappingFault
from gatepost_domain.ingest.source import FIXED_SCHEMES, IngestSource, IngestSourceKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingDelivery:
    """A delivery whose signature was verified, and whose body is a JSON object."""

    source: IngestSourceKind
    delivery_id: str
    event: str
    content_type: str
    body: bytes = field(repr=False)


def receive_delivery(
    uow: UnitOfWork,
    incoming: IncomingDelivery,
    *,
    at: datetime,
    keep: timedelta,
    new_id: Callable[[], UUID],
) -> IngestDelivery:
    """Store a delivery with its result. A repeated delivery changes nothing.

    A delivery counts as repeated if its id is known. GitHub and GitLab sign only the body, so
    anyone who has seen a delivery could send it again under another id; for these sources, an
    identical body also counts as repeated.

    Raises:
        NotFound: the source has been removed.
    """
    source = require_source(uow, incoming.source)
    digest = sha256(incoming.body).hexdigest()
    known = uow.ingest.find_delivery(source.kind, incoming.delivery_id)
    if known is None and source.kind in FIXED_SCHEMES:
        known = uow.ingest.find_same_payload(source.kind, digest)
    if known is not None:
        return known
    received = IngestDelivery(
        id=new_id(),
        source=source.kind,
        delivery_id=incoming.delivery_id,
        event=incoming.event,
        content_type=incoming.content_type,
        received_at=at,
        state=IngestState.FAILED,
        reason=None,
        payload_digest=digest,
        payload_size=len(incoming.body),
        payload=incoming.body,
        keep_until=at + keep,
    )
    delivery = _apply(uow, source, received, at=at, new_id=new_id)
    uow.ingest.add_delivery(delivery, _receipt_event(uow, source, delivery))
    return delivery


def replay_delivery(
    uow: UnitOfWork, delivery: UUID, command: Command, *, new_id: Callable[[], UUID]
) -> IngestDelivery:
    """Process a delivery's payload again, with the current settings.

    A delivery that was already applied is not changed. If it reported a waiting job and the answer
    to the job failed, the answer is sent again.

    Raises:
        NotFound: there is no such delivery, or its source was removed.
        Forbidden: the actor may not configure Gatepost.
        PayloadRemoved: the payload is no longer kept.
    """
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.CONFIGURE)
    stored = uow.ingest.get_delivery(delivery)
    if stored.state is IngestState.APPLIED:
        return _requeue_failed_answer(uow, stored, resolved)
    if stored.payload is None:
        raise PayloadRemoved(stored)
    source = require_source(uow, stored.source)
    again = replace(
        stored,
        attempts=stored.attempts + 1,
        replayed_at=command.at,
        replayed_by=resolved.effective_actor_name,
    )
    replayed = _apply(uow, source, again, at=command.at, new_id=new_id)
    uow.ingest.save_delivery(replayed, _replay_event(uow, resolved, replayed))
    return replayed


def _requeue_failed_answer(
    uow: UnitOfWork, delivery: IngestDelivery, command: Command
) -> IngestDelivery:
    answer = uow.protection_answers.find_by_delivery(delivery.id)
    if answer is None or answer.state is not AnswerState.FAILED:
        return delivery
    replayed = replace(delivery, replayed_at=command.at, replayed_by=command.effective_actor_name)
    uow.protection_answers.save(requeue(answer, at=command.at))
    uow.ingest.save_delivery(replayed, _replay_event(uow, command, replayed))
    return replayed


def _apply(
    uow: UnitOfWork,
    source: IngestSource,
    delivery: IngestDelivery,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> IngestDelivery:
    """Return the delivery with its result, and record the deployment that it reports."""
    try:
        return _read_and_record(uow, source, delivery, at=at, new_id=new_id)
    except MappingFault as fault:
        return replace(delivery, state=IngestState.FAILED, reason=str(fault))


def _read_and_record(
    uow: UnitOfWork,
    source: IngestSource,
    delivery: IngestDelivery,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> IngestDelivery:
    content = read_payload(
        source.kind,
        decode_payload(delivery.payload or b"", delivery.content_type),
        source.settings,
        event=delivery.event,
        delivery_id=delivery.delivery_id,
    )
    match content:
        case Unrecorded():
            return _ignored(delivery, content.reason)
        case WaitingJob():
            return request_deployment_for_job(uow, source, content, delivery, at=at, new_id=new_id)
        case ReportedDeployment():
            ended = apply_job_outcome(uow, source, content, delivery, at=at, new_id=new_id)
            if ended is not None:
                return ended
            return _record(uow, source, content, delivery, at=at, new_id=new_id)


def _record(
    uow: UnitOfWork,
    source: IngestSource,
    content: ReportedDeployment,
    delivery: IngestDelivery,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
) -> IngestDelivery:
    outcome = record_reported(
        uow, source, content, at=at, origin=_origin_data(delivery), new_id=new_id
    )
    record = outcome.record
    if record is None:
        return _ignored(delivery, f"The settings ignore the environment {content.environment}.")
    linked = replace(delivery, deployment_id=record.id, deployment_number=record.number)
    if not outcome.is_new:
        number = format_number(record.number)
        return _ignored(linked, f"{number} already records this deployment.")
    return replace(linked, state=IngestState.APPLIED, reason=None)


def _ignored(delivery: IngestDelivery, reason: str) -> IngestDelivery:
    return replace(delivery, state=IngestState.IGNORED, reason=reason)


def _origin_data(delivery: IngestDelivery) -> dict[str, object]:
    """Return the data about the delivery for the events of a record."""
    origin: dict[str, object] = {
        "delivery": str(delivery.id),
        "source": delivery.source,
        "delivery_id": delivery.delivery_id,
    }
    if delivery.replayed_by is not None:
        origin["replayed_by"] = delivery.replayed_by
    return {"ingest": origin}


def _has_created_record(uow: UnitOfWork, delivery: IngestDelivery) -> bool:
    """Return whether a delivery created a record; if so, the record's event names the delivery."""
    if delivery.state is not IngestState.APPLIED or delivery.deployment_id is None:
        return False
    return uow.deployments.get(delivery.deployment_id).kind is DeploymentKind.RECORD


def _receipt_event(uow: UnitOfWork, source: IngestSource, delivery: IngestDelivery) -> Event | None:
    """Return a delivery's event; None if a record was created, whose event names the delivery."""
    if _has_created_record(uow, delivery):
        return None
    return Event(
        kind=EventKind.INGEST_RECEIVED,
        actor=source.actor_name,
        at=delivery.received_at,
        note=delivery.reason,
        data=_delivery_data(delivery),
    )


def _replay_event(uow: UnitOfWork, command: Command, delivery: IngestDelivery) -> Event | None:
    """Return a replay's event; None if a record was created, whose event names the delivery."""
    if _has_created_record(uow, delivery):
        return None
    return Event(
        kind=EventKind.INGEST_REPLAYED,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=delivery.reason,
        data=_delivery_data(delivery),
    )


def _delivery_data(delivery: IngestDelivery) -> dict[str, object]:
    data: dict[str, object] = {
        "delivery": str(delivery.id),
        "source": delivery.source,
        "delivery_id": delivery.delivery_id,
        "event": delivery.event,
        "state": delivery.state,
    }
    if delivery.state is IngestState.APPLIED and delivery.deployment_number is not None:
        data["deployment"] = format_number(delivery.deployment_number)
    return data
