"""Repository of version blocks and promotion holds, inside a transaction."""

from __future__ import annotations

from functools import partial

from sqlalchemy import ColumnElement, Connection, bindparam, select

from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.event import Event
from gatepost_persistence.mapping.blocks_and_holds import (
    block_from_row,
    block_to_row,
    hold_from_row,
    hold_to_row,
)
from gatepost_persistence.mapping.recorded_tables import HOLDS, VERSION_BLOCKS
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.blocks_and_holds import HoldRow, VersionBlockRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import HoldRepository, VersionBlockRepository

_blocks = VersionBlockRow.table()
_holds = HoldRow.table()

_BLOCKS_IN_LANE = (
    _blocks.c.service == bindparam("in_service"),
    _blocks.c.environment == bindparam("in_environment"),
)
_BLOCK_OF_VERSION = (*_BLOCKS_IN_LANE, _blocks.c.version == bindparam("of_version"))
_HOLD_ON_LANE = (
    _holds.c.service == bindparam("in_service"),
    _holds.c.environment == bindparam("in_environment"),
)
BLOCK_BY_VERSION = PreparedStatement(select(_blocks).where(*_BLOCK_OF_VERSION))
BLOCKED_VERSIONS = PreparedStatement(select(_blocks.c.version).where(*_BLOCKS_IN_LANE))
HOLD_BY_LANE = PreparedStatement(select(_holds).where(*_HOLD_ON_LANE))


class SqlRestrictions:
    """The SQL repository for version blocks and promotion holds."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._lookups = lookups
        self._events = events

    def find_block(self, service: str, environment: str, version: str) -> VersionBlock | None:
        """Return the block of a version in a lane, or None."""
        load = partial(self._load_block, service, environment, version)
        return self._lookups.find((VersionBlock, service, environment, version), load)

    def list_blocked_versions(self, service: str, environment: str) -> frozenset[str]:
        """Return the versions that are blocked in a lane."""
        lane = {"in_service": service, "in_environment": environment}
        return frozenset(BLOCKED_VERSIONS.scalars(self._connection, lane))

    def put_block(self, block: VersionBlock, event: Event) -> None:
        """Block a version in a lane; this replaces an earlier block."""
        values = block_to_row(block)
        self._session.delete(VersionBlockRepository, *_is_block(block))
        self._session.add(VersionBlockRepository, VersionBlockRow(**values))
        self._events.append(event, VERSION_BLOCKS.item_for_new_row(values))

    def remove_block(self, block: VersionBlock, event: Event) -> None:
        """Remove the block of a version; `event` records this."""
        state = VERSION_BLOCKS.items_before_removal(self._connection, block_to_row(block))
        self._session.delete(VersionBlockRepository, *_is_block(block))
        self._events.append(event, *state)

    def find_hold(self, service: str, environment: str) -> AutoPromotionHold | None:
        """Return the promotion hold of a lane, or None."""
        lane = {"in_service": service, "in_environment": environment}
        row = HOLD_BY_LANE.one_or_none(self._connection, lane)
        return None if row is None else hold_from_row(row)

    def put_hold(self, hold: AutoPromotionHold, event: Event) -> None:
        """Hold automatic promotion to a lane; this replaces an earlier hold."""
        values = hold_to_row(hold)
        self._session.delete(HoldRepository, *_is_hold(hold))
        self._session.add(HoldRepository, HoldRow(**values))
        self._events.append(event, HOLDS.item_for_new_row(values))

    def remove_hold(self, hold: AutoPromotionHold, event: Event) -> None:
        """Remove the promotion hold of a lane; `event` records this."""
        state = HOLDS.items_before_removal(self._connection, hold_to_row(hold))
        self._session.delete(HoldRepository, *_is_hold(hold))
        self._events.append(event, *state)

    def _load_block(self, service: str, environment: str, version: str) -> VersionBlock | None:
        key = {"in_service": service, "in_environment": environment, "of_version": version}
        row = BLOCK_BY_VERSION.one_or_none(self._connection, key)
        return None if row is None else block_from_row(row)


def _is_block(block: VersionBlock) -> tuple[ColumnElement[bool], ...]:
    return (
        VersionBlockRow.service == block.service,
        VersionBlockRow.environment == block.environment,
        VersionBlockRow.version == block.version,
    )


def _is_hold(hold: AutoPromotionHold) -> tuple[ColumnElement[bool], ...]:
    return HoldRow.service == hold.service, HoldRow.environment == hold.environment
