"""The services and environments that an import meets, each looked up once or made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.environment import RANKS, Environment
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import Unknown
from gatepost_domain.ports.unit_of_work import Work

TEAM: Final = "imported"
"""Who answers for services that an import makes known, until somebody says better."""
TIERS: Final = {str(tier): tier for tier in Tier}
"""The tier of an environment that an import makes known, by its name; else development."""


@dataclass(frozen=True, slots=True)
class Place:
    """An environment, as far as what is recorded there is concerned."""

    tier: Tier
    policy_version: int
    unreviewed: bool
    """Whether its policy would have asked for a review."""


class ImportCatalog:
    """What is known, and what was made on the way."""

    def __init__(self, work: Work, command: Command, *, create_missing: bool) -> None:
        self.services_made: list[str] = []
        self.environments_made: dict[str, Tier] = {}
        self._work = work
        self._command = command
        self._create_missing = create_missing
        self._services: dict[str, bool] = {}
        self._places: dict[str, Place | None] = {}

    def knows(self, service: str) -> bool:
        """Whether there is such a service now."""
        if service not in self._services:
            self._services[service] = self._look_for(service)
        return self._services[service]

    def place(self, environment: str) -> Place | None:
        """What there is to know of an environment; none if there is none so called."""
        if environment not in self._places:
            self._places[environment] = self._look_at(environment)
        return self._places[environment]

    def _look_for(self, service: str) -> bool:
        try:
            self._work.services.get(service)
        except Unknown:
            if self._create_missing:
                self._make_service(service)
            return self._create_missing
        return True

    def _look_at(self, environment: str) -> Place | None:
        try:
            found = self._work.environments.get(environment)
        except Unknown:
            return self._make_environment(environment) if self._create_missing else None
        policy = self._work.environments.policy(found.name, found.policy_version)
        return Place(found.tier, found.policy_version, bool(policy.approval_stages))

    def _make_service(self, name: str) -> None:
        self.services_made.append(name)
        self._work.imports.add_service(
            Service(
                name=name,
                team=TEAM,
                repo_url="",
                display_name=name,
                description=None,
                created_at=self._command.at,
                created_by=self._command.actor.name,
            )
        )

    def _make_environment(self, name: str) -> Place:
        tier = self.environments_made[name] = TIERS.get(name, Tier.DEVELOPMENT)
        policy = DEFAULT_POLICIES[tier]
        self._work.imports.add_environment(
            Environment(
                name=name,
                display_name=name,
                tier=tier,
                rank=RANKS[tier],
                policy_version=1,
                created_at=self._command.at,
                created_by=self._command.actor.name,
            ),
            policy,
        )
        return Place(tier, 1, bool(policy.approval_stages))
