"""Checkpoints and proofs over HTTP, verified as an auditor would verify them."""

from __future__ import annotations

from base64 import b64decode

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.verification import ed25519
from gatepost_domain.verification.checkpoint import Checkpoint, open_checkpoint
from gatepost_domain.verification.merkle_tree import is_consistent, is_included, leaf_hash
from gatepost_domain.verification.signed_note import parse_verifier_key
from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json

KEY_HEADER = "Gatepost-Public-Key"


async def checkpoint_of(api: Api) -> tuple[Checkpoint, httpx2.Response]:
    response = await api.get("/audit/checkpoint")
    assert response.status_code == 200
    return open_note(response.text, response.headers[KEY_HEADER]), response


def open_note(note: str, public_key: str) -> Checkpoint:
    key = parse_verifier_key(public_key)
    return open_checkpoint(note, key.name, [key], ed25519.verify)


def all_bytes(values: list[str]) -> list[bytes]:
    return [b64decode(value) for value in values]


async def event(api: Api, seq: int) -> Json:
    item: Json = ok_json(await api.get(f"/events?after={seq - 1}&limit=1"))["items"][0]
    return item


async def test_checkpoint_is_signed_text(api: Api) -> None:
    """The checkpoint names the instance, has the size of the log, and is plain text."""
    await api.create_deployment()

    checkpoint, response = await checkpoint_of(api)

    last = (await api.list_all("/events"))[-1]
    assert checkpoint.size == last["seq"]
    assert checkpoint.origin.startswith("gatepost/")
    assert response.headers["Content-Type"].startswith("text/plain")


async def test_every_event_is_proved_to_be_in_the_log(api: Api) -> None:
    """The audit path leads from the hash of the event to the root of the signed checkpoint."""
    await api.create_deployment()
    _, response = await checkpoint_of(api)
    public_key = response.headers[KEY_HEADER]

    for seq in (1, 2, 5):
        proof = ok_json(await api.get(f"/audit/proof?seq={seq}"))

        checkpoint = open_note(proof["checkpoint"], public_key)
        leaf = leaf_hash(bytes.fromhex((await event(api, seq))["hash"]))
        assert (proof["index"], proof["size"]) == (seq - 1, checkpoint.size)
        assert b64decode(proof["leaf_hash"]) == leaf
        assert b64decode(proof["root"]) == checkpoint.root
        path = all_bytes(proof["hashes"])
        assert is_included(leaf, seq - 1, checkpoint.size, path, checkpoint.root)


async def test_log_is_proved_to_have_only_grown(api: Api) -> None:
    """A checkpoint kept from before is consistent with the log of now."""
    kept, response = await checkpoint_of(api)
    await api.create_deployment()

    proof = ok_json(await api.get(f"/audit/consistency?old_size={kept.size}"))

    now = open_note(proof["checkpoint"], response.headers[KEY_HEADER])
    assert now.size > kept.size
    assert b64decode(proof["old_root"]) == kept.root
    assert is_consistent(kept.size, kept.root, now.size, now.root, all_bytes(proof["hashes"]))


async def test_proofs_of_an_earlier_size_are_available(api: Api) -> None:
    """A proof can be asked for under a checkpoint that was kept."""
    kept, _ = await checkpoint_of(api)
    await api.create_deployment()

    proof = ok_json(await api.get(f"/audit/proof?seq=1&size={kept.size}"))

    assert (proof["size"], b64decode(proof["root"])) == (kept.size, kept.root)


@pytest.mark.parametrize(
    ("path", "status", "code", "pointers"),
    [
        ("/audit/proof?seq=999999", 404, "unknown_event", ()),
        ("/audit/proof?seq=0", 422, "invalid", ("query/seq",)),
        ("/audit/proof", 422, "invalid", ("query/seq",)),
        ("/audit/proof?seq=1&size=999999", 404, "unknown_event", ()),
        ("/audit/consistency?old_size=999999", 404, "unknown_event", ()),
        ("/audit/consistency?old_size=2&size=1", 404, "unknown_event", ()),
    ],
)
async def test_impossible_proof_is_refused(
    api: Api, path: str, status: int, code: str, pointers: tuple[str, ...]
) -> None:
    """The response names the parameter."""
    assert_problem(await api.get(path), status, code, *pointers)


@pytest.mark.parametrize(
    "path", ["/audit/checkpoint", "/audit/proof?seq=1", "/audit/consistency?old_size=1"]
)
async def test_only_auditors_may_audit(api: Api, path: str) -> None:
    """Others are refused, and the attempt is recorded."""
    await api.create_user("vera", roles=(Role.REQUESTER,))

    assert_problem(await api.get(path, headers=auth_header("vera")), 403, "forbidden")

    denied = (await api.list_all("/events"))[-1]
    assert (denied["kind"], denied["actor"]) == ("access_denied", "vera")
    assert denied["data"]["right"] == "audit"
