"""Search page and help pages: the keyboard shortcuts and the terms."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import navigation_of, render_page
from gatepost_api.console.views import labels
from gatepost_api.console.views.help_terms import TERMS
from gatepost_api.console.views.keyboard_shortcuts import KEY_GROUPS
from gatepost_api.console.views.search import search
from gatepost_api.http.request import ApiRequest
from gatepost_domain.reports.metric_definitions import DEFINITIONS

Query = Annotated[str, QueryParameter(max_length=200)]


class SearchPages(Controller):
    """The routes of the search page and the help pages."""

    path = "/"

    @get("/search", include_in_schema=False)
    async def show_search(self, request: ApiRequest, q: Query = "") -> Response[bytes]:
        """Show the search results, grouped by kind."""
        text = q.strip()
        groups = await search(request, text, navigation_of(request.auth))
        title = f"Search: {text}" if text else "Search"
        return render_page(request, "search.html", title=title, q=text, groups=groups)

    @get("/help/keys", include_in_schema=False)
    async def show_keyboard_shortcuts(self, request: ApiRequest) -> Response[bytes]:
        """Show the console's keyboard shortcuts."""
        return render_page(request, "keys.html", title="Keyboard shortcuts", key_groups=KEY_GROUPS)

    @get("/help/terms", include_in_schema=False)
    async def show_glossary(self, request: ApiRequest) -> Response[bytes]:
        """Explain the terms that the console uses."""
        return render_page(
            request,
            "terms.html",
            title="Terms",
            groups=TERMS,
            metrics=labels.FIGURE,
            definitions=DEFINITIONS,
        )
