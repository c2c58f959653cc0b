"""The part of the ledger in memory that keeps and reads the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Generic, Protocol, TypeAlias, TypeVar

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound
from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest

T = TypeVar("T")

TargetKey: TypeAlias = tuple[str, str]
"""A target by its service and its environment."""


class StoredState(Protocol):
    """What of a ledger's state is read and written here."""

    services: dict[str, Service]
    versions: dict[tuple[str, str], Version]
    environments: dict[str, Environment]
    policies: dict[tuple[str, int], PolicyVersion]
    target_settings: dict[TargetKey, Target]

    def append(self, event: Event) -> None:
        """Give an event the next place of the chain."""
        ...


K = TypeVar("K", bound=StoredState)


class MemoryServices:
    """See `ports.Services`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def get(self, name: str) -> Service:
        """See `ports.Services`."""
        return _get_named(self._state.services, name, "service")

    def add(self, service: Service, event: Event) -> None:
        """See `ports.Services`."""
        if service.name in self._state.services:
            raise AlreadyExists("service", service.name)
        self._state.services[service.name] = service
        self._state.append(event)

    def save(self, service: Service, event: Event) -> None:
        """See `ports.Services`."""
        found = self._state.services.get(service.name)
        if found is None or found.revision != service.revision - 1:
            raise ConcurrentUpdate("service", service.name)
        self._state.services[service.name] = service
        self._state.append(event)

    def version(self, service: str, version: str) -> Version | None:
        """See `ports.Services`."""
        return self._state.versions.get((service, version))

    def add_version(self, version: Version, event: Event) -> None:
        """See `ports.Services`."""
        key = (version.service, version.version)
        if key in self._state.versions:
            raise AlreadyExists("version", version.version)
        self._state.versions[key] = version
        self._state.append(event)


class MemoryEnvironments:
    """See `ports.Environments`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def get(self, name: str) -> Environment:
        """See `ports.Environments`."""
        return _get_named(self._state.environments, name, "environment")

    def list_active(self) -> tuple[Environment, ...]:
        """See `ports.Environments`."""
        return _sorted_environments(self._state.environments.values(), archived=False)

    def policy(self, name: str, version: int) -> Policy:
        """See `ports.Environments`."""
        return self.policy_version(name, version).policy

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """See `ports.Environments`."""
        return self._state.policies[name, version]

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """See `ports.Environments`."""
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
        """See `ports.Environments`."""
        found = self._state.environments.get(environment.name)
        if found is None or found.revision != environment.revision - 1:
            raise ConcurrentUpdate("environment", environment.name)
        self._state.environments[environment.name] = environment
        self._state.append(event)

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """See `ports.Environments`."""
        found = self._state.environments.get(changed.environment)
        if found is None or found.policy_version != changed.version - 1:
            raise ConcurrentUpdate("environment", changed.environment)
        self._state.environments[found.name] = replace(
            found, policy_version=changed.version, revision=found.revision + 1
        )
        self._store(changed, event)

    def _store(self, policy: PolicyVersion, event: Event) -> None:
        self._state.policies[policy.environment, policy.version] = policy
        self._state.append(event)


class MemoryTargetSettings:
    """See `ports.TargetSettings`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def find(self, service: str, environment: str) -> Target | None:
        """See `ports.TargetSettings`."""
        return self._state.target_settings.get((service, environment))

    def put(self, target: Target, event: Event) -> None:
        """See `ports.TargetSettings`."""
        found = self.find(target.service, target.environment)
        if target.revision != (0 if found is None else found.revision) + 1:
            raise ConcurrentUpdate("target", f"{target.service} in {target.environment}")
        self._state.target_settings[target.service, target.environment] = target
        self._state.append(event)


class MemoryCatalogReads(Generic[K]):
    """The reads of the catalog; see `ports.ReadModel`."""

    _state: K

    async def service(self, name: str) -> Service:
        """See `ports.ReadModel`."""
        return _get_named(self._state.services, name, "service")

    async def services(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Service]:
        """See `ports.ReadModel`."""
        found = [
            service
            for name, service in sorted(self._state.services.items())
            if _matches_archived(service, archived=archived)
            and (page_request.after is None or name > page_request.after)
        ]
        return build_page(
            found, PageRequest(limit=page_request.limit), key=lambda service: service.name
        )

    async def version(self, service: str, version: str) -> Version:
        """See `ports.ReadModel`."""
        await self.service(service)
        found = self._state.versions.get((service, version))
        if found is None:
            raise NotFound("version", f"{version} of {service}")
        return found

    async def versions(self, service: str, page_request: PageRequest) -> Page[Version]:
        """See `ports.ReadModel`."""
        await self.service(service)
        found = [each for each in self._state.versions.values() if each.service == service]
        return build_page(found[::-1], page_request, key=lambda version: version.version)

    async def environment(self, name: str) -> Environment:
        """See `ports.ReadModel`."""
        return _get_named(self._state.environments, name, "environment")

    async def environments(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Environment]:
        """See `ports.ReadModel`."""
        kept = self._state.environments
        behind = None if page_request.after is None else kept[page_request.after]
        found = [
            each
            for each in _sorted_environments(kept.values(), archived=archived)
            if behind is None or (each.rank, each.name) > (behind.rank, behind.name)
        ]
        return build_page(found, PageRequest(limit=page_request.limit), key=lambda each: each.name)

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """See `ports.ReadModel`."""
        found = self._state.policies.get((environment, version))
        if found is None:
            raise NotFound("policy", f"{environment} version {version}")
        return found

    async def target(self, service: str, environment: str) -> Target:
        """See `ports.ReadModel`."""
        await self.service(service)
        await self.environment(environment)
        found = self._state.target_settings.get((service, environment))
        if found is None:
            raise NotFound("target", f"{service} in {environment}")
        return found

    async def targets(self, service: str, page_request: PageRequest) -> Page[Target]:
        """See `ports.ReadModel`."""
        await self.service(service)
        kept = sorted(self._state.target_settings.items())
        found = [target for (of, _), target in kept if of == service]
        return build_page(found, page_request, key=lambda target: target.environment)


def build_page(found: list[T], page_request: PageRequest, *, key: Callable[[T], str]) -> Page[T]:
    """The wanted part of a whole list."""
    keys = [key(each) for each in found]
    begin = 0 if page_request.after is None else keys.index(page_request.after) + 1
    end = begin + page_request.limit
    return Page(
        items=tuple(found[begin:end]),
        next_key=keys[end - 1] if end < len(found) else None,
    )


def _get_named(things: dict[str, T], name: str, kind: str) -> T:
    found = things.get(name)
    if found is None:
        raise NotFound(kind, name)
    return found


def _sorted_environments(
    environments: Iterable[Environment], *, archived: bool | None
) -> tuple[Environment, ...]:
    found = (each for each in environments if _matches_archived(each, archived=archived))
    return tuple(sorted(found, key=lambda each: (each.rank, each.name)))


def _matches_archived(each: Service | Environment, *, archived: bool | None) -> bool:
    return archived is None or (each.archived_at is not None) is archived
