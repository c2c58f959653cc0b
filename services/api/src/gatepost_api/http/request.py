"""The request as controllers see it: its caller, the application context and its JSON body."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State

from gatepost_api.http.app_context import AppContext
from gatepost_api.http.caller import Caller
from gatepost_api.http.json_body import decode_json_body
from gatepost_api.http.request_decompression import require_no_encoding
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.ports.unit_of_work import UnitOfWork


class ApiRequest(Request[None, Caller, State]):
    """A request to the API."""

    @property
    def context(self) -> AppContext:
        """The application context."""
        context: AppContext = self.app.state.context
        return context

    async def json(self) -> Any:  # noqa: ANN401  # the type that the handler declares
        """Decode the body as the type that the handler declares for `data`.

        An optional body can be absent but not `null`.
        """
        data_parameter = self.route_handler.parsed_fn_signature.parameters["data"]
        target_type = (
            data_parameter.args[0] if data_parameter.is_optional else data_parameter.annotation
        )
        headers = self.headers
        require_no_encoding(headers)
        content_type = headers.get("content-type", "")
        return decode_json_body(await self.body(), content_type, target_type)

    def command(
        self,
        uow: UnitOfWork,
        *,
        at: datetime | None = None,
        acting_for: str | None = None,
        acting_for_field: str = "actor",
        note: str | None = None,
    ) -> Command:
        """Return the caller's command at `at` (default: now), with the rights that `uow` contains.

        `acting_for` is the name of a user in this or an older release, from the field
        `acting_for_field` of the body.

        Raises:
            Unauthenticated: the token was revoked, or its user disabled, since the request arrived.
        """
        at = at or self.context.now()
        actor = authenticate(uow, self.auth.token.id, at)
        if acting_for is None:
            return Command(actor=actor, at=at, note=note)
        user = uow.users.find_by_recorded_name(acting_for)
        return Command(
            actor=actor,
            at=at,
            requested_name=acting_for,
            requested_user=user,
            requested_in=acting_for_field,
            note=note,
        )
