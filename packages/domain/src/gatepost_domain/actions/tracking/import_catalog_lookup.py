"""The services and environments named in an import, each looked up once or created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.environment import DEFAULT_RANKS, Environment
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork

IMPORTED_TEAM: Final = "imported"
"""The team of services that an import creates, until it is changed."""
TIERS_BY_NAME: Final[Mapping[str, Tier]] = {str(tier): tier for tier in Tier}
"""Maps environment names that imply a tier to that tier. For other environments, an import
needs the tier as a parameter."""
NO_TIERS: Final[Mapping[str, Tier]] = {}


def tier_required_message(environment: str) -> str:
    """Return the message for a missing environment whose name does not imply its tier."""
    return (
        f"environment {environment} does not exist; to create it, give its tier, "
        f"as in tier.{environment}=production."
    )


@dataclass(frozen=True, slots=True)
class ImportEnvironment:
    """The properties of an environment that imported rows depend on."""

    tier: Tier
    policy_version: int
    records_are_unreviewed: bool
    """Whether records in the environment count as unreviewed: its policy requires approval."""


class ImportCatalog:
    """The services and environments in an import, and which of them it created."""

    def __init__(
        self,
        uow: UnitOfWork,
        command: Command,
        *,
        create_missing: bool,
        tiers: Mapping[str, Tier] = NO_TIERS,
    ) -> None:
        self.created_services: list[str] = []
        self.created_environments: dict[str, Tier] = {}
        self._uow = uow
        self._command = command
        self._create_missing = create_missing
        self._tiers = tiers
        self._services: dict[str, bool] = {}
        self._environments: dict[str, ImportEnvironment | None] = {}

    def ensure_service(self, service: str) -> bool:
        """Return whether the service exists, creating a missing one if that is allowed."""
        if service not in self._services:
            self._services[service] = self._find_or_create_service(service)
        return self._services[service]

    def ensure_environment(self, environment: str) -> ImportEnvironment | None:
        """Return the environment, creating it if allowed, or None if it does not exist.

        A missing environment is created only if its tier is given or implied by its name.
        """
        if environment not in self._environments:
            self._environments[environment] = self._find_or_create_environment(environment)
        return self._environments[environment]

    def tier_errors(self) -> Iterator[FieldError]:
        """Yield an error for each given tier that is unused or differs from its environment's."""
        for name, tier in self._tiers.items():
            environment = self._environments.get(name)
            if environment is None and self._create_missing:
                reason = f"No row names environment {name}; leave its tier out."
                yield _tier_error(name, "tier_unused", reason)
            elif environment is None:
                reason = "A tier can be given only with create_missing=true."
                yield _tier_error(name, "tier_unused", reason)
            elif environment.tier is not tier:
                reason = f"Environment {name} already has the tier {environment.tier}, not {tier}."
                yield _tier_error(name, "tier_differs", reason)

    def _find_or_create_service(self, service: str) -> bool:
        try:
            self._uow.services.get(service)
        except NotFound:
            if self._create_missing:
                self._create_service(service)
            return self._create_missing
        return True

    def _find_or_create_environment(self, environment: str) -> ImportEnvironment | None:
        try:
            existing = self._uow.environments.get(environment)
        except NotFound:
            tier = self._tiers.get(environment, TIERS_BY_NAME.get(environment))
            if tier is None or not self._create_missing:
                return None
            return self._create_environment(environment, tier)
        version = existing.policy_version
        policy = self._uow.environments.policy(existing.name, version)
        return ImportEnvironment(existing.tier, version, bool(policy.approval_stages))

    def _create_service(self, name: str) -> None:
        self.created_services.append(name)
        self._uow.imports.add_service(
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

    def _create_environment(self, name: str, tier: Tier) -> ImportEnvironment:
        self.created_environments[name] = tier
        policy = DEFAULT_POLICIES[tier]
        self._uow.imports.add_environment(
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


def _tier_error(environment: str, code: str, reason: str) -> FieldError:
    return FieldError(field=f"query/tier.{environment}", code=code, detail=reason)
