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
"""A DNS label (RFC 1123 §2.1), the format for names of services, environments and approval
stages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A deployable component and the team that owns it."""

    name: str
    team: str
    repo_url: str
    display_name: str
    description: str | None
    created_at: datetime
    created_by: str
    revision: int = 1
    """Starts at 1 and increases with every change."""
    archived_at: datetime | None = None
    """When it was archived; an archived service accepts no versions or requests. None while
    it is active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChange:
    """A change to a service. Fields that are None stay unchanged."""

    team: str | None = None
    repo_url: str | None = None
    display_name: str | None = None
    description: str | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An identified, immutable build of one service."""

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
    """The template version of a service's contracts, and a single digest of all their files."""

    template_version: str
    digest: str


DigestContracts: TypeAlias = Callable[[Service, tuple[Environment, ...]], ContractsDigest]
"""A function that returns the digest of a service's contracts, which is recorded in events."""


def validate_name(name: str, *, field: str = "name") -> None:
    """Refuse a name that is not a DNS label.

    Raises:
        ValidationFailed: the name is empty, is too long, or contains other characters.
    """
    if not re.fullmatch(NAME_PATTERN.strip("^$"), name):
        raise ValidationFailed(
            FieldError(
                field=field,
                code="bad_name",
                detail=f"{name!r} is not a valid name: use 1 to 63 lowercase letters, digits or "
                "hyphens, starting and ending with a letter or digit.",
            )
        )
