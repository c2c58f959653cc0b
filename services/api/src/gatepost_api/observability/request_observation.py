"""Observation of a request, for its response headers, its log line and the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from litestar.types import HTTPScope, Message, Scope, Send

from gatepost_api.observability.request_ids import RequestIdentity

CLIENT_DISCONNECTED: Final = 499
"""The status in the log and the metrics if the client disconnected before the response started, as
in nginx."""

NO_OPERATION: Final = "none"
"""The operation in the log and the metrics if no route matches the path and method."""

_STATE_KEY: Final = "gatepost_observation"


class Observation:
    """The data about a request that is known by the end of its response."""

    def __init__(self, scope: HTTPScope, identity: RequestIdentity) -> None:
        self._scope = scope
        self.identity = identity
        self._operation: str | None = None
        self._actor: str | None = None
        self.status = CLIENT_DISCONNECTED
        self.headers: Sequence[tuple[bytes, bytes]] = ()
        """The headers of the response, as they are sent."""
        self.body = b""
        """The body of the response, if it has only one part."""
        scope.setdefault("state", {})[_STATE_KEY] = self

    @property
    def operation(self) -> str:
        """The name of the operation that answered, or `NO_OPERATION`."""
        if self._operation is not None:
            return self._operation
        if "route_handler" not in self._scope:  # no route was found, or the host was rejected
            return NO_OPERATION
        return str(self._scope["route_handler"].handler_name)

    @property
    def actor(self) -> str | None:
        """The name of the authenticated user, or None for an unauthenticated request."""
        if self._actor is not None:
            return self._actor
        caller = self._scope.get("auth")
        return None if caller is None else str(caller.user.name)

    def set_cached(self, operation: str, actor: str) -> None:
        """Set the values that the scope lacks if the request is answered from a cache."""
        self._operation, self._actor = operation, actor

    def wrap_send(self, send: Send) -> Send:
        """Wrap `send` to add the identifying headers to the response and store its status."""

        async def send_observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = [*message.get("headers", ()), *self.identity.headers]
                message["headers"] = self.headers
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                self.body = message.get("body", b"")
            await send(message)

        return send_observed


def observation_of(scope: Scope) -> Observation | None:
    """Return the observation of a request, or None if it is not observed."""
    found: Observation | None = scope["state"].get(_STATE_KEY)
    return found
