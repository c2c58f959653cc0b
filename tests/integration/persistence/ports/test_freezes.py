"""Every ledger keeps freezes alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeScope
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, an_event, an_id, create_catalog
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger, all_pages

EVENT = an_event(EventKind.FREEZE_IMPOSED)
LATER = NOON + timedelta(hours=1)


def a_freeze(**changes: Any) -> Freeze:
    whole: dict[str, Any] = {
        "id": an_id(),
        "effect": Effect.DENY,
        "scope": FreezeScope(),
        "starts_at": NOON,
        "reason": "The sale.",
        "created_at": NOON,
        "created_by": "olga",
    }
    return Freeze(**(whole | changes))


async def impose(ledger: AnyLedger, *freezes: Freeze) -> None:
    for each in freezes:
        await ledger.perform(partial(_add, freeze=each))


def _add(uow: Any, freeze: Freeze) -> None:
    uow.freezes.add(freeze, EVENT)


async def standing(ledger: AnyLedger) -> list[Freeze]:
    return list(await ledger.perform(lambda uow: uow.freezes.list_unexpired(LATER)))


async def test_every_field_of_a_freeze_reads_back(ledger: AnyLedger) -> None:
    """Also those that seldom hold anything."""
    await create_catalog(ledger)
    rich = a_freeze(
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

    await impose(ledger, rich, plain := a_freeze())

    for each in (rich, plain):
        assert await ledger.perform(partial(_get, freeze=each)) == each
    assert await ledger.reads.read_snapshot(partial(_get, freeze=rich)) == rich
    with pytest.raises(NotFound):
        await ledger.perform(partial(_get, freeze=a_freeze()))


def _get(uow: Any, freeze: Freeze) -> Freeze:
    found: Freeze = uow.freezes.get(freeze.id)
    return found


async def test_what_was_lifted_or_has_ended_stands_no_more(ledger: AnyLedger) -> None:
    """In the order in which they were imposed, with one event each."""
    forever, ended, coming = a_freeze(), a_freeze(ends_at=LATER), a_freeze(starts_at=LATER)
    await impose(ledger, forever, ended, coming)
    assert await standing(ledger) == [forever, coming]
    lifted = replace(forever, lifted_at=LATER, lifted_by="olga", lift_reason="Over.")

    await ledger.perform(lambda uow: uow.freezes.save(lifted, EVENT))

    assert await standing(ledger) == [coming]
    assert len(await all_entries(ledger.reads)) == 4


async def test_freezes_come_in_parts_the_latest_first(ledger: AnyLedger) -> None:
    """Neither skipped nor repeated while others are imposed."""
    freezes = [a_freeze() for _ in range(3)]
    await impose(ledger, *freezes)
    first = await ledger.reads.freezes(PageRequest(limit=2))

    await impose(ledger, a_freeze())

    rest = await all_pages(ledger.reads.freezes, limit=2, after=first.next_key)
    assert [*first.items, *[each for page in rest for each in page]] == freezes[::-1]
