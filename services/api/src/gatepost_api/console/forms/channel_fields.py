"""The form fields of a notification channel."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from gatepost_api.console.forms.form import Form
from gatepost_api.http.action_execution import BoundAction
from gatepost_api.http.request import ApiRequest
from gatepost_api.notifications.channel_requests import (
    NotificationChannelCreate,
    NotificationChannelUpdate,
)
from gatepost_api.notifications.url_encryption import encrypt_url
from gatepost_domain.actions.notifications import configuration
from gatepost_domain.notifications.channel import (
    ChannelSettings,
    NotificationChannel,
    Recipient,
)


def bind_addition(
    request: ApiRequest, form: Form, recipient: Recipient | None = None
) -> BoundAction[NotificationChannel]:
    """Return the action that adds a form's channel, by default for the recipient in the form.

    Raises:
        BadInput: the API would refuse the fields.
    """
    body = form.decode_fields(
        NotificationChannelCreate,
        *("name", "url", "timezone", "digest"),
        recipient=_read_field_group(form, "recipient", "kind", "name"),
        quiet_hours=_read_field_group(form, "quiet_hours", "start", "end"),
    )
    in_form = None if body.recipient is None else body.recipient.to_domain()
    channel_id = request.context.new_id()
    return partial(
        configuration.add_channel,
        url=body.url,
        recipient=recipient or in_form,
        settings=body.settings_to_domain(),
        id=channel_id,
        seal=partial(encrypt_url, request.context.checkpoint_signer, channel_id),
    )


def decode_change(form: Form) -> NotificationChannelUpdate:
    """Return the changed settings in a form; empty quiet hours remove the channel's quiet hours.

    Raises:
        BadInput: the API would refuse the fields.
    """
    quiet_hours = _read_field_group(form, "quiet_hours", "start", "end")
    body = form.decode_fields(
        NotificationChannelUpdate,
        *("name", "url", "digest"),
        timezone=form.get("timezone") or "UTC",
        quiet_hours=quiet_hours,
    )
    return body if quiet_hours else replace(body, quiet_hours=None)


def form_of_channel_settings(settings: ChannelSettings) -> Form:
    """Return the form filled with a channel's settings, without its URL."""
    fields = {"name": settings.name, "timezone": settings.timezone, "digest": settings.digest.value}
    if settings.quiet_hours is not None:
        fields["quiet_hours/start"] = f"{settings.quiet_hours.start:%H:%M}"
        fields["quiet_hours/end"] = f"{settings.quiet_hours.end:%H:%M}"
    return Form(fields=fields, key=None)


def _read_field_group(form: Form, group: str, *names: str) -> dict[str, str] | None:
    """Return the non-empty fields of a group, or None if all are empty."""
    return {name: value for name in names if (value := form.get(f"{group}/{name}"))} or None
