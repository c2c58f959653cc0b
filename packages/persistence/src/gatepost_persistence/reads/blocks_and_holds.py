"""Reads of version blocks and promotion holds through repositories."""

from __future__ import annotations

from advanced_alchemy.filters import OrderBy

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_persistence.mapping.blocks_and_holds import block_from_row, hold_from_row
from gatepost_persistence.reads.repository_base import RepositoryReads
from gatepost_persistence.reads.table_repositories import HoldRepository, VersionBlockRepository


class SqlRestrictionReads(RepositoryReads):
    """Reads of version blocks and promotion holds in SQL."""

    async def restrictions(
        self, service: str
    ) -> tuple[tuple[VersionBlock, ...], tuple[AutoPromotionHold, ...]]:
        """Return the blocks and holds of a service, sorted by environment and version."""
        async with self._sessions() as session:
            blocks = await VersionBlockRepository(session).get_many(
                OrderBy("environment", "asc"), OrderBy("version", "asc"), service=service
            )
            holds = await HoldRepository(session).get_many(
                OrderBy("environment", "asc"), service=service
            )
        return tuple(map(block_from_row, blocks)), tuple(map(hold_from_row, holds))
