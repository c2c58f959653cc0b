"""The services and environments that an import meets, each looked up once or made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.environment import DEFAULT_RANKS, Environment
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork

IMPORTED_TEAM: Final = "imported"
"""Who answers for services that an import makes known, until somebody says better."""
TIERS_BY_NAME: Final = {str(tier): tier for tier in Tier}
"""The tier of an environment that an import makes known, by its name; else development."""


@dataclass(frozen=True, slots=True)
class ImportEnvironment:
    """An environment, as far as what is recorded there is concerned."""

    tier: Tier
    policy_version: int
    unreviewed: bool
    """Whether its policy would have asked for a review."""


class ImportCatalog:
    """What is known, and what was made on the way."""

    def __init__(self, uow: UnitOfWork, command: Command, *, create_missing: bool) -> None:
        self.created_services: list[str] = []
        self.created_environments: dict[str, Tier] = {}
        self._work = uow
        self._command = command
        self._create_missing = create_missing
        self._services: dict[str, bool] = {}
        self._environments: dict[str, ImportEnvironment | None] = {}

    def ensure_service(self, service: str) -> bool:
        """Whether there is such a service now."""
        if service not in self._services:
            self._services[service] = self._find_or_create_service(service)
        return self._services[service]

    def ensure_environment(self, environment: str) -> ImportEnvironment | None:
        """What there is to know of an environment; none if there is none so called."""
        if environment not in self._environments:
            self._environments[environment] = self._find_or_create_environment(environment)
        return self._environments[environment]

    def _find_or_create_service(self, service: str) -> bool:
        try:
            self._work.services.get(service)
        except NotFound:
            if self._create_missing:
                self._create_service(service)
            return self._create_missing
        return True

    def _find_or_create_environment(self, environment: str) -> ImportEnvironment | None:
        try:
            found = self._work.environments.get(environment)
        except NotFound:
            return self._create_environment(environment) if self._create_missing else None
        policy = self._work.environments.policy(found.name, found.policy_version)
        return ImportEnvironment(found.tier, found.policy_version, bool(policy.approval_stages))

    def _create_service(self, name: str) -> None:
        self.created_services.append(name)
        self._work.imports.add_service(
            Service(
                name=name,
                team=IMPORTED_TEAM,
                repo_url="",
                display_name=name,
                description=None,
                created_at=self._command.at,
                created_by=self._command.actor.name,
            )
        )

    def _create_environment(self, name: str) -> ImportEnvironment:
        tier = self.created_environments[name] = TIERS_BY_NAME.get(name, Tier.DEVELOPMENT)
        policy = DEFAULT_POLICIES[tier]
        self._work.imports.add_environment(
            Environment(
                name=name,
                display_name=name,
                tier=tier,
                rank=DEFAULT_RANKS[tier],
                policy_version=1,
                created_at=self._command.at,
                created_by=self._command.actor.name,
            ),
            policy,
        )
        return ImportEnvironment(tier, 1, bool(policy.approval_stages))
