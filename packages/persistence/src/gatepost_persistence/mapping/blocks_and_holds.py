"""Mapping between rows and version blocks or promotion holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.event import to_rfc3339
from gatepost_persistence.mapping.values import RowValues, parse_instant


def block_to_row(block: VersionBlock) -> RowValues:
    return {
        "service": block.service,
        "environment": block.environment,
        "version": block.version,
        "blocked_at": to_rfc3339(block.at),
        "blocked_by": block.by,
        "reason": block.reason,
        "deployment_id": str(block.deployment_id),
        "number": block.number,
    }


def block_from_row(row: Any) -> VersionBlock:
    return VersionBlock(
        service=row.service,
        environment=row.environment,
        version=row.version,
        at=parse_instant(row.blocked_at),
        by=row.blocked_by,
        reason=row.reason,
        deployment_id=UUID(row.deployment_id),
        number=row.number,
    )


def hold_to_row(hold: AutoPromotionHold) -> RowValues:
    return {
        "service": hold.service,
        "environment": hold.environment,
        "version": hold.version,
        "held_at": to_rfc3339(hold.at),
        "held_by": hold.by,
        "deployment_id": str(hold.deployment_id),
        "number": hold.number,
    }


def hold_from_row(row: Any) -> AutoPromotionHold:
    return AutoPromotionHold(
        service=row.service,
        environment=row.environment,
        version=row.version,
        at=parse_instant(row.held_at),
        by=row.held_by,
        deployment_id=UUID(row.deployment_id),
        number=row.number,
    )
