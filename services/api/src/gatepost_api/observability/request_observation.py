"""Observing a request: the id in its response, its line in the log, and the metrics."""

from __future__ import annotations

from typing import Final

from litestar.types import HTTPScope, Message, Scope, Send

from gatepost_api.observability.request_ids import RequestIdentity

CLIENT_DISCONNECTED: Final = 499
"""The status in the log and the metrics if the client disconnected before the response started, as
nginx calls it."""

NO_OPERATION: Final = "none"
"""The operation in the log and the metrics if the path or the method leads to none."""

_STATE_KEY: Final = "gatepost_observation"


class Observation:
    """What is known about a request when its response ends."""

    def __init__(self, scope: HTTPScope, identity: RequestIdentity) -> None:
        self._scope = scope
        self.identity = identity
        self._operation: str | None = None
        self._actor: str | None = None
        self.status = CLIENT_DISCONNECTED
        scope.setdefault("state", {})[_STATE_KEY] = self

    @property
    def operation(self) -> str:
        """The operation that answered."""
        if self._operation is not None:
            return self._operation
        if "route_handler" not in self._scope:  # no route was found, or the host was rejected
            return NO_OPERATION
        return str(self._scope["route_handler"].handler_name)

    @property
    def actor(self) -> str | None:
        """The name of the authenticated user, or None if nobody was authenticated."""
        if self._actor is not None:
            return self._actor
        caller = self._scope.get("auth")
        return None if caller is None else str(caller.user.name)

    def set_cached(self, operation: str, actor: str) -> None:
        """Set what is not known from the scope if a cached response is the answer."""
        self._operation, self._actor = operation, actor

    def observing(self, send: Send) -> Send:
        """Return `send` such that it adds the id of the request, and keeps the status."""

        async def send_observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                message["headers"] = [*message.get("headers", ()), *self.identity.headers]
            await send(message)

        return send_observed


def observation_of(scope: Scope) -> Observation | None:
    """Return the observation of a request, or None if it is not observed."""
    found: Observation | None = scope["state"].get(_STATE_KEY)
    return found
