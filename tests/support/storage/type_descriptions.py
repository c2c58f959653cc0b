"""Descriptions of PostgreSQL's own types that the connections of all tests share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from asyncpg import Connection  # type: ignore[import-untyped]  # asyncpg has no types

FIRST_OID_OF_A_DATABASE: Final = 16_384
"""The first number of types that a database defines; PostgreSQL's own have the same everywhere."""


def share_type_descriptions() -> None:
    """Let asyncpg ask the server for each of these types once, instead of once per connection.

    The query takes the server longer than most tests need for all others.
    """
    descriptions: dict[frozenset[int], Any] = {}
    ask: Any = Connection._introspect_types  # noqa: SLF001  # no option sets it

    async def describe(connection: Connection, types: Collection[int], *options: object) -> Any:
        if max(types) >= FIRST_OID_OF_A_DATABASE:
            return await ask(connection, types, *options)
        key = frozenset(types)
        if key not in descriptions:
            descriptions[key] = await ask(connection, types, *options)
        return descriptions[key]

    Connection._introspect_types = describe  # noqa: SLF001
