"""Every ledger stores webhooks, tests and redeliveries in the same way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.webhooks.configuration import (
    RequestedFilter,
    WebhookChange,
    change_webhook,
    rotate_webhook_secret,
)
from gatepost_domain.actions.webhooks.resend_and_test import send_test
from gatepost_domain.errors import StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.webhooks.errors import (
    TooManyWebhooks,
    WebhookDisabled,
)
from gatepost_domain.webhooks.webhook import MAX_WEBHOOKS, WebhookFormat
from tests.support.builders import NOON, an_actor, an_id, create_catalog
from tests.support.domain.actions import all_events
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.domain.webhooks import (
    ADMIN,
    add,
    change,
    queue,
    remove,
)
from tests.support.storage.ledgers import AnyLedger

SECOND = timedelta(seconds=1)
ALL = PageRequest(limit=200)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services in several environments."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


async def last_seq(ledger: AnyLedger) -> int:
    return await ledger.perform(lambda uow: uow.event_log.last_seq())


async def queued_seqs(ledger: AnyLedger, webhook: UUID) -> list[int]:
    """Return the events of all deliveries of a webhook, oldest first."""
    page = await ledger.reads.deliveries(webhook, None, ALL)
    return [delivery.seq for delivery in page.items][::-1]


async def last_kind(ledger: AnyLedger) -> str:
    return (await all_events(ledger.reads))[-1].kind


async def test_change_without_effect_is_not_recorded(ledger: AnyLedger) -> None:
    """The revision stays the same too."""
    webhook = await add(ledger)
    before = await last_seq(ledger)

    unchanged = await change(ledger, webhook.id, WebhookChange(enabled=True, kinds=("*",)))

    assert unchanged == webhook
    assert await last_seq(ledger) == before


async def test_stale_change_is_refused(ledger: AnyLedger) -> None:
    """Somebody else changed the webhook first."""
    webhook = await add(ledger)
    await change(ledger, webhook.id, WebhookChange(kinds=("approved",)))

    with pytest.raises(StaleRevision):
        await ledger.perform(
            partial(
                change_webhook,
                webhook=webhook.id,
                change=WebhookChange(enabled=False),
                command=Command(actor=ADMIN, at=NOON),
                expected_revision=webhook.revision,
            )
        )


async def test_test_is_sent_to_one_webhook_only(ledger: AnyLedger) -> None:
    """It is sent regardless of the filter, and no other webhook gets its event."""
    tested = await add(ledger, requested=RequestedFilter(kinds=("approved",)))
    other = await add(ledger)
    before = await last_seq(ledger)
    delivery = await ledger.perform(
        partial(send_test, webhook=tested.id, command=Command(actor=ADMIN, at=NOON), id=an_id())
    )
    await queue(ledger)

    assert await queued_seqs(ledger, tested.id) == [delivery.seq] == [before + 1]
    assert await queued_seqs(ledger, other.id) == []


async def test_nothing_is_sent_to_a_disabled_webhook_by_hand(ledger: AnyLedger) -> None:
    """The admin is told to enable it first."""
    webhook = await add(ledger)
    await change(ledger, webhook.id, WebhookChange(enabled=False))

    with pytest.raises(WebhookDisabled):
        await ledger.perform(
            partial(
                send_test, webhook=webhook.id, command=Command(actor=ADMIN, at=NOON), id=an_id()
            )
        )


async def test_rotation_is_recorded_without_the_secret(ledger: AnyLedger) -> None:
    """Only the number of the secret is stored."""
    webhook = await add(ledger)
    rotated = await ledger.perform(
        partial(rotate_webhook_secret, webhook=webhook.id, command=Command(actor=ADMIN, at=NOON))
    )

    assert rotated == await ledger.reads.webhook(webhook.id)
    assert rotated.secret_numbers(NOON) == (2, 1)
    event = (await all_events(ledger.reads))[-1]
    assert event.kind is EventKind.WEBHOOK_SECRET_ROTATED
    assert event.data["secret_number"] == 2


@pytest.mark.parametrize(
    ("url", "message_format", "requested", "codes"),
    [
        ("ftp://hooks.example", WebhookFormat.GATEPOST, RequestedFilter(), ["bad_url"]),
        ("https://a:b@hooks.example", WebhookFormat.GATEPOST, RequestedFilter(), ["bad_url"]),
        (
            "https://hooks.example",
            WebhookFormat.GATEPOST,
            RequestedFilter(kinds=("approval",), services=("shop", "nope"), environments=("moon",)),
            ["unknown_event_kind", "unknown_service", "unknown_environment"],
        ),
        (
            "https://hooks.example",
            WebhookFormat.CDEVENTS,
            RequestedFilter(kinds=("approved",)),
            ["no_cdevent"],
        ),
    ],
)
async def test_invalid_webhooks_are_refused_with_all_faults(
    ledger: AnyLedger,
    url: str,
    message_format: WebhookFormat,
    requested: RequestedFilter,
    codes: list[str],
) -> None:
    """Each fault names its field."""
    with pytest.raises(ValidationFailed) as refused:
        await add(ledger, url=url, message_format=message_format, requested=requested)

    assert [error.code for error in refused.value.errors] == codes


async def test_number_of_webhooks_is_limited(ledger: AnyLedger) -> None:
    """A removed one makes room."""
    webhooks = [await add(ledger) for _ in range(MAX_WEBHOOKS)]
    with pytest.raises(TooManyWebhooks):
        await add(ledger)
    await remove(ledger, webhooks[0].id)

    assert (await add(ledger)).is_enabled


async def test_only_admins_of_everything_manage_webhooks(ledger: AnyLedger) -> None:
    """A webhook can get the events of every service."""
    webhook = await add(ledger)
    limited = an_actor("eve", grants=[Grant(role=Role.ADMIN, service="shop")])

    with pytest.raises(Forbidden):
        await ledger.perform(
            partial(
                rotate_webhook_secret,
                webhook=webhook.id,
                command=Command(actor=limited, at=NOON),
            )
        )
    assert await last_kind(ledger) == "access_denied"


async def test_pages_of_webhooks_and_deliveries_are_complete(ledger: AnyLedger) -> None:
    """Both are listed from the latest to the oldest."""
    webhooks = [(await add(ledger)).id for _ in range(3)]
    await queue(ledger)
    first = await ledger.reads.webhooks(PageRequest(limit=2))
    rest = await ledger.reads.webhooks(PageRequest(limit=2, after=first.next_key))
    seqs = await queued_seqs(ledger, webhooks[0])
    newest = await ledger.reads.deliveries(webhooks[0], None, PageRequest(limit=1))
    older = await ledger.reads.deliveries(
        webhooks[0], None, PageRequest(limit=1, after=newest.next_key)
    )

    assert [item.id for item in (*first.items, *rest.items)] == webhooks[::-1]
    assert [newest.items[0].seq, older.items[0].seq] == seqs[::-1]
