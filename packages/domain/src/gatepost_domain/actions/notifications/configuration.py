"""Adding, changing and removing notification channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.notifications.authorization import authorize_to_manage, may_manage_all
from gatepost_domain.actions.notifications.events import channel_event, settings_data
from gatepost_domain.errors import FieldError, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.freeze import is_time_zone
from gatepost_domain.notifications.channel import (
    MAX_CHANNELS,
    MAX_OWN_CHANNELS,
    ChannelSettings,
    NotificationChannel,
    Recipient,
    RecipientKind,
    disable,
    enable,
    person_recipient,
)
from gatepost_domain.notifications.channel_url import (
    ChannelAddress,
    faults_of_channel_url,
    mask_url,
    scheme_of,
)
from gatepost_domain.notifications.errors import (
    TooManyNotificationChannels,
    TooManyOwnChannels,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision, require_revision

SealUrl = Callable[[str], str]
"""A function that encrypts a channel's URL."""


def add_channel(
    uow: UnitOfWork,
    url: str,
    recipient: Recipient | None,
    settings: ChannelSettings,
    command: Command,
    *,
    id: UUID,  # noqa: A002  # the field's own name
    seal: SealUrl,
) -> NotificationChannel:
    """Add a channel, which gets notifications about all events after its creation.

    Without a recipient, the channel is the actor's own.

    Raises:
        Forbidden: it is not the actor's own channel, and the actor may not manage notifications.
        ValidationFailed: the URL or a setting is invalid, or the recipient is unknown.
        TooManyOwnChannels: the actor, who may not manage notifications, already has the maximum
            number of channels.
        TooManyNotificationChannels: the maximum number of channels already exists.
    """
    given = person_recipient(command.actor.name) if recipient is None else recipient
    recipient = _with_current_name(uow, given)
    resolved = _authorized(command, recipient)
    faults = (
        *faults_of_channel_url(url),
        *_faults_of_recipient(uow, recipient),
        *_faults_of_settings(settings),
    )
    if faults:
        raise ValidationFailed(*faults)
    if uow.notifications.count() >= MAX_CHANNELS:
        raise TooManyNotificationChannels
    is_limited = not may_manage_all(resolved.actor)
    if is_limited and uow.notifications.count_of(recipient) >= MAX_OWN_CHANNELS:
        raise TooManyOwnChannels(recipient.name)
    channel = NotificationChannel(
        id=id,
        recipient=recipient,
        address=_build_address(url, seal),
        settings=settings,
        created_by=resolved.effective_actor_name,
        created_at=resolved.at,
        position=uow.event_log.last_seq() + 1,
        next_send_at=resolved.at,
    )
    event = channel_event(
        EventKind.NOTIFICATION_CHANNEL_ADDED, resolved, channel, **settings_data(channel)
    )
    uow.notifications.add(channel, event)
    return channel


def change_channel(
    uow: UnitOfWork,
    channel: UUID,
    change: Callable[[ChannelSettings], ChannelSettings],
    command: Command,
    *,
    seal: SealUrl,
    url: str | None = None,
    enabled: bool | None = None,
    expected_revision: ExpectedRevision = None,
) -> NotificationChannel:
    """Change the settings or the URL of a channel, or enable or disable it.

    `change` returns the new settings. A channel that is re-enabled is notified of events from then
    on. Notifications that were pending when it was disabled are also sent if they still apply. A
    change that has no effect is not recorded.

    Raises:
        NotFound: there is no such channel.
        Forbidden: it is not the actor's own channel, and the actor may not manage notifications.
        StaleRevision: the channel has changed since the caller read it.
        ValidationFailed: the URL or a setting is invalid.
    """
    current = uow.notifications.get(channel)
    resolved = _authorized(command, current.recipient)
    require_revision(expected_revision, current.revision)
    settings = change(current.settings)
    url_faults = () if url is None else faults_of_channel_url(url)
    if faults := (*url_faults, *_faults_of_settings(settings)):
        raise ValidationFailed(*faults)
    changed = replace(current, settings=settings)
    if url is not None:
        changed = replace(changed, address=_build_address(url, seal))
    if enabled is False and changed.is_enabled:
        changed = disable(changed, at=resolved.at)
    elif enabled is True and not changed.is_enabled:
        changed = enable(changed, last_seq=uow.event_log.last_seq() + 1, at=resolved.at)
    if changed == current:
        return current
    changed = replace(changed, revision=current.revision + 1)
    event = channel_event(
        EventKind.NOTIFICATION_CHANNEL_CHANGED,
        resolved,
        changed,
        url_changed=url is not None,
        **settings_data(changed),
    )
    uow.notifications.save(changed, event)
    return changed


def remove_channel(uow: UnitOfWork, channel: UUID, command: Command) -> NotificationChannel:
    """Remove a channel and its encrypted URL, and drop its pending notifications.

    Raises:
        NotFound: there is no such channel.
        Forbidden: it is not the actor's own channel, and the actor may not manage notifications.
    """
    current = uow.notifications.get(channel)
    resolved = _authorized(command, current.recipient)
    removed = replace(
        current,
        address=replace(current.address, sealed=""),
        removed_at=resolved.at,
        revision=current.revision + 1,
    )
    event = channel_event(EventKind.NOTIFICATION_CHANNEL_REMOVED, resolved, removed)
    uow.notifications.save(removed, event)
    uow.notifications.drop_pending(channel, resolved.at)
    return removed


def _authorized(command: Command, recipient: Recipient) -> Command:
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize_to_manage(resolved.actor, recipient)
    return resolved


def _build_address(url: str, seal: SealUrl) -> ChannelAddress:
    return ChannelAddress(scheme=scheme_of(url), shown=mask_url(url), sealed=seal(url))


def _with_current_name(uow: UnitOfWork, recipient: Recipient) -> Recipient:
    """Return the recipient with the user's current handle; any letter case is accepted."""
    if recipient.kind is not RecipientKind.USER:
        return recipient
    user = uow.users.find(recipient.name)
    return recipient if user is None else person_recipient(user.name)


def _faults_of_recipient(uow: UnitOfWork, recipient: Recipient) -> Iterator[FieldError]:
    kind, name = recipient.kind, recipient.name
    if kind is RecipientKind.USER:
        user = uow.users.find(name)
        if user is None or user.kind is not UserKind.HUMAN:
            detail = f"There is no person with the user name {name}."
            yield FieldError(field="recipient/name", code="unknown_user", detail=detail)
    elif kind is RecipientKind.GROUP:
        if not any(name in user.groups for user in uow.users.list_all()):
            detail = f"No user is in the group {name}; add people to it first."
            yield FieldError(field="recipient/name", code="unknown_group", detail=detail)
    elif not uow.services.has_team(name):
        detail = f"No service belongs to the team {name}."
        yield FieldError(field="recipient/name", code="unknown_team", detail=detail)


def _faults_of_settings(settings: ChannelSettings) -> Iterator[FieldError]:
    if not is_time_zone(settings.timezone):
        detail = f"{settings.timezone} is not an IANA time zone such as Europe/Berlin."
        yield FieldError(field="timezone", code="unknown_timezone", detail=detail)
    quiet_hours = settings.quiet_hours
    if quiet_hours is not None and quiet_hours.start == quiet_hours.end:
        detail = "Quiet hours must not start and end at the same time."
        yield FieldError(field="quiet_hours/end", code="empty_quiet_hours", detail=detail)
    if settings.overdue_after <= settings.remind_after:
        detail = "A request must become overdue after its reminder, so set a longer time here."
        yield FieldError(field="overdue_after_s", code="overdue_before_reminder", detail=detail)
