"""Handing an action to the ledger and answering once it is durable, at most once for each key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter

from gatepost_api.request import ApiRequest
from gatepost_api.wire import END, Output
from gatepost_domain.errors import KeyReused
from gatepost_domain.ports import Receipt, Work

T = TypeVar("T")

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

    @classmethod
    def of(cls, output: Output, *, status: int = 200, **headers: str) -> Answer:
        """An answer with an output as its body; header names are given with underscores."""
        return cls(
            status=status,
            body=msgspec.json.encode(output),
            headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        )


async def write(
    request: ApiRequest,
    key: str | None,
    action: Callable[[Work], T],
    answer: Callable[[Work, T], Answer],
) -> Response[Any]:
    """Perform an action and answer it.

    With an idempotency key, the answer is kept in the action's own transaction, and a repeat gets
    that answer, word for word, whoever of several repeats came first.

    Raises:
        KeyReused: the key came with another request before.
    """
    ledger = request.parts.ledger
    if key is None:
        return _respond(await ledger.perform(lambda work: answer(work, action(work))))
    now = request.parts.now()
    fingerprint = _fingerprint(request.method, request.scope["path"], await request.body())
    replayed = False

    def once(work: Work) -> Answer:
        nonlocal replayed
        kept = work.receipts.find(request.auth.name, key, since=now - KEYS_ARE_KEPT)
        if kept is not None:
            if kept.fingerprint != fingerprint:
                raise KeyReused
            replayed = True
            return Answer(status=kept.status, body=kept.body, headers=kept.headers)
        first = answer(work, action(work))
        receipt = Receipt(
            caller=request.auth.name,
            key=key,
            fingerprint=fingerprint,
            status=first.status,
            headers=first.headers,
            body=first.body,
            created_at=now,
        )
        work.receipts.keep(receipt, forget_before=now - KEYS_ARE_KEPT)
        return first

    response = _respond(await ledger.perform(once))
    if replayed:
        response.set_header("Idempotent-Replayed", "true")
    return response


def _respond(answer: Answer) -> Response[Any]:
    return Response(
        answer.body,
        status_code=answer.status,
        media_type="application/json",
        headers=dict(answer.headers),
    )


def _fingerprint(method: str, path: str, body: bytes) -> str:
    return sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


REPLAYED_HEADER: Final = ResponseHeader(
    name="Idempotent-Replayed",
    description="`true` where this is the answer to an earlier request with the same key.",
    value="",
    required=False,
    documentation_only=True,
)
