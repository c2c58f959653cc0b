"""Every ledger queues notifications for the right people, a limited number per transaction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.actions.notifications.outbox import (
    MAX_CHANNELS_AT_ONCE,
    MAX_POSITIONS,
    has_notifications_to_queue,
)
from gatepost_domain.notifications.channel import Recipient, RecipientKind, person_recipient
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action
from tests.support.builders import an_actor, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.notifications import (
    QA,
    a_person,
    add,
    add_in,
    add_people,
    queue,
    queued,
)
from tests.support.storage.ledgers import AnyLedger

TEAM = Recipient(kind=RecipientKind.TEAM, name="team")
BO = person_recipient("bo")
ADA = person_recipient("ada")


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with a requester and a reviewer."""
    await create_catalog(ledger)
    await add_people(ledger, a_person("ada", "dev", roles=(Role.REQUESTER,)), a_person("bo", "qa"))
    return ledger


async def test_groups_of_the_requester_hear_nothing_of_the_outcome(ledger: AnyLedger) -> None:
    """The requester's channel and the team's channel each get one notification."""
    dev = await add(ledger, Recipient(kind=RecipientKind.GROUP, name="dev"))
    ada, team, qa = await add(ledger, ADA), await add(ledger, TEAM), await add(ledger, QA)
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.REJECT, deployment.id, an_actor("bo", groups=["qa"]))
    await queue(ledger)

    assert await queued(ledger, dev) == []
    assert await queued(ledger, qa) == []
    for channel in (ada, team):
        assert await queued(ledger, channel) == [("outcome", "pending")]


async def test_channels_are_limited_in_each_transaction(ledger: AnyLedger) -> None:
    """The other channels follow in the next transaction."""

    def add_channels(uow: UnitOfWork) -> None:
        for _ in range(MAX_CHANNELS_AT_ONCE + 1):
            add_in(uow, BO)
        position = uow.event_log.last_seq()
        for channel in uow.notifications.list_behind(position, limit=MAX_CHANNELS_AT_ONCE + 1):
            uow.notifications.save_progress(replace(channel, position=position))

    await ledger.perform(add_channels)
    await request_deployment(ledger)
    await queue(ledger)
    assert await ledger.perform(has_notifications_to_queue)
    await queue(ledger)

    assert not await ledger.perform(has_notifications_to_queue)


async def test_positions_are_limited_in_each_transaction(ledger: AnyLedger) -> None:
    """Channels that were added at different times follow in the next transaction."""
    channels = [await add(ledger, BO) for _ in range(MAX_POSITIONS + 2)]
    await request_deployment(ledger)
    await queue(ledger)
    after_one = [len(await queued(ledger, channel)) for channel in channels]
    await queue(ledger)
    after_two = [len(await queued(ledger, channel)) for channel in channels]

    assert after_one == [3] * MAX_POSITIONS + [0, 0]
    assert after_two == [3] * (MAX_POSITIONS + 2)
