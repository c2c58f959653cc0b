"""Overview page: current versions, recent deployments, freezes and pending reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from gatepost_api.console.forms.form import EMPTY_FORM, Form
from gatepost_api.console.pages.inbox import load_actionable_reviews
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.attention import MAX_SHOWN, count_concerns, load_attention
from gatepost_api.console.views.formatting import datetime_local_to_utc
from gatepost_api.console.views.matrix import build_matrix, build_past_matrix
from gatepost_api.console.views.overview_query import OverviewQuery, parse_overview_query
from gatepost_api.console.views.saved_overview_views import COOKIE, views_in_cookie
from gatepost_api.console.views.setup_checklist import dismissal_cookie, load_checklist
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.console.views.system_attention import load_system_concerns
from gatepost_api.deployments.filter_parameters import parse_instant
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.request import ApiRequest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import to_rfc3339
from gatepost_domain.freezes.evaluation import is_active
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.tracking import WEEK
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_WAITING_SHOWN: Final = 5

AtTime = Annotated[str, QueryParameter(max_length=40)]


class OverviewPages(Controller):
    """The routes of the overview page and of the setup checklist on it."""

    @get("/", include_in_schema=False)
    async def show_overview(self, request: ApiRequest, at: AtTime = "") -> Response[bytes]:
        """Show the overview for the filters in the query, or the versions at a past time."""
        query = parse_overview_query(request.query_params.multi_items())
        past = parse_instant(datetime_local_to_utc(at) or None, "at")
        if past is not None:
            return await _past_versions_page(request, past, query)
        return await overview_page(request, query)

    @post("/checklist/dismiss", include_in_schema=False)
    async def dismiss_checklist(self, request: ApiRequest) -> Response[Any]:
        """Hide the checklist in this browser."""
        cookie = dismissal_cookie(secure=request.scope["scheme"] == "https")
        return Redirect("/", status_code=303, cookies=[cookie])


async def overview_page(
    request: ApiRequest,
    query: OverviewQuery,
    *,
    error: PageError | None = None,
    form: Form = EMPTY_FORM,
) -> Response[bytes]:
    """Return the overview page; `form` is the submitted form for saving a view."""
    reads, now = request.context.reads, request.context.now()
    waiting = await load_actionable_reviews(request)
    matrix = await build_matrix(reads, now, query)
    attention = await load_attention(reads, now, matrix.failures.values(), matrix.outdated)
    stats = await reads.week_overview(at=now)
    return render_page(
        request,
        "overview.html",
        error=error,
        canonical_path=query.address if error else None,
        title="Overview",
        checklist=await load_checklist(request),
        matrix=matrix,
        system_concerns=await load_system_concerns(reads, now, request.auth.actor),
        attention=attention[:MAX_SHOWN],
        attention_count=len(attention),
        other_concerns=count_concerns(attention[MAX_SHOWN:]),
        stats=stats,
        status_details=await load_status_details(reads, stats.recent),
        deployed_this_week=f"/deployments?{urlencode(_filters_for_last_week(now))}",
        freezes=await load_active_freezes(request),
        waiting=waiting[:MAX_WAITING_SHOWN],
        waiting_count=len(waiting),
        tiers=tuple(Tier),
        query=query,
        views=views_in_cookie(request.cookies.get(COOKIE)),
        form=form,
    )


def _filters_for_last_week(now: datetime) -> dict[str, str]:
    """Return the list filters that select what the overview counts as deployed this week."""
    return {"deployed_since": to_rfc3339(now - WEEK), "deployed_until": to_rfc3339(now)}


async def _past_versions_page(
    request: ApiRequest, at: datetime, query: OverviewQuery
) -> Response[bytes]:
    building = build_past_matrix(request.context.reads, at, query)
    return render_page(
        request,
        "past_versions.html",
        title="Versions at a past time",
        matrix=await run_while_connected(request, building),
        query=query,
    )


async def load_active_freezes(request: ApiRequest) -> list[Freeze]:
    """Return the active freezes, with those that block deployments first."""
    now = request.context.now()

    def load_active(uow: UnitOfWork) -> list[Freeze]:
        active = [
            freeze for freeze in uow.freezes.list_current_and_future(now) if is_active(freeze, now)
        ]
        return sorted(active, key=lambda freeze: (freeze.effect != "deny", freeze.starts_at))

    return await request.context.reads.read_snapshot(load_active)
