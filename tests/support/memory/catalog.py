"""The catalog in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState

T = TypeVar("T")


class MemoryServices:
    """Services and versions in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, name: str) -> Service:
        """Return a service.

        Raises:
            NotFound: no service has this name.
        """
        return _get_named(self._state.services, name, "service")

    def add(self, service: Service, event: Event) -> None:
        """Store a new service.

        Raises:
            AlreadyExists: the name is already in use.
        """
        if service.name in self._state.services:
            raise AlreadyExists("service", service.name)
        self._state.services[service.name] = service
        self._state.append(event)

    def save(self, service: Service, event: Event) -> None:
        """Store the next revision of a service.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        stored = self._state.services.get(service.name)
        if stored is None or stored.revision != service.revision - 1:
            raise ConcurrentUpdate("service", service.name)
        self._state.services[service.name] = service
        self._state.append(event)

    def has_team(self, team: str) -> bool:
        """Return whether any service belongs to a team with that name."""
        return any(service.team == team for service in self._state.services.values())

    def find_version(self, service: str, version: str) -> Version | None:
        """Return a version of a service, or None if there is none with that name."""
        return self._state.versions.get((service, version))

    def add_version(self, version: Version, event: Event) -> None:
        """Store a new version.

        Raises:
            AlreadyExists: the service already has this version.
        """
        key = (version.service, version.version)
        if key in self._state.versions:
            raise AlreadyExists("version", version.version)
        self._state.versions[key] = version
        self._state.append(event)


class MemoryEnvironments:
    """Environments and their policies in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, name: str) -> Environment:
        """Return an environment.

        Raises:
            NotFound: no environment has this name.
        """
        return _get_named(self._state.environments, name, "environment")

    def list_active(self) -> tuple[Environment, ...]:
        """Return the active environments, ordered by rank, then by name."""
        return _sorted_environments(self._state.environments.values(), archived=False)

    def list_all(self) -> tuple[Environment, ...]:
        """Return all environments, including archived ones, ordered by rank, then by name."""
        return _sorted_environments(self._state.environments.values(), archived=None)

    def policy(self, name: str, version: int) -> Policy:
        """Return the rules of one version of an environment's policy."""
        return self.policy_version(name, version).policy

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """Return one version of an environment's policy, with its author and time."""
        return self._state.policies[name, version]

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """Store a new environment and its first policy.

        Raises:
            AlreadyExists: the name is already in use.
        """
        if environment.name in self._state.environments:
            raise AlreadyExists("environment", environment.name)
        self._state.environments[environment.name] = environment
        self._store(
            PolicyVersion(
                environment=environment.name,
                version=environment.policy_version,
                policy=policy,
                created_at=environment.created_at,
                created_by=environment.created_by,
            ),
            event,
        )

    def save(self, environment: Environment, event: Event) -> None:
        """Store the next revision of an environment.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        stored = self._state.environments.get(environment.name)
        if stored is None or stored.revision != environment.revision - 1:
            raise ConcurrentUpdate("environment", environment.name)
        self._state.environments[environment.name] = environment
        self._state.append(event)

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """Activate the next version of the policy, which is also a new revision of the environment.

        Raises:
            ConcurrentUpdate: the active version is not the previous one.
        """
        environment = self._state.environments.get(changed.environment)
        if environment is None or environment.policy_version != changed.version - 1:
            raise ConcurrentUpdate("environment", changed.environment)
        self._state.environments[environment.name] = replace(
            environment, policy_version=changed.version, revision=environment.revision + 1
        )
        self._store(changed, event)

    def _store(self, policy: PolicyVersion, event: Event) -> None:
        self._state.policies[policy.environment, policy.version] = policy
        self._state.append(event)


class MemoryTargetSettings:
    """Settings of targets in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def find(self, service: str, environment: str) -> Target | None:
        """Return the target with its current settings, or None if it was never configured."""
        return self._state.target_settings.get((service, environment))

    def get_version(
        self, service: str, environment: str, version: int, *, set_at: datetime
    ) -> Target:
        """Return the target with a version of its settings, which may be an earlier one.

        `set_at` is when they were set. The version must exist.
        """
        target = self._state.target_versions[service, environment, version]
        assert target.changed_at == set_at
        return target

    def list_versions(
        self, service: str, environment: str, *, before: int | None = None, limit: int
    ) -> tuple[Target, ...]:
        """Return a target's settings versions, newest first; with `before`, only earlier ones."""
        versions = [
            target
            for key, target in self._state.target_versions.items()
            if key[:2] == (service, environment) and (before is None or key[2] < before)
        ]
        return tuple(sorted(versions, key=lambda target: -target.revision)[:limit])

    def put(self, target: Target, event: Event) -> None:
        """Store the next revision of a target; the first revision creates it.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        stored = self.find(target.service, target.environment)
        if target.revision != (0 if stored is None else stored.revision) + 1:
            raise ConcurrentUpdate("target", f"{target.service} in {target.environment}")
        self._state.target_settings[target.service, target.environment] = target
        self._state.target_versions[target.service, target.environment, target.revision] = target
        self._state.append(event)


class MemoryCatalogReads:
    """Reads of the catalog in memory."""

    _state: MemoryState

    async def service(self, name: str) -> Service:
        """Return a service.

        Raises:
            NotFound: no service has this name.
        """
        return _get_named(self._state.services, name, "service")

    async def services(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Service]:
        """Return services sorted by name: archived or active ones, or all if `archived` is None."""
        services = [
            service
            for name, service in sorted(self._state.services.items())
            if _matches_archived(service, archived=archived)
            and (page_request.after is None or name > page_request.after)
        ]
        return build_page(
            services, PageRequest(limit=page_request.limit), key=lambda service: service.name
        )

    async def version(self, service: str, version: str) -> Version:
        """Return a version.

        Raises:
            NotFound: the service or the version does not exist.
        """
        await self.service(service)
        stored = self._state.versions.get((service, version))
        if stored is None:
            raise NotFound("version", f"{version} of {service}")
        return stored

    async def versions(self, service: str, page_request: PageRequest) -> Page[Version]:
        """Return a service's versions, the most recently registered first."""
        await self.service(service)
        versions = [
            version for version in self._state.versions.values() if version.service == service
        ]
        return build_page(versions[::-1], page_request, key=lambda version: version.version)

    async def versions_between(
        self, service: str, first: str | None, last: str, *, limit: int
    ) -> tuple[Version, ...]:
        """Return the versions registered after `first` up to `last`, newest first.

        Without `first`, only `last` is returned. Both versions must exist.
        """
        versions = [
            version for version in self._state.versions.values() if version.service == service
        ]
        names = [version.version for version in versions]
        end = names.index(last)
        start = end if first is None else names.index(first) + 1
        return tuple(versions[start : end + 1][::-1][:limit])

    async def environment(self, name: str) -> Environment:
        """Return an environment.

        Raises:
            NotFound: no environment has this name.
        """
        return _get_named(self._state.environments, name, "environment")

    async def environments(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Environment]:
        """Return environments sorted by rank and name; `archived` works as in `services`."""
        environments = self._state.environments
        after = None if page_request.after is None else environments[page_request.after]
        matching = [
            environment
            for environment in _sorted_environments(environments.values(), archived=archived)
            if after is None or (environment.rank, environment.name) > (after.rank, after.name)
        ]
        return build_page(
            matching,
            PageRequest(limit=page_request.limit),
            key=lambda environment: environment.name,
        )

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """Return one version of an environment's policy.

        Raises:
            NotFound: the environment or the policy version does not exist.
        """
        stored = self._state.policies.get((environment, version))
        if stored is None:
            raise NotFound("policy", f"{environment} version {version}")
        return stored

    async def target(self, service: str, environment: str) -> Target:
        """Return a target.

        Raises:
            NotFound: the service, the environment or the target does not exist.
        """
        await self.service(service)
        await self.environment(environment)
        target = self._state.target_settings.get((service, environment))
        if target is None:
            raise NotFound("target", f"{service} in {environment}")
        return target

    async def targets(self, service: str, page_request: PageRequest) -> Page[Target]:
        """Return a service's configured targets, sorted by environment name."""
        await self.service(service)
        stored = sorted(self._state.target_settings.items())
        targets = [target for (service_name, _), target in stored if service_name == service]
        return build_page(targets, page_request, key=lambda target: target.environment)


def _get_named(items: dict[str, T], name: str, kind: str) -> T:
    item = items.get(name)
    if item is None:
        raise NotFound(kind, name)
    return item


def _sorted_environments(
    environments: Iterable[Environment], *, archived: bool | None
) -> tuple[Environment, ...]:
    matching = (
        environment
        for environment in environments
        if _matches_archived(environment, archived=archived)
    )
    return tuple(sorted(matching, key=lambda environment: (environment.rank, environment.name)))


def _matches_archived(item: Service | Environment, *, archived: bool | None) -> bool:
    return archived is None or (item.archived_at is not None) is archived
