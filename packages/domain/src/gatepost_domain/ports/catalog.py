"""Repositories for services, environments and target settings."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.event import Event


class ServiceRepository(Protocol):
    """Services and their versions."""

    def get(self, name: str) -> Service:
        """Return a service; raises `NotFound` if there is none with that name."""
        ...

    def add(self, service: Service, event: Event) -> None:
        """Store a new service; raises `AlreadyExists` if the name is taken."""
        ...

    def save(self, service: Service, event: Event) -> None:
        """Store the next revision; raises `ConcurrentUpdate` if another was stored first."""
        ...

    def has_team(self, team: str) -> bool:
        """Return whether any service belongs to a team with that name."""
        ...

    def find_version(self, service: str, version: str) -> Version | None:
        """Return a version of a service, or None if there is none with that name."""
        ...

    def add_version(self, version: Version, event: Event) -> None:
        """Store a new version; raises `AlreadyExists` if the service has one with that name."""
        ...


class EnvironmentRepository(Protocol):
    """Environments and the versions of their policies."""

    def get(self, name: str) -> Environment:
        """Return an environment; raises `NotFound` if there is none with that name."""
        ...

    def list_active(self) -> tuple[Environment, ...]:
        """Return the active environments, ordered by rank, then by name."""
        ...

    def list_all(self) -> tuple[Environment, ...]:
        """Return all environments, including archived ones, ordered by rank, then by name."""
        ...

    def policy(self, name: str, version: int) -> Policy:
        """Return an environment's policy in this version, which must exist."""
        ...

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """Return one version of an environment's policy, with its author and time."""
        ...

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """Store a new environment; raises `AlreadyExists` if the name is taken."""
        ...

    def save(self, environment: Environment, event: Event) -> None:
        """Store the next revision; raises `ConcurrentUpdate` if another was stored first."""
        ...

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """Store a policy's next version; raises `ConcurrentUpdate` if another was stored first.

        This also increases the environment's revision.
        """
        ...


class TargetSettingsRepository(Protocol):
    """The settings of targets."""

    def find(self, service: str, environment: str) -> Target | None:
        """Return the target with its current settings, or None if it was never configured."""
        ...

    def get_version(
        self, service: str, environment: str, version: int, *, set_at: datetime
    ) -> Target:
        """Return the target with a version of its settings, which may be an earlier one.

        `set_at` is when this version was set. The version must exist.
        """
        ...

    def list_versions(
        self, service: str, environment: str, *, before: int | None = None, limit: int
    ) -> tuple[Target, ...]:
        """Return a target's settings versions, newest first; with `before`, only earlier ones."""
        ...

    def put(self, target: Target, event: Event) -> None:
        """Store the next revision; raises `ConcurrentUpdate` if another was stored first."""
        ...
