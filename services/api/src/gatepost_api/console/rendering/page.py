"""Pages: templates, what every page shows, and the headers that let a browser run only ours."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from gatepost_api.console.views import formatting, labels
from gatepost_api.http.request import ApiRequest
from gatepost_domain.deployments.deployment import number_text

HERE: Final = Path(__file__).parents[1]
STATIC: Final[Mapping[str, tuple[bytes, str]]] = {
    "style.css": (
        b"".join(file.read_bytes() for file in sorted((HERE / "static").glob("*.css"))),
        "text/css",
    ),
    "console.js": ((HERE / "static" / "console.js").read_bytes(), "text/javascript"),
    "mark.svg": ((HERE / "static" / "mark.svg").read_bytes(), "image/svg+xml"),
}
"""What the pages load, and nothing else."""
EDITION: Final = sha256(b"".join(content for content, _ in STATIC.values())).hexdigest()[:12]
"""Stands in the addresses of what pages load, so that a browser keeps it until we change it."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with no-referrer, forms would hide their origin from us
    "Vary": "Accept-Encoding, Cookie",
}
_SMALL: Final = 1000

NAVIGATION: Final = (
    ("/", "Overview"),
    ("/deployments", "Deployments"),
    ("/inbox", "Inbox"),
    ("/services", "Services"),
    ("/environments", "Environments"),
    ("/freezes", "Freezes"),
    ("/reports", "Reports"),
    ("/people", "People"),
)

JINJA: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_KNOWN: Final[Mapping[str, object]] = {
    "labels": labels,
    "edition": EDITION,
    "navigation": NAVIGATION,
    "number_text": number_text,
    "pairs": formatting.pairs,
}
_SAID: Final[Mapping[str, Callable[..., str]]] = {
    "ago": formatting.ago,
    "exact": formatting.exact,
    "lasting": formatting.lasting,
    "words": formatting.words,
    "enc": formatting.encoded,
}
for _names, _ours in ((JINJA.globals, _KNOWN), (JINJA.filters, _SAID)):
    cast("Any", _names).update(_ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why what a form asked for was not done; nothing has changed."""

    sentence: str
    status: int
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is wrong with which field."""


def page(
    request: ApiRequest,
    template: str,
    *,
    refused: Refused | None = None,
    status: int = HTTPStatus.OK,
    here: str | None = None,
    **shown: Any,  # noqa: ANN401  # whatever its template asks for
) -> Response[bytes]:
    """A page, as whoever asks for it sees it; `here` is where it is, where a form led elsewhere."""
    caller = request.scope.get("auth")
    html = JINJA.get_template(template).render(
        me=caller.actor if caller else None,
        at=request.context.now(),
        path=request.scope["path"],
        seq=request.state.get("seq"),
        said=labels.DONE.get(request.query_params.get("done", "")),
        refused=refused,
        here=None if here == request.scope["path"] else here,
        key=token_urlsafe(16),
        **shown,
    )
    return answer(request, html, status=refused.status if refused else status)


def answer(request: ApiRequest, html: str, *, status: int) -> Response[bytes]:
    """A page's text, smaller on its way where the browser can read that."""
    body, headers = html.encode(), dict(HEADERS)
    if len(body) > _SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)
