"""Page that describes every API error code; it requires no session."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from litestar import MediaType, Response, get

from gatepost_api.console.rendering.page import JINJA, PAGE_HEADERS
from gatepost_api.http.status_phrases import status_phrase
from gatepost_api.problem_catalog.catalog import PROBLEMS, PROBLEMS_BY_SUBJECT
from gatepost_api.problem_catalog.problem_kind import PROBLEMS_PATH


@get(PROBLEMS_PATH, include_in_schema=False, media_type=MediaType.HTML)
async def show_problems() -> Response[str]:
    """Show the meaning of each problem code and what to do about it."""
    return Response(_render_problems(), media_type=MediaType.HTML, headers=PAGE_HEADERS)


@cache
def _render_problems() -> str:
    """Return the page; it is cached because it is the same for every request."""
    return JINJA.get_template("problems.html").render(
        subjects=PROBLEMS_BY_SUBJECT, count=len(PROBLEMS), status_text=_status_text
    )


def _status_text(status: int) -> str:
    """Return a status code followed by its HTTP reason phrase, if it has one."""
    return f"{status} {status_phrase(status)}" if status in set(HTTPStatus) else str(status)
