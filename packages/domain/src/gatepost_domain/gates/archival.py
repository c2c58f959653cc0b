"""Refusing approvals and starts in archived services and environments."""

from __future__ import annotations

from gatepost_domain.errors import ResourceArchived
from gatepost_domain.ports.unit_of_work import UnitOfWork


def find_archival_refusal(
    uow: UnitOfWork, service: str, environment: str
) -> ResourceArchived | None:
    """Return the refusal for an archived service or environment, or None if neither is archived."""
    for kind, resource in (
        ("service", uow.services.get(service)),
        ("environment", uow.environments.get(environment)),
    ):
        if resource.archived_at is not None:
            return ResourceArchived(kind, resource.name)
    return None


def require_not_archived(uow: UnitOfWork, service: str, environment: str) -> None:
    """Refuse an archived service or environment.

    Raises:
        ResourceArchived: the service or environment is archived.
    """
    if (refusal := find_archival_refusal(uow, service, environment)) is not None:
        raise refusal
