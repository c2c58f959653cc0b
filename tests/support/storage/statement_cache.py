"""A cache of compiled SQL statements that the databases of all tests share."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Mapper


class StatementCache(dict[Hashable, Any]):
    """Compiled statements by the kind of database, instead of by the database.

    SQLAlchemy's own caches distinguish engines, so each test would compile all statements again.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_shared(key), compiled)


def _shared(key: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    dialect, *statement = key
    return (type(dialect), *statement)


def share_compiled_statements() -> None:
    """Let all engines of this process use one cache, and one for what each mapper writes."""
    cache = StatementCache()

    def use_cache(connection: Connection) -> None:
        connection.execution_options(compiled_cache=cache)

    event.listen(Engine, "engine_connect", use_cache)

    @event.listens_for(Mapper, "mapper_configured")
    def use_cache_for_writes(mapper: Mapper[Any], _class: type) -> None:
        mapper._compiled_cache = StatementCache()  # noqa: SLF001  # no option sets it
