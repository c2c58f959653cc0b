"""Queries for the services, environments, users and versions that forms offer as choices."""

from __future__ import annotations

from functools import partial
from typing import Final

from gatepost_api.http.pagination import fetch_all_pages
from gatepost_domain.access.users import User
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel

MAX_VERSION_CHOICES: Final = 200
"""The maximum number of versions offered in a select field."""


async def load_active_services(reads: ReadModel) -> list[Service]:
    """Return all services that are not archived, sorted by name."""
    return await fetch_all_pages(reads.services)


async def load_active_environments(reads: ReadModel) -> list[Environment]:
    """Return all environments that are not archived, in promotion order."""
    return await fetch_all_pages(reads.environments)


async def load_services_and_environments(
    reads: ReadModel,
) -> tuple[list[Service], list[Environment]]:
    """Return services by name and environments in promotion order, including archived ones."""
    return (
        await fetch_all_pages(partial(reads.services, archived=None)),
        await fetch_all_pages(partial(reads.environments, archived=None)),
    )


async def load_users(reads: ReadModel) -> list[User]:
    """Return all users, sorted by name."""
    return await fetch_all_pages(reads.users)


async def load_latest_versions(reads: ReadModel, service: str) -> tuple[Version, ...]:
    """Return the latest versions of a service, or no versions if the name is empty.

    Raises:
        NotFound: there is no service with this name.
    """
    if not service:
        return ()
    return (await reads.versions(service, PageRequest(limit=MAX_VERSION_CHOICES))).items
