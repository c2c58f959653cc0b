"""A settings change that an earlier release left pending can be decided on after the upgrade."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.settings_changes.decide import approve_settings_change
from gatepost_domain.settings_changes.settings_change import SettingsChangeState
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_command, an_account
from tests.support.storage.complete_settings import PETE
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.old_databases import create_old_file, rows_as_of
from tests.support.storage.sqlite_files import find_faults_in_file


@pytest.fixture(params=["0016", "0017"])
async def old_file(tmp_path: Path, path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a file of a revision with a pending change to a user."""
    file = tmp_path / "old.db"
    rows = await rows_as_of(request.param, path)
    create_old_file(file, request.param, rows)
    return file


async def test_pending_change_of_an_earlier_release_can_be_approved(old_file: Path) -> None:
    """All that was proposed is applied, on behalf of the same person, and verified."""
    query = "SELECT identity FROM settings_changes WHERE state = 'pending'"
    assert query_sqlite(old_file, query) == [('{"human":"paula","issuer":null}',)]

    ledger = await SqliteLedger.open(old_file)
    (pending,) = await ledger.perform(lambda uow: uow.settings_changes.list_pending())
    approve = partial(approve_settings_change, change=pending.id, command=a_command(PETE))
    approved = await ledger.perform(approve)
    zed = await ledger.reads.user("zed")
    await ledger.close()

    assert pending.identity == Identity(humans=("paula",))
    assert (approved.state, approved.note) == (SettingsChangeState.APPLIED, None)
    assert zed.grants == (Grant(role=Role.ADMIN), Grant(role=Role.OPERATOR))
    assert [login.account for login in zed.logins] == [an_account("z-9")]
    assert find_faults_in_file(old_file) == []
