"""Reads of check runs through a repository."""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select

from gatepost_domain.check_runs.check_run import CheckRun
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.check_runs import check_run_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import CheckRunRepository
from gatepost_persistence.tables.check_runs import CheckRunRow


class SqlCheckRunReads(RepositoryReads):
    """Reads of check runs in SQL."""

    async def check_run(self, run: UUID) -> CheckRun:
        """Return the check run with this id.

        Raises:
            NotFound: there is no such check run.
        """
        async with self._sessions() as session:
            row = await CheckRunRepository(session).get_one_or_none(id=str(run))
        return check_run_from_row(require_row(row, "check_run", str(run)))

    async def check_runs(
        self, service: str, environment: str, page_request: PageRequest
    ) -> Page[CheckRun]:
        """Return a page of the check runs of a target, newest first."""
        after_condition = (
            () if page_request.after is None else (_requested_before(page_request.after),)
        )
        async with self._sessions() as session:
            rows = await CheckRunRepository(session).get_many(
                CheckRunRow.service == service,
                CheckRunRow.environment == environment,
                *after_condition,
                OrderBy("number", "desc"),
                limit_plus_one(page_request),
            )
        return build_page(rows, page_request, check_run_from_row, key=lambda run: str(run.id))


def _requested_before(run: str) -> ColumnElement[bool]:
    number = select(CheckRunRow.number).where(CheckRunRow.id == run)
    return CheckRunRow.number < number.scalar_subquery()
