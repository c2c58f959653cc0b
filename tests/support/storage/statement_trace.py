"""Which tables a block reads and writes, through repositories or with prebuilt statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Final
from unittest.mock import patch

from advanced_alchemy.repository import SQLAlchemyAsyncRepository, SQLAlchemySyncRepository
from sqlalchemy import Connection, Engine, event

from gatepost_persistence.statements import prepared_statement
from gatepost_persistence.statements.prepared_statement import Parameters
from gatepost_persistence.tables.all_tables import METADATA

_METHODS: Final = ("add", "delete_where", "get_many", "get_one", "get_one_or_none", "update")
_TABLE_NAME: Final = re.compile(r"\b(" + "|".join(METADATA.tables) + r")\b")
_in_repository: Final = ContextVar("in_repository", default=False)


@dataclass(frozen=True, slots=True)
class Access:
    """A statement that reads or writes a table."""

    table: str
    is_write: bool
    by_repository: bool


@contextmanager
def recorded_accesses() -> Generator[set[Access]]:
    """Collect the accesses of all statements that any connection executes during the block."""
    accesses: set[Access] = set()

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        accesses.update(_accesses_of(statement, by_repository=_in_repository.get()))

    run_on_driver = prepared_statement.run_on_driver

    def record_and_run(connection: Connection, sql: str, parameters: Parameters) -> Any:
        accesses.update(_accesses_of(sql, by_repository=False))
        return run_on_driver(connection, sql, parameters)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        with (
            _marked_repositories(),
            patch.object(prepared_statement, "run_on_driver", record_and_run),
        ):
            yield accesses
    finally:
        event.remove(Engine, "before_cursor_execute", record)


def _accesses_of(statement: str, *, by_repository: bool) -> Generator[Access]:
    """Yield the accesses of a statement. A statement that writes names its own table first."""
    is_write = statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))
    for position, table in enumerate(dict.fromkeys(_TABLE_NAME.findall(statement))):
        yield Access(table, is_write and position == 0, by_repository)


@contextmanager
def _marked_repositories() -> Generator[None]:
    """Mark the statements that the methods of repositories execute."""
    with (
        patch.multiple(SQLAlchemySyncRepository, **_marked_methods(SQLAlchemySyncRepository)),
        patch.multiple(SQLAlchemyAsyncRepository, **_marked_methods(SQLAlchemyAsyncRepository)),
    ):
        yield


def _marked_methods(repository: type[Any]) -> dict[str, Any]:
    return {name: _marked(getattr(repository, name)) for name in _METHODS}


def _marked(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        with _mark():
            return method(*arguments, **options)

    @wraps(method)
    async def call_async(*arguments: Any, **options: Any) -> Any:
        with _mark():
            return await method(*arguments, **options)

    return call_async if iscoroutinefunction(method) else call


@contextmanager
def _mark() -> Generator[None]:
    token = _in_repository.set(True)
    try:
        yield
    finally:
        _in_repository.reset(token)
