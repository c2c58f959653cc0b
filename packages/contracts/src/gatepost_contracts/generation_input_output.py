"""The input and the output of contract generation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gatepost_domain.catalog.environment import DEFAULT_RANKS
from gatepost_domain.catalog.service import validate_name
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEnvironment:
    """An environment that the service runs in."""

    name: str
    tier: Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractInput:
    """Everything that the contracts of a service depend on; names are DNS labels."""

    service: str
    display_name: str
    team: str
    repo_url: str
    description: str | None
    environments: tuple[ContractEnvironment, ...]
    """The environments of the service, in any order."""

    @property
    def environments_in_order(self) -> tuple[ContractEnvironment, ...]:
        """The environments in promotion order, sorted by name within a tier."""
        return tuple(
            sorted(
                self.environments,
                key=lambda environment: (DEFAULT_RANKS[environment.tier], environment.name),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFiles:
    """The generated files of a service."""

    template_version: str
    files: Mapping[str, str]
    """The text of each file by path, sorted by path. Paths are relative and use `/`."""

    @property
    def digests(self) -> Mapping[str, str]:
        """The SHA-256 digest of each file's UTF-8 text, in lowercase hexadecimal, by path."""
        return {path: _sha256(text) for path, text in self.files.items()}

    @property
    def digest(self) -> str:
        """The SHA-256 digest of the `sha256sum` output for all files, ordered by path."""
        return _sha256("".join(f"{digest}  {path}\n" for path, digest in self.digests.items()))


def validate_input(contract_input: ContractInput) -> None:
    """Check that contracts can be generated.

    Raises:
        ValidationFailed: a name is not a DNS label, an environment is listed twice, or a text is
            not Unicode.
    """
    validate_name(contract_input.service, field="service")
    for index, environment in enumerate(contract_input.environments):
        validate_name(environment.name, field=f"environments/{index}/name")
    if errors := (*_duplicate_environments(contract_input), *_unencodable_texts(contract_input)):
        raise ValidationFailed(*errors)


def _duplicate_environments(contract_input: ContractInput) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, environment in enumerate(contract_input.environments):
        if environment.name in seen:
            yield FieldError(
                field=f"environments/{index}/name",
                code="duplicate_environment",
                detail=f"There are two environments named {environment.name}.",
            )
        seen.add(environment.name)


def _unencodable_texts(contract_input: ContractInput) -> Iterator[FieldError]:
    texts = {
        "display_name": contract_input.display_name,
        "team": contract_input.team,
        "repo_url": contract_input.repo_url,
        "description": contract_input.description or "",
    }
    for field, text in texts.items():
        if any("\ud800" <= character <= "\udfff" for character in text):
            yield FieldError(
                field=field,
                code="not_unicode",
                detail=f"The {field} contains an unpaired surrogate, which UTF-8 cannot encode.",
            )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
