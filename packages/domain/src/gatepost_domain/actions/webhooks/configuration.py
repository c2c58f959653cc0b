"""Adding, changing and removing webhooks, and rotating their secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.webhooks.webhook_change_events import filter_data, webhook_event
from gatepost_domain.catalog.target_urls import faults_of_url
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision
from gatepost_domain.webhooks.errors import TooManyWebhooks
from gatepost_domain.webhooks.matching import CDEVENT_KINDS
from gatepost_domain.webhooks.webhook import (
    MAX_WEBHOOKS,
    DisabledReason,
    EventFilter,
    Webhook,
    WebhookFormat,
    disable,
    enable,
    rotate_secret,
)

EVERY_KIND: Final = "*"
"""The entry in a list of kinds that matches every kind of event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedFilter:
    """The events to send, as requested by an admin; the names may be unknown."""

    kinds: tuple[str, ...] = (EVERY_KIND,)
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChange:
    """A change to a webhook. Fields that are None stay unchanged."""

    enabled: bool | None = None
    kinds: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    environments: tuple[str, ...] | None = None
    tiers: tuple[Tier, ...] | None = None


def add_webhook(
    uow: UnitOfWork,
    url: str,
    format: WebhookFormat,  # noqa: A002  # the field's own name
    requested: RequestedFilter,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
) -> Webhook:
    """Add a webhook, which gets all events after its creation.

    Raises:
        Forbidden: the actor may not manage webhooks.
        ValidationFailed: the URL is invalid, or a kind, a service or an environment is unknown.
        TooManyWebhooks: the maximum number of webhooks already exists.
    """
    resolved = _authorized(command)
    faults = (*faults_of_url("url", url), *_faults_of_filter(uow, format, requested))
    if faults:
        raise ValidationFailed(*faults)
    if uow.webhooks.count() >= MAX_WEBHOOKS:
        raise TooManyWebhooks
    webhook = Webhook(
        id=id,
        url=url,
        format=format,
        filter=_build_filter(requested),
        created_by=resolved.effective_actor_name,
        created_at=resolved.at,
        position=uow.event_log.last_seq() + 1,
        next_request_at=resolved.at,
    )
    event = webhook_event(EventKind.WEBHOOK_ADDED, resolved, webhook, **filter_data(webhook))
    uow.webhooks.add(webhook, event)
    return webhook


def change_webhook(
    uow: UnitOfWork,
    webhook: UUID,
    change: WebhookChange,
    command: Command,
    *,
    expected_revision: ExpectedRevision = None,
) -> Webhook:
    """Change which events are sent to a webhook, or enable or disable it.

    A webhook that is re-enabled gets events from then on. Deliveries that were pending when it was
    disabled are also sent. A change that has no effect is not recorded.

    Raises:
        NotFound: there is no such webhook.
        Forbidden: the actor may not manage webhooks.
        StaleRevision: the webhook has changed since the caller read it.
        ValidationFailed: a kind, a service or an environment is unknown.
    """
    current = uow.webhooks.get(webhook)
    resolved = _authorized(command)
    require_revision(expected_revision, current.revision)
    limits = current.filter
    requested = RequestedFilter(
        kinds=(limits.kinds or (EVERY_KIND,)) if change.kinds is None else change.kinds,
        services=limits.services if change.services is None else change.services,
        environments=limits.environments if change.environments is None else change.environments,
        tiers=limits.tiers if change.tiers is None else change.tiers,
    )
    if faults := tuple(_faults_of_filter(uow, current.format, requested)):
        raise ValidationFailed(*faults)
    changed = replace(current, filter=_build_filter(requested))
    if change.enabled is False and changed.is_enabled:
        changed = disable(changed, DisabledReason.ADMIN, at=resolved.at)
    elif change.enabled is True and not changed.is_enabled:
        changed = enable(changed, last_seq=uow.event_log.last_seq() + 1, at=resolved.at)
    if changed == current:
        return current
    changed = replace(changed, revision=current.revision + 1)
    event = webhook_event(
        EventKind.WEBHOOK_CHANGED,
        resolved,
        changed,
        enabled=changed.is_enabled,
        **filter_data(changed),
    )
    uow.webhooks.save(changed, event)
    return changed


def rotate_webhook_secret(uow: UnitOfWork, webhook: UUID, command: Command) -> Webhook:
    """Give a webhook a new secret. For 24 hours, messages are also signed with the previous one.

    Raises:
        NotFound: there is no such webhook.
        Forbidden: the actor may not manage webhooks.
    """
    current = uow.webhooks.get(webhook)
    resolved = _authorized(command)
    rotated = rotate_secret(current, at=resolved.at)
    event = webhook_event(
        EventKind.WEBHOOK_SECRET_ROTATED, resolved, rotated, secret_number=rotated.secret_number
    )
    uow.webhooks.save(rotated, event)
    return rotated


def remove_webhook(uow: UnitOfWork, webhook: UUID, command: Command) -> Webhook:
    """Remove a webhook, and cancel its pending deliveries.

    Raises:
        NotFound: there is no such webhook.
        Forbidden: the actor may not manage webhooks.
    """
    current = uow.webhooks.get(webhook)
    resolved = _authorized(command)
    removed = replace(current, removed_at=resolved.at, revision=current.revision + 1)
    uow.webhooks.save(removed, webhook_event(EventKind.WEBHOOK_REMOVED, resolved, removed))
    uow.webhooks.cancel_deliveries(webhook, resolved.at)
    return removed


def _authorized(command: Command) -> Command:
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(resolved.actor, Right.MANAGE_WEBHOOKS)
    return resolved


def _build_filter(requested: RequestedFilter) -> EventFilter:
    kinds = () if EVERY_KIND in requested.kinds else tuple(map(EventKind, requested.kinds))
    return EventFilter(
        kinds=tuple(dict.fromkeys(kinds)),
        services=tuple(dict.fromkeys(requested.services)),
        environments=tuple(dict.fromkeys(requested.environments)),
        tiers=tuple(dict.fromkeys(requested.tiers)),
    )


def _faults_of_filter(
    uow: UnitOfWork, message_format: WebhookFormat, requested: RequestedFilter
) -> Iterator[FieldError]:
    yield from _faults_of_kinds(requested.kinds)
    if message_format is WebhookFormat.CDEVENTS and not _has_cdevent(requested.kinds):
        yield FieldError(
            field="events",
            code="no_cdevent",
            detail="None of these events has a CDEvent, so nothing would be sent. Choose from: "
            f"{', '.join(sorted(CDEVENT_KINDS))}; or use the format gatepost.",
        )
    lookups: tuple[tuple[str, Sequence[str], Callable[[str], object]], ...] = (
        ("service", requested.services, uow.services.get),
        ("environment", requested.environments, uow.environments.get),
    )
    for field, names, get in lookups:
        for index, name in enumerate(names):
            try:
                get(name)
            except NotFound as error:
                yield FieldError(field=f"{field}/{index}", code=error.code, detail=str(error))


def _faults_of_kinds(kinds: Sequence[str]) -> Iterator[FieldError]:
    known = [*EventKind]
    for index, kind in enumerate(kinds):
        if kind == EVERY_KIND or kind in known:
            continue
        close = get_close_matches(kind, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" Use {EVERY_KIND} for every kind."
        yield FieldError(
            field=f"events/{index}",
            code="unknown_event_kind",
            detail=f"There is no kind of event {kind}.{hint}",
        )


def _has_cdevent(kinds: Sequence[str]) -> bool:
    return EVERY_KIND in kinds or not CDEVENT_KINDS.isdisjoint(kinds)
