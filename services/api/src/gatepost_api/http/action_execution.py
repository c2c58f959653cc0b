"""Executing a domain action in one transaction, and responding once it is durable."""

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

from gatepost_api.http.encoded_json_response import JsonResponse
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import END_OF_TEXT, ResponseModel
from gatepost_domain.access.command import Command
from gatepost_domain.errors import IdempotencyKeyReused
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_domain.ports.unit_of_work import UnitOfWork

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_QUOTES: Final = '""'
IDEMPOTENCY_WINDOW: Final = timedelta(days=7)
"""How long a response is stored for its idempotency key."""

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=rf"^[!-~]+{END_OF_TEXT}",
        max_length=255,
        description="Makes a retry safe: for 7 days, the same key with the same request returns "
        "the stored response instead of executing the request again. Errors are not stored. A key "
        "in quotation marks is equivalent to one without them.",
    ),
]

REPLAYED_HEADER: Final = ResponseHeader(
    name="Idempotent-Replayed",
    description="`true` if this is the stored response to an earlier request with the same key.",
    value="",
    required=False,
    documentation_only=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResponse:
    """The response to a write, in the form that is stored for its idempotency key."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    body_on_replay: bytes | None = None
    """The body returned to a retry instead of `body`, if `body` contains a secret."""

    @classmethod
    def from_output(
        cls,
        output: ResponseModel,
        *,
        status: int = 200,
        on_replay: ResponseModel | None = None,
        **headers: str,
    ) -> WriteResponse:
        """Return a JSON response. Headers are keyword arguments, with `_` in place of `-`."""
        return cls(
            status=status,
            body=msgspec.json.encode(output),
            headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
            body_on_replay=None if on_replay is None else msgspec.json.encode(on_replay),
        )

    @classmethod
    def created(cls, output: ResponseModel, location: str) -> WriteResponse:
        """Return the response to the creation of a resource, whose path is `location`."""
        return cls.from_output(output, status=201, Location=location)

    def to_http(self) -> Response[Any]:
        """Return the response object that the framework sends."""
        return JsonResponse(self.body, status_code=self.status, headers=dict(self.headers))


class BoundAction(Protocol[T_co]):
    """A domain action with all arguments bound except the transaction and the command."""

    def __call__(self, uow: UnitOfWork, *, command: Command) -> T_co:
        """Execute the action in the transaction and return its result."""
        ...


async def execute(
    request: ApiRequest,
    action: BoundAction[T],
    respond: Callable[[UnitOfWork, T], WriteResponse],
    *,
    acting_for: str | None = None,
    acting_for_field: str = "actor",
    note: str | None = None,
    idempotency_key: str | None = None,
    body_digest: bytes | None = None,
    long: bool = False,
) -> Response[Any]:
    """Execute an action as the caller, in one transaction, and respond once it is durable.

    The caller's token is checked again inside the transaction. With an idempotency key, the
    response is stored in the same transaction, and a retry returns it unchanged. `body_digest` is
    required if the body has already been consumed; `long` is required for an action that takes
    seconds.

    Raises:
        Unauthenticated: the caller's token was revoked or has expired.
        IdempotencyKeyReused: the key was used for a different request.
    """
    at = request.context.now()
    idempotency_key = _without_quotes(idempotency_key)
    body = await request.body() if body_digest is None else body_digest
    fingerprint = "" if idempotency_key is None else _fingerprint(request, body)
    replayed = False

    def transaction(uow: UnitOfWork) -> WriteResponse:
        nonlocal replayed
        command = request.command(
            uow, at=at, acting_for=acting_for, acting_for_field=acting_for_field, note=note
        )
        stored = _find_stored_response(uow, command, idempotency_key, fingerprint)
        if stored is not None:
            replayed = True
            return stored
        response = respond(uow, action(uow, command=command))
        if idempotency_key is not None:
            _store_response(uow, command, idempotency_key, fingerprint, response)
        return response

    ledger = request.context.ledger
    perform = ledger.perform_long if long else ledger.perform
    response = (await perform(transaction)).to_http()
    request.context.change_signal.notify()
    if replayed:
        response.set_header("Idempotent-Replayed", "true")
    return response


def _without_quotes(key: str | None) -> str | None:
    """Return a key without the quotation marks of a structured header field (RFC 9651 §3.3.3)."""
    if key is None or len(key) <= len(_QUOTES) or not (key[0] == key[-1] == _QUOTES[0]):
        return key
    return key[1:-1]


def _fingerprint(request: ApiRequest, body: bytes) -> str:
    """Return the SHA-256 digest of the method, path, query and body, in hexadecimal."""
    url = b"?".join(filter(None, (request.scope["path"].encode(), request.scope["query_string"])))
    return sha256(b"\n".join((request.method.encode(), url, body))).hexdigest()


def _find_stored_response(
    uow: UnitOfWork, command: Command, key: str | None, fingerprint: str
) -> WriteResponse | None:
    if key is None:
        return None
    since = command.at - IDEMPOTENCY_WINDOW
    receipt = uow.idempotency_records.find(command.actor.name, key, since=since)
    if receipt is None:
        return None
    if receipt.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return WriteResponse(status=receipt.status, body=receipt.body, headers=receipt.headers)


def _store_response(
    uow: UnitOfWork, command: Command, key: str, fingerprint: str, response: WriteResponse
) -> None:
    receipt = IdempotencyRecord(
        caller=command.actor.name,
        key=key,
        fingerprint=fingerprint,
        status=response.status,
        headers=response.headers,
        body=response.body if response.body_on_replay is None else response.body_on_replay,
        created_at=command.at,
    )
    uow.idempotency_records.save(receipt, expire_before=command.at - IDEMPOTENCY_WINDOW)
