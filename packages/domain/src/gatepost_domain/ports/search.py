"""The reads of a search by the start of a text."""

from __future__ import annotations

from typing import Final, Protocol

from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment

MAX_REFERENCE_START: Final = 60
"""How many characters of a work reference are compared."""


class SearchReads(Protocol):
    """Bounded searches. Exact matches come first, then the later ones in the order of the text."""

    async def versions_by_name(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return the versions, of any service, with names that start with the given text."""
        ...

    async def versions_by_commit(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return the versions, of any service, with commits that start with the given text."""
        ...

    async def deployments_by_work_reference(
        self, start: str, *, limit: int
    ) -> tuple[Deployment, ...]:
        """Return the deployments whose first work reference starts with the given text.

        Of several deployments with the same reference, the newest come first.
        """
        ...
