"""A request as controllers see it: its caller, the application context and a strictly read body."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State

from gatepost_api.http.caller import Caller
from gatepost_api.http.context import AppContext
from gatepost_api.http.json_body import decode_json_body
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.ports.unit_of_work import UnitOfWork


class ApiRequest(Request[None, Caller, State]):
    """A request to the API."""

    @property
    def context(self) -> AppContext:
        """What the controllers work with."""
        context: AppContext = self.app.state.context
        return context

    async def json(self) -> Any:  # noqa: ANN401  # the type that the handler declares
        """The body, read strictly as the type that the handler declares for `data`.

        An optional body may be absent; a body that is present is never `null`.
        """
        declared = self.route_handler.parsed_fn_signature.parameters["data"]
        shape = declared.args[0] if declared.is_optional else declared.annotation
        return decode_json_body(await self.body(), self.headers.get("content-type", ""), shape)

    def command(
        self,
        uow: UnitOfWork,
        *,
        at: datetime | None = None,
        acting_for: str | None = None,
        note: str | None = None,
    ) -> Command:
        """The caller's command at `at` (default: now), with the rights they have in `work`.

        Raises:
            Unauthenticated: the token was revoked, or its holder disabled, since the request came.
        """
        at = at or self.context.now()
        actor = authenticate(uow, self.auth.token.id, at)
        return Command(actor=actor, at=at, requested_name=acting_for, note=note)
