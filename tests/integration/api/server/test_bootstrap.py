"""The contents of a new server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gatepost_api.auth.token_secrets import secret_digest
from gatepost_api.server.bootstrap import create_default_environments, create_default_users
from gatepost_api.server.token_files import OWNER_TOKEN_FILE
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.paging import PageRequest
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON, a_policy, an_id, create_catalog


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqliteLedger]:
    ledger = await SqliteLedger.open(tmp_path / "gatepost.db")
    yield ledger
    await ledger.close()


async def environment_names(ledger: SqliteLedger) -> list[str]:
    return [item.name for item in (await ledger.reads.environments(PageRequest(limit=9))).items]


async def test_new_server_has_three_environments(ledger: SqliteLedger) -> None:
    """Environments are listed in promotion order.

    Workers deploy to test, which needs no approval.
    """
    await create_default_environments(ledger, ledger.reads, at=NOON)

    test = (await ledger.reads.policy("test", 1)).policy
    production = (await ledger.reads.policy("production", 1)).policy
    events = (await ledger.reads.entries(PageRequest(limit=9))).items
    assert await environment_names(ledger) == ["test", "staging", "production"]
    assert {entry.event.actor for entry in events} == {"system"}
    assert (test.approval_stages, test.execution, test.auto_start) == (
        (),
        ExecutionMode.WORKER,
        True,
    )
    assert [stage.name for stage in production.approval_stages] == ["qa", "devops"]
    assert production.execution is ExecutionMode.OPERATOR


async def test_second_start_creates_nothing(ledger: SqliteLedger) -> None:
    """A second start adds no environments and leaves the existing ones unchanged."""
    for _ in range(2):
        await create_default_environments(ledger, ledger.reads, at=NOON)

    assert len((await ledger.reads.entries(PageRequest(limit=9))).items) == 3


async def test_existing_environments_prevent_the_defaults(ledger: SqliteLedger) -> None:
    """A server that already has environments gets no default ones."""
    await create_catalog(ledger, services=(), policies={"live": (Tier.PRODUCTION, a_policy())})
    await create_default_environments(ledger, ledger.reads, at=NOON)

    assert await environment_names(ledger) == ["live"]


async def start_with_lifetime(
    ledger: SqliteLedger, data: Path, days: int, *, after: int = 0
) -> tuple[str, datetime | None]:
    """Start a server some days later; return the owner's secret and when it expires."""
    await create_default_users(
        ledger,
        ledger.reads,
        data,
        at=NOON + timedelta(days=after),
        new_id=an_id,
        lifetime_days=days,
    )
    secret = (data / OWNER_TOKEN_FILE).read_text(encoding="ascii").strip()
    holder = await ledger.reads.find_token_holder(secret_digest(secret))
    assert holder is not None
    return secret, holder[1].expires_at


@pytest.mark.parametrize(
    ("after", "is_replaced"), [(0, False), (20, False), (21, True), (30, True), (400, True)]
)
async def test_start_replaces_local_tokens_in_their_last_third(
    ledger: SqliteLedger, tmp_path: Path, after: int, *, is_replaced: bool
) -> None:
    """The new token lasts as long again, and the old one is revoked."""
    first, ends = await start_with_lifetime(ledger, tmp_path, 30)
    assert ends == NOON + timedelta(days=30)

    second, ends = await start_with_lifetime(ledger, tmp_path, 30, after=after)

    assert (second != first) is is_replaced
    assert ends == NOON + timedelta(days=30 + (after if is_replaced else 0))
    holder = await ledger.reads.find_token_holder(secret_digest(first))
    assert holder is not None
    assert (holder[1].revoked_at is not None) is is_replaced


async def test_setting_a_lifetime_replaces_tokens_without_expiry(
    ledger: SqliteLedger, tmp_path: Path
) -> None:
    """By default, tokens never expire; later, the setting applies to the existing ones too."""
    first, never = await start_with_lifetime(ledger, tmp_path, 0)
    second, ends = await start_with_lifetime(ledger, tmp_path, 7)

    assert never is None
    assert (second != first, ends) == (True, NOON + timedelta(days=7))
