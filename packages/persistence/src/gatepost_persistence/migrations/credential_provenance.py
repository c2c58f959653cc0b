"""Recording who else could have used the accounts and tokens in an existing database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.credential_provenance import (
    SYSTEM_NAME,
    Identity,
    Means,
    build_identity,
    merge_provenance,
)
from gatepost_persistence.mapping.recorded_tables import TOKENS, USERS
from gatepost_persistence.mapping.values import encode_json
from gatepost_persistence.migrations.row_changes import RowChange, iter_rows, record_changes

NOTE: Final = (
    "Accounts and tokens from here on say who else can have used them, at any depth. Those that "
    "existed got this from who created them."
)


def record_origins(connection: Connection) -> None:
    """Fill in the origins from `created_by`, `login_linked_by` and `issuer`, with one event."""
    users = {row["key"]: row for row in iter_rows(connection, USERS)}
    origins = {key: _find_origin_of_user(key, users) for key in users}
    changes = [
        *(
            RowChange(table=USERS, row=users[key], values={"origin": encode_json(origin)})
            for key, origin in origins.items()
            if origin is not None
        ),
        *_fill_origins_of_tokens(connection, origins),
    ]
    counts = {
        name: sum(change.table is table for change in changes)
        for name, table in (("users", USERS), ("tokens", TOKENS))
    }
    record_changes(connection, changes, revision="0018", note=NOTE, report={"filled": counts})


def _find_origin_of_user(key: str, users: Mapping[str, Mapping[str, Any]]) -> Identity | None:
    """Return everyone who directly or indirectly created the user or linked the user's login."""
    creators = set(_creators(users[key]))
    waiting = list(creators)
    while waiting:
        for creator in _creators(users.get(waiting.pop(), {})):
            if creator not in creators:
                creators.add(creator)
                waiting.append(creator)
    creators.discard(key)
    if not creators:
        return None
    human = normalize_name(users[key]["human"])
    humans = () if users[key]["kind"] == "human" else (human,)
    people = {name for name in creators if _counts_as_itself(name, users)}
    return build_identity(humans, Identity(provenance=dict.fromkeys(people, Means.ACCOUNT)))


def _counts_as_itself(key: str, users: Mapping[str, Mapping[str, Any]]) -> bool:
    return key not in users or normalize_name(users[key]["human"]) == key


def _creators(row: Mapping[str, Any]) -> Iterator[str]:
    for name in ("created_by", "human", "login_linked_by"):
        value = row.get(name)
        if value is not None and normalize_name(value) != SYSTEM_NAME:
            yield normalize_name(value)


def _fill_origins_of_tokens(
    connection: Connection, origins: Mapping[str, Identity | None]
) -> Iterator[RowChange]:
    for row in iter_rows(connection, TOKENS):
        issuer = normalize_name(row["issuer"])
        origin = origins.get(issuer)
        if issuer in {SYSTEM_NAME, row["holder"]} or origin is None:
            continue  # the token's issuer is enough to derive it
        provenance = dict.fromkeys(merge_provenance(origin.provenance), Means.ACCOUNT)
        values = {"origin": encode_json(Identity(provenance=provenance))}
        yield RowChange(table=TOKENS, row=row, values=values)
