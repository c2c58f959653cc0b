"""Overview page: current versions, recent deployments, freezes and pending reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from gatepost_api.console.pages.inbox import load_inbox
from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.attention import MAX_SHOWN, load_attention
from gatepost_api.console.views.checklist import dismissal_cookie, load_checklist
from gatepost_api.console.views.formatting import datetime_local_to_utc
from gatepost_api.console.views.matrix import build_matrix, build_past_matrix
from gatepost_api.deployments.queries import parse_instant
from gatepost_api.http.disconnects import run_while_connected
from gatepost_api.http.request import ApiRequest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import is_active
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_WAITING_SHOWN: Final = 5

SearchText = Annotated[str, QueryParameter(max_length=200)]
TierName = Annotated[str, QueryParameter(max_length=20)]
AtTime = Annotated[str, QueryParameter(max_length=40)]


class HomePages(Controller):
    """The overview page."""

    @get("/", include_in_schema=False)
    async def show_home(
        self,
        request: ApiRequest,
        q: SearchText = "",
        tier: TierName = "",
        at: AtTime = "",
        empty: TierName = "",
    ) -> Response[bytes]:
        """Show the overview, or the versions at a past time.

        `q` and `tier` filter the matrix; `empty=show` also shows environments without a version.
        """
        reads, now = request.context.reads, request.context.now()
        selected_tier = next((member for member in Tier if member == tier), None)
        past = parse_instant(datetime_local_to_utc(at) or None, "at")
        if past is not None:
            return await _past_versions_page(request, past, q=q, tier=selected_tier)
        waiting = (await load_inbox(request)).reviewable
        matrix = await build_matrix(reads, now, q=q, tier=selected_tier, with_empty=empty == "show")
        attention = await load_attention(reads, now, matrix.failures.values())
        return render_page(
            request,
            "home.html",
            title="Overview",
            checklist=await load_checklist(request),
            matrix=matrix,
            attention=attention[:MAX_SHOWN],
            attention_count=len(attention),
            stats=await reads.week_overview(at=now),
            freezes=await load_active_freezes(request),
            waiting=waiting[:MAX_WAITING_SHOWN],
            waiting_count=len(waiting),
            tiers=tuple(Tier),
            q=q,
            tier=selected_tier,
        )

    @post("/checklist/dismiss", include_in_schema=False)
    async def dismiss_checklist(self, request: ApiRequest) -> Response[Any]:
        """Show the checklist no more in this browser."""
        cookie = dismissal_cookie(secure=request.scope["scheme"] == "https")
        return Redirect("/", status_code=303, cookies=[cookie])


async def _past_versions_page(
    request: ApiRequest, at: datetime, *, q: str, tier: Tier | None
) -> Response[bytes]:
    building = build_past_matrix(request.context.reads, at, q=q, tier=tier)
    return render_page(
        request,
        "past_versions.html",
        title="Versions at a past time",
        matrix=await run_while_connected(request, building),
        tiers=tuple(Tier),
        q=q,
        tier=tier,
    )


async def load_active_freezes(request: ApiRequest) -> list[Freeze]:
    """Return the active freezes; those that block deployments come first."""
    now = request.context.now()

    def load_active(uow: UnitOfWork) -> list[Freeze]:
        active = [
            freeze for freeze in uow.freezes.list_current_and_future(now) if is_active(freeze, now)
        ]
        return sorted(active, key=lambda freeze: (freeze.effect != "deny", freeze.starts_at))

    return await request.context.reads.read_snapshot(load_active)
