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
        """Return versions of any service whose names start with a text."""
        ...

    async def versions_by_commit(self, start: str, *, limit: int) -> tuple[Version, ...]:
        """Return versions of any service whose commits start with a text."""
        ...

    async def deployments_by_work_reference(
        self, start: str, *, limit: int
    ) -> tuple[Deployment, ...]:
        """Return deployments whose first work reference starts with a text.

        Of several deployments with the same reference, the newest come first.
        """
        ...
