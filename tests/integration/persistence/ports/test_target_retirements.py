"""Every ledger retires lanes in the same way."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.errors import NotFound, Refusal, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import NOON, an_actor, create_catalog
from tests.support.domain.actions import all_events
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    current_versions,
    minutes_after_noon,
    now,
    only_cell,
    retire_lane,
)
from tests.support.storage.ledgers import AnyLedger

LATER = minutes_after_noon(1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services that have one version each."""
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1.0.0"], policies=ENVIRONMENTS
    )
    return ledger


OPERATOR, ADMIN = an_actor("ola", roles=[Role.OPERATOR]), an_actor("root", roles=[Role.ADMIN])
INVALID_RETIRING: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"service": "moon"}, NotFound, "unknown_service"),
    ({"environment": "moon"}, NotFound, "unknown_environment"),
    ({"environment": "test"}, NotFound, "unknown_target"),
    ({"at": minutes_after_noon(3)}, ValidationFailed, "at_in_future"),
    ({"by": ADMIN}, Forbidden, "forbidden"),
    ({"by": OPERATOR, "at": minutes_after_noon(1)}, Forbidden, "forbidden"),
    ({"by": an_actor("mo", roles=set(Role) - {Role.OPERATOR})}, Forbidden, "forbidden"),
]


@pytest.mark.parametrize(("arguments", "refusal", "code"), INVALID_RETIRING)
async def test_retiring_needs_a_target_a_past_time_and_the_right_role(
    ledger: AnyLedger, arguments: dict[str, Any], refusal: type[Refusal], code: str
) -> None:
    """Operators can retire a lane only from now on; admins can also retire it from a past time."""
    await create_record(ledger)

    with pytest.raises(refusal) as refused:
        await retire_lane(ledger, now=minutes_after_noon(2), **arguments)

    assert refused.value.code == code
    assert len((await now(ledger)).cells) == 1


@pytest.mark.parametrize(
    ("by", "at"), [(OPERATOR, None), (OPERATOR, minutes_after_noon(2)), (ADMIN, LATER)]
)
async def test_retired_lane_is_empty_until_the_next_deployment(
    ledger: AnyLedger, by: Any, at: Any
) -> None:
    """The lane is empty from the retirement until a later deployment; its past is unchanged."""
    await create_record(ledger)

    retirement = await retire_lane(ledger, by=by, at=at, now=minutes_after_noon(2))
    empty = await current_versions(ledger)
    event = (await all_events(ledger.reads))[-1]
    await create_record(ledger, deployed_at=minutes_after_noon(3), at=minutes_after_noon(4))

    assert retirement.retired_at == (at or minutes_after_noon(2))
    assert empty == {}
    assert event.kind is EventKind.TARGET_RETIRED
    assert event.data == {
        "service": "shop",
        "environment": "production",
        "retired_at": f"2026-11-21T12:0{retirement.retired_at.minute}:00.000000Z",
    }
    assert await current_versions(ledger, NOON) == {("shop", "production"): ("1.0.0", 1)}
    assert await current_versions(ledger, minutes_after_noon(2)) == {}
    assert (await only_cell(ledger)).number == 2
