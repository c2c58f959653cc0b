"""A streaming response that closes its generator as soon as the client disconnects."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from anyio import CancelScope
from litestar.response import Stream
from litestar.types import ASGIApp, Receive, Scope, Send


class ClosingStream(Stream):
    """A stream whose generator is closed at its end, or when the client disconnects.

    Otherwise, the generator would hold its resources until it is garbage-collected.
    """

    def __init__(self, content: AsyncGenerator[bytes], **options: Any) -> None:  # noqa: ANN401  # of `Stream`
        super().__init__(content, **options)
        self._generator = content

    def to_asgi_response(self, *args: Any, **options: Any) -> ASGIApp:  # type: ignore[override]  # noqa: ANN401  # of `Stream`
        """Return the response as an application."""
        response = super().to_asgi_response(*args, **options)

        async def respond(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await response(scope, receive, send)
            finally:
                with CancelScope(shield=True):
                    await self._generator.aclose()

        return respond
