"""Responses whose JSON is already encoded, which skip the framework's serialisation."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from gatepost_api.http.context import AppContext
from gatepost_api.http.response_cache import RawHeaders

JSON: Final = "application/json"


class JsonResponse(Response[Any]):
    """A response with an encoded body.

    With `keep_for_s`, the body depends only on the URL and on what is stored, apart from changes
    that may show this many seconds later. It is then kept until the next commit.
    """

    __slots__ = ("keep_for_s",)

    def __init__(
        self,
        body: bytes,
        *,
        status_code: int | None = None,
        media_type: str = JSON,
        headers: Mapping[str, str] | None = None,
        keep_for_s: float | None = None,
    ) -> None:
        self.content = body
        self.status_code = status_code
        self.media_type = media_type
        self.headers = {} if headers is None else dict(headers)
        self.cookies = []
        self.background = None
        self.encoding = "utf-8"
        self.response_type_encoders = {}
        self.keep_for_s = keep_for_s

    def to_asgi_response(  # type: ignore[override]  # only the options that the framework passes
        self,
        app: None,  # noqa: ARG002  # deprecated by the framework
        request: Request[Any, Any, Any],
        *,
        status_code: int | None = None,
        **_: object,
    ) -> ASGIResponse:
        """Return the response as the framework sends it."""
        status = self.status_code or status_code or HTTPStatus.OK
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers.items()
        ]
        if status != HTTPStatus.NOT_MODIFIED:
            headers.append((b"content-type", str(self.media_type).encode("latin-1")))
            headers.append((b"content-length", b"%d" % len(self.content)))
        return _EncodedResponse(status, headers, self.content, request, self.keep_for_s)


class _EncodedResponse(ASGIResponse):
    """The status, headers and body of a response, ready to be sent."""

    __slots__ = ("_keep_for_s", "_raw_headers", "_request")

    def __init__(
        self,
        status: int,
        headers: RawHeaders,
        body: bytes,
        request: Request[Any, Any, Any],
        keep_for_s: float | None,
    ) -> None:
        self.status_code = status
        self.body = body
        self._raw_headers = headers
        self._request = request
        self._keep_for_s = keep_for_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the response, and keep it for later requests if it may be kept."""
        start: Any = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self._raw_headers,
        }
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": False})
        if self._keep_for_s is not None and self.status_code == HTTPStatus.OK:
            context: AppContext = self._request.app.state.context
            context.response_cache.store(
                scope,
                self._raw_headers,
                self.body,
                now=context.now(),
                keep_for_s=self._keep_for_s,
            )
