"""`gatepost webhook`: the systems to which events are sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Webhook, WebhookDelivery, WebhookWithSecret

_HEADINGS: Final = ("id", "state", "url", "events", "format")
_DELIVERY_HEADINGS: Final = ("id", "event", "kind", "state", "attempts", "last attempt", "next")
_TIERS: Final = ("development", "test", "staging", "production")
_FORMATS: Final = ("gatepost", "cdevents")
_STATES: Final = ("pending", "delivered", "failed")


def add(context: Context, arguments: Namespace) -> ExitCode:
    """Add a webhook, and write its secret."""
    from gatepost_client.models import Tier, WebhookCreate, WebhookFormat  # noqa: PLC0415

    body = WebhookCreate(
        url=arguments.receiver,
        events=arguments.event or ["*"],
        format_=WebhookFormat(arguments.format),
        service=arguments.service or [],
        environment=arguments.environment or [],
        tier=[Tier(tier) for tier in arguments.tier or []],
    )
    context.answer(_with_secret(context.gatepost.add_webhook(body)))
    return ExitCode.SUCCESS


def list_webhooks(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each webhook, newest first."""
    webhooks, document = context.fetch_all(context.gatepost.list_webhooks)
    context.answer(table(_HEADINGS, map(_row, webhooks)), json=document)
    return ExitCode.SUCCESS


def show(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of a webhook."""
    context.answer(_details(context.gatepost.get_webhook(arguments.webhook)))
    return ExitCode.SUCCESS


def enable(context: Context, arguments: Namespace) -> ExitCode:
    """Send events to a webhook again, from now on."""
    return _set_enabled(context, arguments.webhook, enabled=True)


def disable(context: Context, arguments: Namespace) -> ExitCode:
    """Stop sending events to a webhook."""
    return _set_enabled(context, arguments.webhook, enabled=False)


def remove(context: Context, arguments: Namespace) -> ExitCode:
    """Remove a webhook, so that no further events are sent to it."""
    removed = context.gatepost.remove_webhook(arguments.webhook)
    context.answer(f"The webhook {removed.url} has been removed.")
    return ExitCode.SUCCESS


def rotate(context: Context, arguments: Namespace) -> ExitCode:
    """Give a webhook a new secret, and write that secret."""
    context.answer(_with_secret(context.gatepost.rotate_webhook_secret(arguments.webhook)))
    return ExitCode.SUCCESS


def list_deliveries(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each delivery to a webhook, newest event first."""
    from gatepost_client.models import DeliveryState  # noqa: PLC0415

    deliveries, document = context.fetch_all(
        context.gatepost.list_webhook_deliveries,
        arguments.webhook,
        state=None if arguments.state is None else DeliveryState(arguments.state),
    )
    context.answer(table(_DELIVERY_HEADINGS, map(_delivery_row, deliveries)), json=document)
    return ExitCode.SUCCESS


def redeliver(context: Context, arguments: Namespace) -> ExitCode:
    """Send an event again."""
    delivery = context.gatepost.redeliver_event(arguments.webhook, arguments.delivery)
    context.answer(f"Event {delivery.seq} will be sent again.")
    return ExitCode.SUCCESS


def test(context: Context, arguments: Namespace) -> ExitCode:
    """Send a test event to a webhook."""
    delivery = context.gatepost.test_webhook(arguments.webhook)
    context.answer(f"The test event is delivery {delivery.id}; see `gatepost webhook deliveries`.")
    return ExitCode.SUCCESS


def _set_enabled(context: Context, webhook: str, *, enabled: bool) -> ExitCode:
    from gatepost_client.models import WebhookUpdate  # noqa: PLC0415

    changed = context.gatepost.change_webhook(webhook, WebhookUpdate(enabled=enabled))
    context.answer(f"The webhook {changed.url} is {'enabled' if enabled else 'disabled'}.")
    return ExitCode.SUCCESS


def _with_secret(answer: WebhookWithSecret) -> str:
    secret = answer.secret or "shown only once; if you lost it, create a new one with `rotate`"
    return f"{_details(answer.webhook)}\nsecret   {secret}"


def _state(webhook: Webhook) -> str:
    if webhook.disabled is not None:
        return f"disabled ({webhook.disabled.reason})"
    return "enabled" if webhook.failing_since is None else "failing"


def _row(webhook: Webhook) -> tuple[str | None, ...]:
    return (
        str(webhook.id),
        _state(webhook),
        webhook.url,
        ", ".join(webhook.events),
        str(webhook.format_),
    )


def _details(webhook: Webhook) -> str:
    return format_key_values(
        {
            "id": str(webhook.id),
            "state": _state(webhook),
            "url": webhook.url,
            "format": str(webhook.format_),
            "events": ", ".join(webhook.events),
            "services": ", ".join(webhook.service) or None,
            "environments": ", ".join(webhook.environment) or None,
            "tiers": ", ".join(map(str, webhook.tier)) or None,
            "failing since": format_instant(webhook.failing_since),
            "paused until": format_instant(webhook.slowed_until),
            "previous secret until": format_instant(webhook.previous_secret_until),
            "added by": webhook.created_by,
            "added at": format_instant(webhook.created_at),
        }
    )


def _delivery_row(delivery: WebhookDelivery) -> tuple[str | None, ...]:
    attempt = delivery.last_attempt
    return (
        str(delivery.id),
        str(delivery.seq),
        str(delivery.kind),
        str(delivery.state),
        str(delivery.attempts),
        None if attempt is None else attempt.detail or str(attempt.status),
        format_instant(delivery.next_attempt_at),
    )


def _add_create_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("receiver", metavar="URL", help="http or https URL of the receiver")
    parser.add_argument(
        "--event", action="append", metavar="KIND", help="kind of event; repeatable (default: all)"
    )
    parser.add_argument("--format", choices=_FORMATS, default="gatepost", help="default: gatepost")
    parser.add_argument("--service", action="append", help="only this service; repeatable")
    parser.add_argument("--environment", action="append", help="only this environment; repeatable")
    parser.add_argument(
        "--tier", action="append", choices=_TIERS, help="only this tier; repeatable"
    )


def _add_webhook_argument(parser: ArgumentParser) -> None:
    parser.add_argument("webhook", metavar="ID", help="id of the webhook")


def _add_delivery_filter(parser: ArgumentParser) -> None:
    _add_webhook_argument(parser)
    parser.add_argument("--state", choices=_STATES, help="only deliveries in this state")


def _add_delivery_argument(parser: ArgumentParser) -> None:
    _add_webhook_argument(parser)
    parser.add_argument("delivery", metavar="DELIVERY", help="id of the delivery")


GROUP: Final = CommandGroup(
    name="webhook",
    summary="send events to other systems",
    commands=(
        Command(
            name="add",
            summary="add a webhook; shows its secret once",
            add_arguments=_add_create_arguments,
            run=add,
        ),
        Command(
            name="list",
            summary="list webhooks",
            add_arguments=add_no_arguments,
            run=list_webhooks,
        ),
        Command(
            name="show", summary="show a webhook", add_arguments=_add_webhook_argument, run=show
        ),
        Command(
            name="enable",
            summary="send events again, from now on",
            add_arguments=_add_webhook_argument,
            run=enable,
        ),
        Command(
            name="disable",
            summary="stop sending events",
            add_arguments=_add_webhook_argument,
            run=disable,
        ),
        Command(
            name="remove",
            summary="remove a webhook",
            add_arguments=_add_webhook_argument,
            run=remove,
        ),
        Command(
            name="rotate",
            summary="create a new secret; for 24 hours, deliveries are signed with the old one too",
            add_arguments=_add_webhook_argument,
            run=rotate,
        ),
        Command(
            name="deliveries",
            summary="list sent and pending deliveries",
            add_arguments=_add_delivery_filter,
            run=list_deliveries,
        ),
        Command(
            name="redeliver",
            summary="send an event again",
            add_arguments=_add_delivery_argument,
            run=redeliver,
        ),
        Command(
            name="test", summary="send a test event", add_arguments=_add_webhook_argument, run=test
        ),
    ),
)
