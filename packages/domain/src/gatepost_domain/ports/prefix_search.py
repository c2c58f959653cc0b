"""Reads for searching by the beginning of a text."""

from __future__ import annotations

from typing import Final, Protocol

from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment

MAX_REFERENCE_START: Final = 60
"""The maximum number of characters compared in a work reference."""


class SearchReads(Protocol):
    """Searches with limited results: exact matches come first, then the others in text order."""

    async def versions_by_name(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return the versions of any service whose names start with the given text."""
        ...

    async def versions_by_commit(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return the versions of any service whose commits start with the given text."""
        ...

    async def deployments_by_work_reference(
        self, start: str, *, limit: int
    ) -> tuple[Deployment, ...]:
        """Return the deployments whose first work reference starts with the given text.

        Among deployments with the same reference, the newest come first.
        """
        ...
