"""Every ledger stores freezes in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.duration import NominalDuration
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, an_event, an_id, create_catalog
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger, all_pages

EVENT = an_event(EventKind.FREEZE_IMPOSED)
LATER = NOON + timedelta(hours=1)


def a_freeze(**changes: Any) -> Freeze:
    defaults: dict[str, Any] = {
        "id": an_id(),
        "effect": Effect.DENY,
        "scope": FreezeScope(),
        "starts_at": NOON,
        "reason": "The sale.",
        "created_at": NOON,
        "created_by": "olga",
    }
    return Freeze(**(defaults | changes))


async def impose(ledger: AnyLedger, *freezes: Freeze) -> None:
    for freeze in freezes:
        await ledger.perform(partial(_add, freeze=freeze))


def _add(uow: Any, freeze: Freeze) -> None:
    uow.freezes.add(freeze, EVENT)


async def unexpired(ledger: AnyLedger) -> list[Freeze]:
    return list(await ledger.perform(lambda uow: uow.freezes.list_current_and_future(LATER)))


async def test_freeze_is_stored_with_every_field(ledger: AnyLedger) -> None:
    """Every field of the freeze is read back, including the optional ones."""
    await create_catalog(ledger)
    complete = a_freeze(
        effect=Effect.ALLOW,
        scope=FreezeScope(service="shop", environment="production", tier=Tier.PRODUCTION),
        ends_at=LATER + timedelta(microseconds=1),
        rrule="FREQ=DAILY",
        duration=timedelta(hours=2),
        timezone="Europe/Berlin",
        reason="Grund ✓",
        lifted_at=LATER,
        lifted_by="Zoë",
        lift_reason="Vorbei.",
    )

    nominal = replace(complete, id=an_id(), duration=NominalDuration(days=1, time=LATER - NOON))

    await impose(ledger, complete, nominal, minimal := a_freeze())

    for freeze in (complete, nominal, minimal):
        assert await ledger.perform(partial(_get, freeze=freeze)) == freeze
    assert await ledger.reads.read_snapshot(partial(_get, freeze=complete)) == complete
    with pytest.raises(NotFound):
        await ledger.perform(partial(_get, freeze=a_freeze()))


def _get(uow: Any, freeze: Freeze) -> Freeze:
    stored: Freeze = uow.freezes.get(freeze.id)
    return stored


async def test_lifted_and_ended_freezes_are_not_listed_as_unexpired(ledger: AnyLedger) -> None:
    """The remaining freezes are listed in order of creation, and each change adds one event."""
    unlimited, ended, upcoming = a_freeze(), a_freeze(ends_at=LATER), a_freeze(starts_at=LATER)
    await impose(ledger, unlimited, ended, upcoming)
    assert await unexpired(ledger) == [unlimited, upcoming]
    lifted = replace(unlimited, lifted_at=LATER, lifted_by="olga", lift_reason="Over.")

    await ledger.perform(lambda uow: uow.freezes.save_lifted(lifted, EVENT))

    assert await unexpired(ledger) == [upcoming]
    assert len(await all_entries(ledger.reads)) == 4


async def test_pages_of_freezes_are_newest_first(ledger: AnyLedger) -> None:
    """No freeze is skipped or repeated while others are added."""
    freezes = [a_freeze() for _ in range(3)]
    await impose(ledger, *freezes)
    first = await ledger.reads.freezes(PageRequest(limit=2))

    await impose(ledger, a_freeze())

    rest = await all_pages(ledger.reads.freezes, limit=2, after=first.next_key)
    assert [*first.items, *[freeze for page in rest for freeze in page]] == freezes[::-1]
