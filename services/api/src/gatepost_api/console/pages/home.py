"""Overview page: current versions, recent deployments, freezes and pending reviews."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from gatepost_api.console.pages.inbox import load_inbox
from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.checklist import dismissal_cookie, load_checklist
from gatepost_api.console.views.matrix import build_matrix
from gatepost_api.http.request import ApiRequest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import is_active
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_WAITING_SHOWN: Final = 5

SearchText = Annotated[str, QueryParameter(max_length=200)]
TierName = Annotated[str, QueryParameter(max_length=20)]


class HomePages(Controller):
    """The overview page."""

    @get("/", include_in_schema=False)
    async def show_home(
        self, request: ApiRequest, q: SearchText = "", tier: TierName = ""
    ) -> Response[bytes]:
        """Show the overview; `q` and `tier` filter the matrix."""
        reads, now = request.context.reads, request.context.now()
        selected_tier = next((member for member in Tier if member == tier), None)
        waiting = (await load_inbox(request)).reviewable
        return render_page(
            request,
            "home.html",
            title="Overview",
            checklist=await load_checklist(request),
            matrix=await build_matrix(reads, now, q=q, tier=selected_tier),
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


async def load_active_freezes(request: ApiRequest) -> list[Freeze]:
    """Return the active freezes; those that block deployments come first."""
    now = request.context.now()

    def load_active(uow: UnitOfWork) -> list[Freeze]:
        active = [
            freeze for freeze in uow.freezes.list_current_and_future(now) if is_active(freeze, now)
        ]
        return sorted(active, key=lambda freeze: (freeze.effect != "deny", freeze.starts_at))

    return await request.context.reads.read_snapshot(load_active)
