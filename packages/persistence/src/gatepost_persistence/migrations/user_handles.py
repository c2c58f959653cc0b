"""Giving a handle to each user, and recording all handles in one event."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, text

from gatepost_domain.access.actor import is_reserved_name
from gatepost_domain.access.handles import (
    MAX_HANDLE_LENGTH,
    fold_handle,
    is_handle,
    replace_invisible_characters,
    to_handle,
)
from gatepost_domain.access.users import Account, Login
from gatepost_domain.event import Event, EventKind
from gatepost_persistence.mapping.recorded_tables import USERS, StateItem
from gatepost_persistence.mapping.values import encode_json
from gatepost_persistence.writes.events import SqlEventAppender

NOTE: Final = (
    "Names of users are handles from here on. Users whose names do not fit got a handle, and kept "
    "the former name as their display name; what they did before still counts as theirs. Logins "
    "are lists."
)

_LOGIN_COLUMNS: Final = ("login_issuer", "login_subject", "login_linked_by")
_UPDATE: Final = text(
    "UPDATE users SET name = :name, former_name = :former_name, display_name = :display_name, "
    "logins = :logins WHERE key = :key"
)
_ADD_ACCOUNT: Final = text(
    "INSERT INTO user_accounts (issuer, kind, account, holder) "
    "VALUES (:issuer, :kind, :account, :holder)"
)
_log = logging.getLogger(__name__)


def assign_handles(connection: Connection) -> None:
    """Give each user a handle, turn logins into lists, and record both in one event."""
    rows = [
        dict(row) for row in connection.execute(text("SELECT * FROM users ORDER BY key")).mappings()
    ]
    handles = choose_handles(row["name"] for row in rows)
    state = [
        item
        for row in rows
        for item in _store_handle_and_logins(connection, row, handles[row["name"]])
    ]
    if not state:
        return
    renamed = [{"from": old, "to": new} for old, new in handles.items() if old != new]
    events = SqlEventAppender(connection)
    at = datetime.now(UTC)  # noqa: TID251  # migrations have no clock
    event = Event(
        kind=EventKind.DATABASE_UPGRADED,
        actor="system",
        at=at,
        note=NOTE,
        data={"revision": "0019", "renamed_users": renamed},
    )
    events.append(event, *state)
    events.store()
    for change in renamed:
        _log.warning("The user %(from)r is now called %(to)s.", change)


def choose_handles(names: Iterable[str]) -> dict[str, str]:
    """Return a handle for each name; a valid handle is kept, apart from a change to lower case."""
    ordered = sorted(names, key=lambda name: (not is_handle(fold_handle(name)), name))
    taken: set[str] = set()
    chosen: dict[str, str] = {}
    for name in ordered:
        handle = fold_handle(name)
        if not is_handle(handle):
            handle = _find_free_handle(to_handle(name) or "user", taken)
        taken.add(handle)
        chosen[name] = handle
    return chosen


def _find_free_handle(handle: str, taken: set[str]) -> str:
    if handle not in taken and not is_reserved_name(handle):
        return handle
    numbered = (f"{handle[: MAX_HANDLE_LENGTH - 5]}-{number}" for number in count(2))
    return next(candidate for candidate in numbered if candidate not in taken)


def _store_handle_and_logins(
    connection: Connection, row: Mapping[str, Any], handle: str
) -> Iterable[StateItem]:
    """Store a user's handle and logins, and yield the item that records them."""
    values: dict[str, object] = {}
    if handle != row["name"]:
        values |= {
            "name": handle,
            "former_name": row["name"],
            "display_name": replace_invisible_characters(row["name"]),
        }
    if row["login_issuer"] is not None:
        account = Account.of_subject(row["login_issuer"], row["login_subject"])
        login = Login(account=account, linked_by=row["login_linked_by"])
        values["logins"] = encode_json((login,))
        connection.execute(
            _ADD_ACCOUNT,
            {
                "issuer": account.issuer,
                "kind": str(account.kind),
                "account": account.account,
                "holder": row["key"],
            },
        )
    if not values:
        return
    parameters = dict.fromkeys(("former_name", "display_name", "logins"))
    connection.execute(_UPDATE, {**parameters, "name": row["name"], **values, "key": row["key"]})
    removed = {name: None for name in _LOGIN_COLUMNS if row[name] is not None}
    yield USERS.item_for_update(row, values, removed=removed)
