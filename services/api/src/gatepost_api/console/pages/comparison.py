"""Compare page: the versions that differ between two times, two environments, or both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.pages.environment_promotion_order import load_promotion_order
from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.environment_pairs import pairs_to_compare
from gatepost_api.console.views.formatting import datetime_local_to_utc
from gatepost_api.deployments.filter_parameters import parse_instant
from gatepost_api.http.csv_files import encode_csv
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.media_types import CSV
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.state_comparison import load_differences
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.event import to_rfc3339
from gatepost_domain.tracking.current_state import Cell, CurrentFilter
from gatepost_domain.tracking.state_comparison import (
    CellDifference,
    StateComparison,
    StateReference,
)

DEFAULT_SPAN: Final = timedelta(days=7)
"""If nothing is chosen, the current state is compared with the state this long ago."""
_CSV_COLUMNS: Final = ("version", "number", "environment", "deployed_at", "deployed_by")

MAX_ROWS: Final = 200
"""The maximum number of differences on the page. The CSV file contains all of them."""

FromEnvironment = Annotated[str, QueryParameter(max_length=63)]
Time = Annotated[str, QueryParameter(max_length=40)]
ServiceName = Annotated[str, QueryParameter(max_length=63)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonForm:
    """The values of the comparison form. Times are in UTC, and None means now."""

    from_environment: str
    from_at: datetime | None
    to_environment: str
    to_at: datetime | None
    service: str

    @property
    def query(self) -> str:
        """The query string of a link to this comparison."""
        values = {
            "from_environment": self.from_environment,
            "from_at": "" if self.from_at is None else to_rfc3339(self.from_at),
            "to_environment": self.to_environment,
            "to_at": "" if self.to_at is None else to_rfc3339(self.to_at),
            "service": self.service,
        }
        return urlencode({name: value for name, value in values.items() if value})

    def to_domain(self) -> StateComparison:
        """Return the comparison that the form describes."""
        return StateComparison.of(
            StateReference(environment=self.from_environment or None, at=self.from_at),
            StateReference(environment=self.to_environment or None, at=self.to_at),
        )


class ComparisonPages(Controller):
    """The routes of the compare page and its CSV file."""

    path = "/"

    @get("/compare", include_in_schema=False)
    async def show_comparison(
        self,
        request: ApiRequest,
        from_environment: FromEnvironment = "",
        from_at: Time = "",
        to_environment: FromEnvironment = "",
        to_at: Time = "",
        service: ServiceName = "",
    ) -> Response[bytes]:
        """Show the differences; if nothing is chosen, those between a week ago and now."""
        form = _read_form(request, from_environment, from_at, to_environment, to_at, service)
        comparison, differences = form.to_domain(), await _load(request, form)
        reads = request.context.reads
        environments = await load_active_environments(reads)
        arrows = (await load_promotion_order(request)).graph.arrows
        return render_page(
            request,
            "comparison.html",
            title="Compare versions",
            form=form,
            comparison=comparison,
            differences=differences[:MAX_ROWS],
            difference_count=len(differences),
            services=await load_active_services(reads),
            environments=environments,
            pairs=pairs_to_compare(environments, arrows),
        )

    @get("/compare.csv", include_in_schema=False)
    async def download_comparison(
        self,
        request: ApiRequest,
        from_environment: FromEnvironment = "",
        from_at: Time = "",
        to_environment: FromEnvironment = "",
        to_at: Time = "",
        service: ServiceName = "",
    ) -> Response[bytes]:
        """Return the differences as CSV."""
        form = _read_form(request, from_environment, from_at, to_environment, to_at, service)
        sides = [f"{side}_{column}" for side in ("from", "to") for column in _CSV_COLUMNS]
        rows = [["service", "difference", *sides]]
        rows += [
            [entry.service, entry.difference, *_csv_cells(entry.before), *_csv_cells(entry.after)]
            for entry in await _load(request, form)
        ]
        headers = {"Content-Disposition": 'attachment; filename="differences.csv"'}
        return Response(encode_csv(rows), media_type=CSV, headers=headers)


async def _load(request: ApiRequest, form: ComparisonForm) -> tuple[CellDifference, ...]:
    criteria = CurrentFilter(services=(form.service,) if form.service else ())
    loading = load_differences(request.context.reads, form.to_domain(), criteria)
    return await run_while_connected(request, loading)


def _read_form(
    request: ApiRequest,
    from_environment: str,
    from_at: str,
    to_environment: str,
    to_at: str,
    service: str,
) -> ComparisonForm:
    form = ComparisonForm(
        from_environment=from_environment,
        from_at=parse_instant(datetime_local_to_utc(from_at) or None, "from_at"),
        to_environment=to_environment,
        to_at=parse_instant(datetime_local_to_utc(to_at) or None, "to_at"),
        service=service,
    )
    if form.to_domain().before != form.to_domain().after:
        return form
    return ComparisonForm(
        from_environment=from_environment,
        from_at=(form.to_at or _to_the_minute(request.context.now())) - DEFAULT_SPAN,
        to_environment=to_environment,
        to_at=form.to_at,
        service=service,
    )


def _to_the_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _csv_cells(cell: Cell | None) -> list[str]:
    if cell is None:
        return [""] * len(_CSV_COLUMNS)
    return [
        cell.version,
        format_number(cell.number),
        cell.environment,
        to_rfc3339(cell.deployed_at),
        cell.deployed_by or "",
    ]
