"""Page that describes every API error code; it requires no session."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Annotated

from litestar import MediaType, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import JINJA, PAGE_HEADERS
from gatepost_api.http.status_phrases import status_phrase
from gatepost_api.problem_catalog.problem_kind import PROBLEMS_PATH, ProblemKind
from gatepost_api.problem_catalog.problem_lookup import PROBLEMS, PROBLEMS_BY_SUBJECT

Query = Annotated[str, QueryParameter(max_length=100)]


@get(PROBLEMS_PATH, include_in_schema=False, media_type=MediaType.HTML)
async def show_problems(q: Query = "") -> Response[str]:
    """Show all problem codes, or those that match the query, with their meanings and remedies."""
    text = q.strip()
    html = _render_problems(text) if text else _render_all_problems()
    return Response(html, media_type=MediaType.HTML, headers=PAGE_HEADERS)


@cache
def _render_all_problems() -> str:
    """Return the page of all codes; it is cached because it is the same for every request."""
    return _render_problems("")


def _render_problems(text: str) -> str:
    words = text.casefold().split()
    found = {
        subject: matching
        for subject, problems in PROBLEMS_BY_SUBJECT.items()
        if (matching := [problem for problem in problems if _matches(problem, words)])
    }
    return JINJA.get_template("problems.html").render(
        q=text,
        subjects=found,
        found=sum(map(len, found.values())),
        count=len(PROBLEMS),
        status_text=_status_text,
    )


def _matches(problem: ProblemKind, words: Iterable[str]) -> bool:
    """Return whether each word occurs in the code, the statuses or the texts of a problem."""
    statuses = " ".join(map(_status_text, problem.statuses))
    texts = (problem.code, statuses, problem.title, problem.meaning, problem.remedy)
    content = " ".join(texts).casefold().replace("`", "")
    return all(word in content for word in words)


def _status_text(status: int) -> str:
    """Return a status code followed by its HTTP reason phrase, if it has one."""
    return f"{status} {status_phrase(status)}" if status in set(HTTPStatus) else str(status)
