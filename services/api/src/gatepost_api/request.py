"""A request as the controllers see it: who calls, what there is to work with, a strict body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import State

from gatepost_api.reading import read_body
from gatepost_api.security import Caller
from gatepost_domain.command import Command
from gatepost_domain.ports import Ledger, Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the controllers work with."""

    ledger: Ledger
    reads: Reads
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    storage_failure: Callable[[], Exception | None]
    """Why nothing more can be written; none while all is well."""


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

    def command(
        self, named: str | None, *, note: str | None = None, field: str = "actor"
    ) -> Command:
        """The caller's wish, or that of the person it speaks for, as of now."""
        actor = self.auth.acting_as(named, field=field)
        return Command(actor=actor, at=self.parts.now(), note=note)
