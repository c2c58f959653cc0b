"""Reads of services, versions, environments, policies and targets through repositories."""

from __future__ import annotations

from advanced_alchemy.filters import LimitOffset, OrderBy
from sqlalchemy import ColumnElement, ScalarSelect, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.catalog import (
    environment_from_row,
    policy_from_row,
    service_from_row,
    target_from_row,
    version_from_row,
)
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    SessionFactory,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import (
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


class SqlCatalogReads(RepositoryReads):
    """Reads of the catalog through repositories."""

    def __init__(self, sessions: SessionFactory) -> None:
        super().__init__(sessions)
        self._policy_cache: dict[tuple[str, int], PolicyVersion] = {}

    async def service(self, name: str) -> Service:
        """Return the service with this name.

        Raises:
            NotFound: there is no such service.
        """
        async with self._sessions() as session:
            row = await ServiceRepository(session).get_one_or_none(name=name)
        return service_from_row(require_row(row, "service", name))

    async def services(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Service]:
        """Return a page of services sorted by name.

        If `archived` is None, return all services; otherwise, only archived or only active ones.
        """
        after_condition = (
            () if page_request.after is None else (ServiceRow.name > page_request.after,)
        )
        archived_condition = _archived_condition(ServiceRow.archived_at, archived=archived)
        async with self._sessions() as session:
            rows = await ServiceRepository(session).get_many(
                *archived_condition,
                *after_condition,
                OrderBy("name", "asc"),
                limit_plus_one(page_request),
            )
        return build_page(rows, page_request, service_from_row, key=lambda service: service.name)

    async def version(self, service: str, version: str) -> Version:
        """Return a version of a service.

        Raises:
            NotFound: the service or the version does not exist.
        """
        await self.service(service)
        async with self._sessions() as session:
            row = await VersionRepository(session).get_one_or_none(service=service, version=version)
        return version_from_row(require_row(row, "version", f"{version} of {service}"))

    async def versions(self, service: str, page_request: PageRequest) -> Page[Version]:
        """Return a page of the versions of a service, newest first."""
        await self.service(service)
        after_condition = (
            () if page_request.after is None else (_registered_before(service, page_request.after),)
        )
        async with self._sessions() as session:
            rows = await VersionRepository(session).get_many(
                VersionRow.service == service,
                *after_condition,
                OrderBy("id", "desc"),
                limit_plus_one(page_request),
            )
        return build_page(rows, page_request, version_from_row, key=lambda version: version.version)

    async def versions_between(
        self, service: str, first: str | None, last: str, *, limit: int
    ) -> tuple[Version, ...]:
        """Return the versions registered after `first`, up to and including `last`, newest first.

        If `first` is None, return only `last`.
        """
        bounds = [VersionRow.id <= _registration_position(service, last)]
        bounds.append(
            VersionRow.version == last
            if first is None
            else VersionRow.id > _registration_position(service, first)
        )
        async with self._sessions() as session:
            rows = await VersionRepository(session).get_many(
                VersionRow.service == service,
                *bounds,
                OrderBy("id", "desc"),
                LimitOffset(limit, 0),
            )
        return tuple(map(version_from_row, rows))

    async def environment(self, name: str) -> Environment:
        """Return the environment with this name.

        Raises:
            NotFound: there is no such environment.
        """
        async with self._sessions() as session:
            row = await EnvironmentRepository(session).get_one_or_none(name=name)
        return environment_from_row(require_row(row, "environment", name))

    async def environments(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Environment]:
        """Return a page of environments, by rank and name; `archived` works as in `services`."""
        after_condition = () if page_request.after is None else (_ranked_after(page_request.after),)
        archived_condition = _archived_condition(EnvironmentRow.archived_at, archived=archived)
        async with self._sessions() as session:
            rows = await EnvironmentRepository(session).get_many(
                *archived_condition,
                *after_condition,
                OrderBy("rank", "asc"),
                OrderBy("name", "asc"),
                limit_plus_one(page_request),
            )
        return build_page(
            rows, page_request, environment_from_row, key=lambda environment: environment.name
        )

    async def target(self, service: str, environment: str) -> Target:
        """Return the target of a service in an environment.

        Raises:
            NotFound: the service, the environment or the target does not exist.
        """
        await self.service(service)
        await self.environment(environment)
        async with self._sessions() as session:
            row = await TargetSettingsRepository(session).get_one_or_none(
                service=service, environment=environment
            )
        return target_from_row(require_row(row, "target", f"{service} in {environment}"))

    async def targets(self, service: str, page_request: PageRequest) -> Page[Target]:
        """Return a page of a service's targets, sorted by environment."""
        await self.service(service)
        after_condition = (
            ()
            if page_request.after is None
            else (TargetSettingsRow.environment > page_request.after,)
        )
        async with self._sessions() as session:
            rows = await TargetSettingsRepository(session).get_many(
                TargetSettingsRow.service == service,
                *after_condition,
                OrderBy("environment", "asc"),
                limit_plus_one(page_request),
            )
        return build_page(
            rows, page_request, target_from_row, key=lambda target: target.environment
        )

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """Return one version of a policy.

        Raises:
            NotFound: there is no such policy version.
        """
        cached = self._policy_cache.get((environment, version))
        if cached is not None:
            return cached
        async with self._sessions() as session:
            row = await PolicyRepository(session).get_one_or_none(
                environment=environment, version=version
            )
        policy = policy_from_row(require_row(row, "policy", f"{environment} version {version}"))
        self._policy_cache[environment, version] = policy
        return policy


def _archived_condition(
    column: InstrumentedAttribute[str | None], *, archived: bool | None
) -> tuple[ColumnElement[bool], ...]:
    if archived is None:
        return ()
    return (column.is_not(None) if archived else column.is_(None),)


def _registered_before(service: str, version: str) -> ColumnElement[bool]:
    return VersionRow.id < _registration_position(service, version)


def _registration_position(service: str, version: str) -> ScalarSelect[int]:
    """Return a subquery for a version's position in the order of registration."""
    return (
        select(VersionRow.id)
        .where(VersionRow.service == service, VersionRow.version == version)
        .scalar_subquery()
    )


def _ranked_after(name: str) -> ColumnElement[bool]:
    rank = select(EnvironmentRow.rank).where(EnvironmentRow.name == name).scalar_subquery()
    return tuple_(EnvironmentRow.rank, EnvironmentRow.name) > tuple_(rank, name)
