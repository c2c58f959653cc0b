"""What actions require of storage for services, environments and targets."""

from __future__ import annotations

from typing import Protocol

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.event import Event


class ServiceRepository(Protocol):
    """Services and their versions."""

    def get(self, name: str) -> Service:
        """Raises `NotFound` if no service is called so."""
        ...

    def add(self, service: Service, event: Event) -> None:
        """Raises `AlreadyExists` if the name is taken."""
        ...

    def save(self, service: Service, event: Event) -> None:
        """Keep a service's next revision; `ConcurrentUpdate` unless it follows the one that stands."""
        ...

    def version(self, service: str, version: str) -> Version | None:
        """The version of that service; none if it has none so called."""
        ...

    def add_version(self, version: Version, event: Event) -> None:
        """Raises `AlreadyExists` if the service has one so called."""
        ...


class EnvironmentRepository(Protocol):
    """Environments and the versions of their policies."""

    def get(self, name: str) -> Environment:
        """Raises `NotFound` if no environment is called so."""
        ...

    def list_active(self) -> tuple[Environment, ...]:
        """Those that are not archived, by rank, then by name."""
        ...

    def policy(self, name: str, version: int) -> Policy:
        """A policy as it stood in that version."""
        ...

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """The same, with who put it in force and when."""
        ...

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """Raises `AlreadyExists` if the name is taken."""
        ...

    def save(self, environment: Environment, event: Event) -> None:
        """Keep an environment's next revision; `ConcurrentUpdate` unless it follows what stands."""
        ...

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """Put the policy's next version in force; `ConcurrentUpdate` if it is not the next one.

        It is a change of the environment too, which gets its next revision by it.
        """
        ...


class TargetSettingsRepository(Protocol):
    """How services are rolled out to environments and checked there."""

    def find(self, service: str, environment: str) -> Target | None:
        """The target as it was last set up; none if it never was."""
        ...

    def put(self, target: Target, event: Event) -> None:
        """Keep a target's next revision; `ConcurrentUpdate` unless it follows the one that stands."""
        ...
