"""Verification of adopted rows, which were stored before events contained row states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.migrations.row_state_backfill import summarize_adopted_rows
from gatepost_persistence.tables.adopted_rows import AdoptedRow

_KEYS_PER_QUERY: Final = 500

_adopted = AdoptedRow.table()

DIGESTS_OF_KEYS = (
    select(_adopted.c.key, _adopted.c.digest)
    .where(_adopted.c.of_table == bindparam("of_table"))
    .where(_adopted.c.key.in_(bindparam("keys", expanding=True)))
)
KEYS_OF_TABLE = (
    select(_adopted.c.key)
    .where(_adopted.c.of_table == bindparam("of_table"))
    .where(_adopted.c.key > bindparam("after"))
    .order_by(_adopted.c.key)
    .limit(1000)
)


def find_digests_of_adopted_rows(
    connection: Connection, table: str, keys: Sequence[str]
) -> Mapping[str, str]:
    """Return the digests of adopted rows by key; keys without an adopted row are left out."""
    digests: dict[str, str] = {}
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        parameters = {"of_table": table, "keys": keys[start : start + _KEYS_PER_QUERY]}
        rows = connection.execute(DIGESTS_OF_KEYS, parameters)
        digests.update((key, digest) for key, digest in rows)
    return digests


def iter_adopted_keys(connection: Connection, table: str) -> Iterator[str]:
    """Yield the keys of the adopted rows of a table."""
    after = ""
    while keys := (
        connection.execute(KEYS_OF_TABLE, {"of_table": table, "after": after}).scalars().all()
    ):
        yield from keys
        after = keys[-1]


def verify_adopted_digests(
    connection: Connection, recorded: Mapping[str, Any] | None
) -> Iterator[Fault]:
    """Compare the stored digests with those in the event that adopted the rows."""
    expected = recorded or {}
    stored = summarize_adopted_rows(connection)
    for table in sorted(expected.keys() | stored.keys()):
        if stored.get(table) != expected.get(table):
            detail = (
                f"The digests of adopted rows of {table} are not those that the event "
                "state_adopted recorded."
            )
            yield Fault("row_differs", AdoptedRow.table_name(), table, "digest", detail)
