"""Handing an action to the ledger and answering once it is durable, at most once for each key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, Final, Protocol, TypeVar

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter

from gatepost_api.http.request import ApiRequest, Wish
from gatepost_api.schemas.base import END, Output
from gatepost_domain.access.command import Command
from gatepost_domain.errors import KeyReused
from gatepost_domain.ports.idempotency import Receipt
from gatepost_domain.ports.unit_of_work import Work

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

KEYS_ARE_KEPT: Final = timedelta(days=7)
"""How long a repeated key is answered with the first answer."""

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=rf"^[!-~]+{END}",
        max_length=255,
        description="Makes a repeat safe: the same key with the same request is carried out once, "
        "and answered with the first answer, for 7 days. Refusals are not remembered.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a write is answered with."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    kept_body: bytes | None = None
    """What a repeat is answered with instead, where the first answer holds a secret."""

    @classmethod
    def of(
        cls, output: Output, *, status: int = 200, kept: Output | None = None, **headers: str
    ) -> Answer:
        """An answer with an output as its body; header names are given with underscores."""
        return cls(
            status=status,
            body=msgspec.json.encode(output),
            headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
            kept_body=None if kept is None else msgspec.json.encode(kept),
        )


class Performed(Protocol[T_co]):
    """An action of the domain, with all but the transaction and the command given."""

    def __call__(self, work: Work, *, command: Command) -> T_co:
        """Load, decide, save."""
        ...


async def write(
    request: ApiRequest,
    wish: Wish,
    key: str | None,
    action: Performed[T],
    answer: Callable[[Work, T], Answer],
    *,
    body_digest: bytes | None = None,
    at_length: bool = False,
) -> Response[Any]:
    """Perform an action, as whoever the caller still is inside the transaction, and answer it.

    With an idempotency key, the answer is kept in the action's own transaction, and a repeat gets
    that answer, word for word, whoever of several repeats came first. A body that was taken in
    already is given by its digest; an action that takes seconds goes on `at_length`.

    Raises:
        Unauthenticated: the caller's token opens nothing any more.
        KeyReused: the key came with another request before.
    """
    body = await request.body() if body_digest is None else body_digest
    asked = b"?".join(filter(None, (request.scope["path"].encode(), request.scope["query_string"])))
    fingerprint = sha256(b"\n".join((request.method.encode(), asked, body))).hexdigest()
    replayed = False

    def perform(work: Work) -> Answer:
        nonlocal replayed
        command = wish.command(work)
        kept = _kept(work, command, key, fingerprint)
        if kept is not None:
            replayed = True
            return kept
        first = answer(work, action(work, command=command))
        if key is not None:
            _keep(work, command, key, fingerprint, first)
        return first

    ledger = request.parts.ledger
    hand_in = ledger.perform_at_length if at_length else ledger.perform
    response = _respond(await hand_in(perform))
    request.parts.changes.tell()
    if replayed:
        response.set_header("Idempotent-Replayed", "true")
    return response


def _kept(work: Work, command: Command, key: str | None, fingerprint: str) -> Answer | None:
    since = command.at - KEYS_ARE_KEPT
    receipt = None if key is None else work.receipts.find(command.actor.name, key, since=since)
    if receipt is None:
        return None
    if receipt.fingerprint != fingerprint:
        raise KeyReused
    return Answer(status=receipt.status, body=receipt.body, headers=receipt.headers)


def _keep(work: Work, command: Command, key: str, fingerprint: str, answer: Answer) -> None:
    receipt = Receipt(
        caller=command.actor.name,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        headers=answer.headers,
        body=answer.body if answer.kept_body is None else answer.kept_body,
        created_at=command.at,
    )
    work.receipts.keep(receipt, forget_before=command.at - KEYS_ARE_KEPT)


def _respond(answer: Answer) -> Response[Any]:
    return Response(
        answer.body,
        status_code=answer.status,
        media_type="application/json",
        headers=dict(answer.headers),
    )


REPLAYED_HEADER: Final = ResponseHeader(
    name="Idempotent-Replayed",
    description="`true` where this is the answer to an earlier request with the same key.",
    value="",
    required=False,
    documentation_only=True,
)
