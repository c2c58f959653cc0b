"""Which parts of the version of what is stored a change increases, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.ports.reads import StateVersion
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from tests.support.builders import NOON, a_token, a_user, an_event, create_catalog
from tests.support.domain.actions import request_deployment

TOKEN = a_token()


@pytest.fixture(params=["sqlite", "shared_postgres"])
def sql_ledger(request: pytest.FixtureRequest) -> Any:
    """Return a ledger in each database."""
    return request.getfixturevalue(request.param)


async def version(ledger: SqlLedger) -> StateVersion:
    version = await ledger.reads.load_state_version()
    assert version is not None
    return version


async def test_other_commits_change_only_the_first_part(sql_ledger: SqlLedger) -> None:
    """A request for a deployment, and the use of a token, change no count."""
    await create_catalog(sql_ledger)
    await sql_ledger.perform(lambda uow: uow.users.add(a_user(), an_event()))
    await sql_ledger.perform(lambda uow: uow.users.add_token(TOKEN, an_event()))
    before = await version(sql_ledger)

    await request_deployment(sql_ledger)
    await sql_ledger.perform(
        lambda uow: uow.users.record_token_use(TOKEN.id, NOON + timedelta(hours=1))
    )
    after = await version(sql_ledger)

    assert after.commit != before.commit
    assert after[1:] == before[1:]


def revoke_token(uow: UnitOfWork) -> None:
    token = replace(TOKEN, revoked_at=NOON, last_used_at=NOON)
    uow.users.save_tokens([token], an_event())


def disable_user(uow: UnitOfWork) -> None:
    user = uow.users.get(a_user().name)
    uow.users.save(replace(user, disabled=True, revision=user.revision + 1), an_event())


@pytest.mark.parametrize("change", [revoke_token, disable_user])
async def test_changed_token_or_user_changes_the_access(
    sql_ledger: SqlLedger, change: Callable[[UnitOfWork], None]
) -> None:
    """The current state is still the same."""
    await sql_ledger.perform(lambda uow: uow.users.add(a_user(), an_event()))
    await sql_ledger.perform(lambda uow: uow.users.add_token(TOKEN, an_event()))
    before = await version(sql_ledger)

    await sql_ledger.perform(change)
    after = await version(sql_ledger)

    assert after.access > before.access
    assert after.current_state == before.current_state


async def test_refused_action_changes_no_count(sql_ledger: SqlLedger) -> None:
    """The counts are a part of the transaction."""
    await sql_ledger.perform(lambda uow: uow.users.add(a_user(), an_event()))
    before = await version(sql_ledger)

    def disable_and_fail(uow: UnitOfWork) -> None:
        disable_user(uow)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # raised above
        await sql_ledger.perform(disable_and_fail)

    assert (await version(sql_ledger))[1:] == before[1:]
