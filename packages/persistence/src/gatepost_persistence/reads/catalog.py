"""Reading services, versions, environments and policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias, TypeVar

from advanced_alchemy.filters import LimitOffset, OrderBy
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.errors import Unknown
from gatepost_domain.ports.paging import Page, Window
from gatepost_persistence.mapping.catalog import (
    environment_from_row,
    policy_from_row,
    service_from_row,
    target_from_row,
    version_from_row,
)
from gatepost_persistence.reads.repositories import (
    EnvironmentRepository,
    PolicyRepository,
    ServiceRepository,
    TargetSettingsRepository,
    VersionRepository,
)
from gatepost_persistence.tables.catalog import (
    EnvironmentRow,
    ServiceRow,
    TargetSettingsRow,
    VersionRow,
)

T = TypeVar("T")
SessionFactory: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class SqlCatalogReads:
    """See `ports.Reads`; each read is a session of its own."""

    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions
        self._policy_cache: dict[tuple[str, int], PolicyVersion] = {}

    async def service(self, name: str) -> Service:
        """See `ports.Reads`."""
        async with self._sessions() as session:
            row = await ServiceRepository(session=session).get_one_or_none(name=name)
        return service_from_row(_require_row(row, "service", name))

    async def services(self, window: Window, *, archived: bool | None = False) -> Page[Service]:
        """See `ports.Reads`."""
        behind = () if window.after is None else (ServiceRow.name > window.after,)
        wanted = _archived_condition(ServiceRow.archived_at, archived=archived)
        async with self._sessions() as session:
            rows = await ServiceRepository(session=session).get_many(
                *wanted, *behind, OrderBy("name", "asc"), _limit_plus_one(window)
            )
        return build_page(rows, window, service_from_row, key=lambda service: service.name)

    async def version(self, service: str, version: str) -> Version:
        """See `ports.Reads`."""
        await self.service(service)
        async with self._sessions() as session:
            row = await VersionRepository(session=session).get_one_or_none(
                service=service, version=version
            )
        return version_from_row(_require_row(row, "version", f"{version} of {service}"))

    async def versions(self, service: str, window: Window) -> Page[Version]:
        """See `ports.Reads`."""
        await self.service(service)
        behind = () if window.after is None else (_registered_before(service, window.after),)
        async with self._sessions() as session:
            rows = await VersionRepository(session=session).get_many(
                VersionRow.service == service,
                *behind,
                OrderBy("id", "desc"),
                _limit_plus_one(window),
            )
        return build_page(rows, window, version_from_row, key=lambda version: version.version)

    async def environment(self, name: str) -> Environment:
        """See `ports.Reads`."""
        async with self._sessions() as session:
            row = await EnvironmentRepository(session=session).get_one_or_none(name=name)
        return environment_from_row(_require_row(row, "environment", name))

    async def environments(
        self, window: Window, *, archived: bool | None = False
    ) -> Page[Environment]:
        """See `ports.Reads`."""
        behind = () if window.after is None else (_ranked_after(window.after),)
        wanted = _archived_condition(EnvironmentRow.archived_at, archived=archived)
        async with self._sessions() as session:
            rows = await EnvironmentRepository(session=session).get_many(
                *wanted,
                *behind,
                OrderBy("rank", "asc"),
                OrderBy("name", "asc"),
                _limit_plus_one(window),
            )
        return build_page(
            rows, window, environment_from_row, key=lambda environment: environment.name
        )

    async def target(self, service: str, environment: str) -> Target:
        """See `ports.Reads`."""
        await self.service(service)
        await self.environment(environment)
        async with self._sessions() as session:
            row = await TargetSettingsRepository(session=session).get_one_or_none(
                service=service, environment=environment
            )
        return target_from_row(_require_row(row, "target", f"{service} in {environment}"))

    async def targets(self, service: str, window: Window) -> Page[Target]:
        """See `ports.Reads`."""
        await self.service(service)
        behind = () if window.after is None else (TargetSettingsRow.environment > window.after,)
        async with self._sessions() as session:
            rows = await TargetSettingsRepository(session=session).get_many(
                TargetSettingsRow.service == service,
                *behind,
                OrderBy("environment", "asc"),
                _limit_plus_one(window),
            )
        return build_page(rows, window, target_from_row, key=lambda target: target.environment)

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """See `ports.Reads`. A version of a policy never changes, so each is read once."""
        known = self._policy_cache.get((environment, version))
        if known is not None:
            return known
        async with self._sessions() as session:
            row = await PolicyRepository(session=session).get_one_or_none(
                environment=environment, version=version
            )
        found = policy_from_row(_require_row(row, "policy", f"{environment} version {version}"))
        self._policy_cache[environment, version] = found
        return found


def build_page(
    rows: Sequence[Any], window: Window, read: Callable[[Any], T], *, key: Callable[[T], str]
) -> Page[T]:
    """The wanted part of a list, of which one row more was read to see whether it goes on."""
    items = tuple(read(row) for row in rows[: window.limit])
    return Page(items=items, next_after=key(items[-1]) if len(rows) > window.limit else None)


def _limit_plus_one(window: Window) -> LimitOffset:
    return LimitOffset(limit=window.limit + 1, offset=0)


def _archived_condition(
    column: InstrumentedAttribute[str | None], *, archived: bool | None
) -> tuple[ColumnElement[bool], ...]:
    if archived is None:
        return ()
    return (column.is_not(None) if archived else column.is_(None),)


def _registered_before(service: str, version: str) -> ColumnElement[bool]:
    of = select(VersionRow.id).where(VersionRow.service == service, VersionRow.version == version)
    return VersionRow.id < of.scalar_subquery()


def _ranked_after(name: str) -> ColumnElement[bool]:
    rank = select(EnvironmentRow.rank).where(EnvironmentRow.name == name).scalar_subquery()
    return tuple_(EnvironmentRow.rank, EnvironmentRow.name) > tuple_(rank, name)


def _require_row(row: T | None, kind: str, name: str) -> T:
    if row is None:
        raise Unknown(kind, name)
    return row
