"""Services and their versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from gatepost_domain.catalog.environment import Environment
from gatepost_domain.errors import FieldError, ValidationFailed

NAME_PATTERN: Final = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
"""A DNS label (RFC 1123 §2.1): what services, environments and approval stages are called by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that is deployed, with the team that answers for it."""

    name: str
    team: str
    repo_url: str
    display_name: str
    description: str | None
    created_at: datetime
    created_by: str
    revision: int = 1
    """Counts its changes from 1."""
    archived_at: datetime | None = None
    """From when on it takes no new version and no new request; none while it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChange:
    """What is to be different about a service; what is none stays as it is."""

    team: str | None = None
    repo_url: str | None = None
    display_name: str | None = None
    description: str | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An identified build of one service; an opaque string, and immutable."""

    service: str
    version: str
    commit_sha: str | None
    committed_at: datetime | None
    artifact_digest: str | None
    notes: str | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractsDigest:
    """Which contracts are generated for a service: by which templates, and one digest for all."""

    template_version: str
    digest: str


DigestContracts: TypeAlias = Callable[[Service, tuple[Environment, ...]], ContractsDigest]
"""What generates contracts tells which they are; the rules only put it on record."""


def validate_name(name: str, *, field: str = "name") -> None:
    """Refuse a name that is no DNS label.

    Raises:
        Invalid: it is empty, too long, or has other characters.
    """
    if not re.fullmatch(NAME_PATTERN.strip("^$"), name):
        raise ValidationFailed(
            FieldError(
                field=field,
                code="bad_name",
                detail=f"{name!r} is no DNS label: up to 63 of a-z, 0-9 and -, "
                "beginning and ending with a letter or digit.",
            )
        )
