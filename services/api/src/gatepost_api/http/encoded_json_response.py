"""Responses whose JSON is already encoded, so they skip the framework's serialization."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from gatepost_api.http.app_context import AppContext
from gatepost_api.http.response_cache import EncodedResponse

JSON: Final = "application/json"


class JsonResponse(Response[Any]):
    """A response with an encoded body, or 304 if `if_none_match` contains its ETag.

    Set `keep_for_s` if the body depends only on the URL, the stored data and the time, and changes
    over time may appear this many seconds late. The response is cached for this long, or until the
    next commit. Set `unchanged_until` if the ETag depends only on the current state until that
    instant.
    """

    __slots__ = ("if_none_match", "keep_for_s", "unchanged_until")

    def __init__(
        self,
        body: bytes,
        *,
        status_code: int | None = None,
        media_type: str = JSON,
        headers: Mapping[str, str] | None = None,
        if_none_match: str | None = None,
        keep_for_s: float | None = None,
        unchanged_until: datetime | None = None,
    ) -> None:
        self.content = body
        self.status_code = status_code
        self.media_type = media_type
        self.headers = {} if headers is None else dict(headers)
        self.cookies = []
        self.background = None
        self.encoding = "utf-8"
        self.response_type_encoders = {}
        self.if_none_match = if_none_match
        self.keep_for_s = keep_for_s
        self.unchanged_until = unchanged_until

    def to_asgi_response(  # type: ignore[override]  # only the options that the framework passes
        self,
        app: None,  # noqa: ARG002  # deprecated by the framework
        request: Request[Any, Any, Any],
        *,
        status_code: int | None = None,
        **_: object,
    ) -> ASGIResponse:
        """Return the response as the framework sends it."""
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers.items()
        ]
        media_type = str(self.media_type)
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        headers.append((b"content-type", f"{media_type}{charset}".encode("latin-1")))
        headers.append((b"content-length", b"%d" % len(self.content)))
        response = EncodedResponse(
            status=self.status_code or status_code or HTTPStatus.OK,
            headers=headers,
            body=self.content,
            etag=self.headers.get("ETag"),
        )
        return _JsonAsgiResponse(
            response,
            self.if_none_match,
            request,
            keep_for_s=self.keep_for_s,
            unchanged_until=self.unchanged_until,
        )


class _JsonAsgiResponse(ASGIResponse):
    """Sends an encoded response, and caches it for later requests if permitted."""

    __slots__ = ("_if_none_match", "_keep_for_s", "_request", "_response", "_unchanged_until")

    def __init__(
        self,
        response: EncodedResponse,
        if_none_match: str | None,
        request: Request[Any, Any, Any],
        *,
        keep_for_s: float | None,
        unchanged_until: datetime | None,
    ) -> None:
        self.status_code = response.status
        self.body = response.body
        self._response = response
        self._if_none_match = if_none_match
        self._request = request
        self._keep_for_s = keep_for_s
        self._unchanged_until = unchanged_until

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the response, and cache it if permitted."""
        await self._response.send(send, if_none_match=self._if_none_match)
        if self._keep_for_s is not None:
            context: AppContext = self._request.app.state.context
            context.response_cache.store(
                scope,
                self._response,
                now=context.now(),
                keep_for_s=self._keep_for_s,
                unchanged_until=self._unchanged_until,
            )
