"""A request as the controllers see it: who calls, what there is to work with, a strict body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import State

from gatepost_api.http.caller import Caller
from gatepost_api.http.context import Parts
from gatepost_api.http.json_body import read_body
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.users import authenticate
from gatepost_domain.ports.unit_of_work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a request wants done, before it is known who may still want it."""

    token: UUID
    at: datetime
    named: str | None
    note: str | None

    def command(self, work: Work) -> Command:
        """The wish as a command of whoever holds the token inside this transaction.

        Raises:
            Unauthenticated: the token was revoked, or its holder disabled, meanwhile.
        """
        actor = authenticate(work, self.token, self.at)
        return Command(actor=actor, at=self.at, named=self.named, note=self.note)


class ApiRequest(Request[None, Caller, State]):
    """A request to the API."""

    @property
    def parts(self) -> Parts:
        """What the controllers work with."""
        parts: Parts = self.app.state.parts
        return parts

    async def json(self) -> Any:  # noqa: ANN401  # whatever the handler declares
        """The body, read strictly as the shape that the handler declares for it.

        Where that is optional, the body may be absent; what is there is no null.
        """
        declared = self.route_handler.parsed_fn_signature.parameters["data"]
        shape = declared.args[0] if declared.is_optional else declared.annotation
        return read_body(await self.body(), self.headers.get("content-type", ""), shape)

    def wish(self, named: str | None = None, *, note: str | None = None) -> Wish:
        """The caller's wish as of now, in the name of whom the request names as acting."""
        return Wish(token=self.auth.token.id, at=self.parts.now(), named=named, note=note)
