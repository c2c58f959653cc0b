"""Operations for checkpoints of the event log and proofs from its Merkle tree."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Annotated, Final

from litestar import Controller, Response, get
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from gatepost_api.audit.authorization import require_auditor
from gatepost_api.audit.responses import ConsistencyProof, InclusionProof
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.errors import NotFound
from gatepost_domain.ports.event_log import LogHead
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.verification.merkle_tree import leaf_hash

MAX_SEQ: Final = 10**18

Seq = Annotated[int, QueryParameter(ge=1, le=MAX_SEQ, description="The `seq` of the event.")]
Size = Annotated[
    int | None,
    QueryParameter(
        ge=1, le=MAX_SEQ, description="The number of events in the tree. Default: all events."
    ),
]
OldSize = Annotated[
    int,
    QueryParameter(ge=1, le=MAX_SEQ, description="The number of events in the earlier tree."),
]

PUBLIC_KEY_HEADER: Final = ResponseHeader(
    name="Gatepost-Public-Key",
    documentation_only=True,
    description="The public key that verifies signatures, as `NAME+ID+BASE64` (C2SP signed-note).",
)


class TreeController(Controller):
    """Operations on the Merkle tree of the event log."""

    path = "/audit"
    tags = ("audit",)

    @get(
        "/checkpoint",
        media_type="text/plain",
        summary="Get a checkpoint of the event log",
        responses={
            **problem_responses(401, 403, 422),
            200: ResponseSpec(
                str,
                media_type="text/plain",
                description="The signed checkpoint.",
                generate_examples=False,
            ),
        },
        response_headers=[PUBLIC_KEY_HEADER],
    )
    async def get_checkpoint(self, request: ApiRequest) -> Response[str]:
        """Return a signed statement of the number of events and the root hash of their tree.

        Keep it outside Gatepost: `gatepost-server verify --checkpoint` then finds any later change,
        removal or reordering of these events. The text is a signed note with a checkpoint (C2SP
        `signed-note` and `tlog-checkpoint`); a leaf is the 32-byte `hash` of an event. Also keep
        the public key, which is in the header `Gatepost-Public-Key`.
        """
        await require_auditor(request)
        signer = request.context.checkpoint_signer
        head = await request.context.reads.read_snapshot(lambda uow: uow.event_log.head())
        return Response(
            signer.sign(head.size, head.root),
            media_type="text/plain",
            headers={PUBLIC_KEY_HEADER.name: str(signer.verifier_key)},
        )

    @get(
        "/proof",
        summary="Prove that an event is part of the log",
        responses=problem_responses(401, 403, 404, 422),
    )
    async def get_inclusion_proof(
        self, request: ApiRequest, seq: Seq, size: Size = None
    ) -> InclusionProof:
        """Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

        The proof can be verified with the checkpoint alone, without the rest of the log.
        """
        await require_auditor(request)

        def prove(uow: UnitOfWork) -> tuple[str, list[bytes], LogHead]:
            log = uow.event_log
            current = log.head()
            _require_size_within_log(size, current)
            head = current if size is None else log.head(size=size)
            if seq > head.size:
                raise NotFound("event", str(seq))
            return log.hash_of(seq), list(log.inclusion_proof(seq, size=head.size)), head

        event_hash, proof, head = await request.context.reads.read_snapshot(prove)
        return InclusionProof(
            index=seq - 1,
            size=head.size,
            leaf_hash=_base64(leaf_hash(bytes.fromhex(event_hash))),
            hashes=_all_base64(proof),
            root=_base64(head.root),
            checkpoint=request.context.checkpoint_signer.sign(*head),
        )

    @get(
        "/consistency",
        summary="Prove that the log has only grown",
        responses=problem_responses(401, 403, 404, 422),
    )
    async def get_consistency_proof(
        self, request: ApiRequest, old_size: OldSize, size: Size = None
    ) -> ConsistencyProof:
        """Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

        Compare `old_root` with the root hash of the checkpoint that you kept.
        """
        await require_auditor(request)

        def prove(uow: UnitOfWork) -> tuple[LogHead, list[bytes], LogHead]:
            log = uow.event_log
            current = log.head()
            _require_size_within_log(size, current)
            head = current if size is None else log.head(size=size)
            _require_size_within_log(old_size, head)
            proof = log.consistency_proof(old_size, size=head.size)
            return log.head(size=old_size), list(proof), head

        old_head, proof, head = await request.context.reads.read_snapshot(prove)
        return ConsistencyProof(
            old_size=old_head.size,
            size=head.size,
            hashes=_all_base64(proof),
            old_root=_base64(old_head.root),
            root=_base64(head.root),
            checkpoint=request.context.checkpoint_signer.sign(*head),
        )


def _require_size_within_log(size: int | None, head: LogHead) -> None:
    """Refuse a tree size that exceeds the number of events in the tree head."""
    if size is not None and size > head.size:
        raise NotFound("event", str(size))


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _all_base64(values: Iterable[bytes]) -> list[str]:
    return [_base64(value) for value in values]
