"""Queueing deliveries: the event log is the outbox, and each webhook has a position in it.

Writes that append events do not queue deliveries. The scheduler reads the log from each webhook's
position, and stores the deliveries and the new position in one transaction, so each event is queued
exactly once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gatepost_domain.actions.webhooks.live_deployment_after_rollback import (
    rollback_changed_live_deployment,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.webhooks.delivery import Delivery
from gatepost_domain.webhooks.matching import EventSubject, matches_event_kind, matches_subject
from gatepost_domain.webhooks.webhook import Webhook, WebhookFormat

BATCH_SIZE: Final = 200
"""The maximum number of log events that one transaction reads for each position."""

MAX_POSITIONS: Final = 5
"""The maximum number of different positions from which one transaction continues reading."""


def has_events_to_queue(uow: UnitOfWork) -> bool:
    """Return whether the log contains events after the position of an enabled webhook."""
    return bool(uow.webhooks.list_behind(uow.event_log.last_seq()))


def queue_deliveries(uow: UnitOfWork, *, at: datetime, new_id: Callable[[], UUID]) -> None:
    """Queue a limited number of missing deliveries, and advance the webhooks' positions."""
    subjects = _EventSubjectFinder(uow)
    behind = sorted(
        uow.webhooks.list_behind(uow.event_log.last_seq()), key=lambda webhook: webhook.position
    )
    entries_after: dict[int, tuple[LedgerEntry, ...]] = {}
    for webhook in behind:
        position = webhook.position
        if position not in entries_after:
            if len(entries_after) == MAX_POSITIONS:
                break
            entries_after[position] = uow.event_log.entries_after(position, limit=BATCH_SIZE)
        entries = entries_after[position]
        uow.webhooks.add_deliveries(
            [
                create_delivery(webhook, entry, id=new_id(), at=at)
                for entry in entries
                if _should_send(webhook, entry, subjects)
            ]
        )
        uow.webhooks.save_progress(replace(webhook, position=entries[-1].seq))


def create_delivery(
    webhook: Webhook,
    entry: LedgerEntry,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    at: datetime,
) -> Delivery:
    """Return a new delivery of an event, due immediately."""
    return Delivery(
        id=id,
        webhook_id=webhook.id,
        seq=entry.seq,
        kind=entry.event.kind,
        created_at=at,
        due_at=at,
    )


def _should_send(webhook: Webhook, entry: LedgerEntry, subjects: _EventSubjectFinder) -> bool:
    if not matches_event_kind(webhook, entry.event):
        return False
    if webhook.format is WebhookFormat.CDEVENTS and not subjects.has_cdevent(entry):
        return False
    if not webhook.filter.is_limited_by_subject:
        return True
    return matches_subject(webhook, subjects.of(entry))


class _EventSubjectFinder:
    """Finds the subjects of events, looking up each event only once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[int, EventSubject] = {}
        self._changed_live_deployment: dict[int, bool] = {}

    def of(self, entry: LedgerEntry) -> EventSubject:
        """Return an event's subject, taken from its deployment or from its data."""
        if entry.seq not in self._known:
            self._known[entry.seq] = self._find_subject(entry)
        return self._known[entry.seq]

    def has_cdevent(self, entry: LedgerEntry) -> bool:
        """Return whether an event is sent as a CDEvent; the caller has checked its kind.

        A rollback is sent only if it changed the live deployment without a redeployment.
        """
        event = entry.event
        if event.kind is not EventKind.ROLLED_BACK or event.deployment_id is None:
            return True
        if entry.seq not in self._changed_live_deployment:
            deployment = self._uow.deployments.get(event.deployment_id)
            self._changed_live_deployment[entry.seq] = rollback_changed_live_deployment(
                self._uow, deployment
            )
        return self._changed_live_deployment[entry.seq]

    def _find_subject(self, entry: LedgerEntry) -> EventSubject:
        event = entry.event
        if event.deployment_id is not None:
            deployment = self._uow.deployments.get(event.deployment_id)
            return EventSubject(
                service=deployment.service,
                environment=deployment.environment,
                tier=deployment.tier,
            )
        scope = event.data.get("scope")
        named = scope if isinstance(scope, dict) else event.data
        service, environment = named.get("service"), named.get("environment")
        tier = named.get("tier")
        return EventSubject(
            service=service if isinstance(service, str) else None,
            environment=environment if isinstance(environment, str) else None,
            tier=Tier(tier) if isinstance(tier, str) else self._tier_of(environment),
        )

    def _tier_of(self, environment: object) -> Tier | None:
        if not isinstance(environment, str):
            return None
        try:
            return self._uow.environments.get(environment).tier
        except NotFound:
            return None
