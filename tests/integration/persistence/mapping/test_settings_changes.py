"""Mapping between rows and settings changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.access.users import Account
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.settings_changes.proposal import EnvironmentUpdate, UserUpdate
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from gatepost_persistence.mapping.settings_changes import (
    settings_change_from_row,
    settings_change_to_row,
)
from tests.support.builders import NOON, an_id

CHANGE = SettingsChange(
    id=an_id(),
    state=SettingsChangeState.PENDING,
    proposal=EnvironmentUpdate(environment="farm", change=EnvironmentChange(rank=7)),
    base_revision=3,
    environments=("farm",),
    gives=(),
    before={"rank": 1},
    after={"rank": 7},
    reason="Later.",
    requested_by="ada",
    identity=Identity(humans=("ada",)),
    requested_at=NOON,
)


def test_round_trip_preserves_every_field() -> None:
    """A settings change is read back unchanged."""
    assert settings_change_from_row(SimpleNamespace(**settings_change_to_row(CHANGE))) == CHANGE


@pytest.mark.parametrize(
    ("login", "accounts"),
    [
        ('["https://idp.example","z-1"]', (Account.of_subject("https://idp.example", "z-1"),)),
        ("null", None),
    ],
)
def test_user_update_of_an_older_release_keeps_its_login(
    login: str, accounts: tuple[Account, ...] | None
) -> None:
    """The one account that it would have linked is the one that it links."""
    proposal = f'{{"name":"zed","grants":null,"groups":["qa"],"disabled":null,"login":{login}}}'
    row = settings_change_to_row(CHANGE) | {"operation": "change_user", "proposal": proposal}

    found = settings_change_from_row(SimpleNamespace(**row))

    assert found.proposal == UserUpdate(name="zed", groups=("qa",), accounts=accounts)


def test_change_of_an_older_release_keeps_who_proposed_it() -> None:
    """The human and the person who created the token then count as one."""
    row = settings_change_to_row(CHANGE) | {"identity": '{"human":"ada","issuer":"owner"}'}

    found = settings_change_from_row(SimpleNamespace(**row))

    assert found.identity == Identity(humans=("ada", "owner"))
