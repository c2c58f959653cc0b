"""Evidence as a statement of in-toto in a signed envelope (DSSE)."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gatepost_api.evidence.offline.signed_envelope import (
    PAYLOAD_TYPE,
    build_statement,
    pre_authentication_encoding,
)
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.status_transitions import Status
from gatepost_domain.verification.signed_note import parse_verifier_key
from tests.support.http.api import Api, Json, created_json, ok_json
from tests.support.http.evidence import (
    create_worker_deployment,
    get_evidence,
    run_verifier,
    unpack_archive,
)

ARTIFACT: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


async def get_envelope(api: Api, number: str) -> Json:
    """Return the signed envelope with the evidence of a deployment."""
    return ok_json(await api.get(f"/deployments/{number}/evidence", params={"format": "dsse"}))


def payload_in(envelope: Json) -> bytes:
    """Return the payload of an envelope."""
    return b64decode(envelope["payload"], validate=True)


@pytest.fixture
async def folder(api: Api, tmp_path: Path) -> Path:
    """Return the unpacked evidence of a deployment, with its envelope beside it."""
    number = await create_worker_deployment(api)
    unpacked = await unpack_archive(api, number, tmp_path / "unpacked")
    envelope = await get_envelope(api, number)
    (unpacked / "envelope.json").write_text(json.dumps(envelope), "utf-8")
    return unpacked


def read_envelope(folder: Path) -> Json:
    """Return the envelope beside the unpacked evidence."""
    envelope: Json = json.loads((folder / "envelope.json").read_text("utf-8"))
    return envelope


def verify(folder: Path, envelope: Json) -> tuple[int, str]:
    """Verify an envelope with the key of the instance; return exit code and output."""
    evidence = json.loads((folder / "evidence.json").read_text("utf-8"))
    (folder / "envelope.json").write_text(json.dumps(envelope), "utf-8")
    key = evidence["checkpoint"]["public_key"]
    return run_verifier(folder, "envelope.json", "--public-key", key)


async def test_statement_is_about_the_artifact_that_was_deployed(api: Api) -> None:
    """Tools find the attestation of an artifact by its digest."""
    body = {"version": "2.0.0", "artifact_digest": f"sha256:{ARTIFACT}"}
    created_json(await api.post("/services/shop/versions", body))
    await api.create_deployment(version="2.0.0")

    statement = json.loads(payload_in(await get_envelope(api, "DEP-1")))

    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"] == [{"name": "shop/2.0.0", "digest": {"sha256": ARTIFACT}}]
    assert statement["predicateType"] == "urn:gatepost:evidence:v2"
    assert statement["predicate"] == await get_evidence(api, "DEP-1")


@pytest.mark.parametrize("digest", [None, f"other:{ARTIFACT}"])
async def test_statement_without_an_artifact_is_about_the_evidence(
    api: Api, digest: str | None
) -> None:
    """The digest is that of the predicate, byte for byte."""
    body = {"version": "2.0.0", "artifact_digest": digest}
    created_json(await api.post("/services/shop/versions", body))
    await api.create_deployment(version="2.0.0")

    payload = payload_in(await get_envelope(api, "DEP-1"))

    predicate = payload[payload.index(b'"predicate":') + len(b'"predicate":') : -1]
    assert json.loads(payload)["subject"] == [
        {"name": "DEP-1/evidence.json", "digest": {"sha256": sha256(predicate).hexdigest()}}
    ]


async def test_envelope_is_signed_with_the_key_of_the_checkpoints(api: Api) -> None:
    """The signature is verified without any code of ours, over the encoding of the specification.

    The key id is a hint at the key.
    """
    await api.deployment(Status.SUCCEEDED)
    response = await api.get("/deployments/DEP-1/evidence", params={"format": "dsse"})
    envelope = response.json()

    checkpoint = await api.get("/audit/checkpoint")
    key = parse_verifier_key(checkpoint.headers["Gatepost-Public-Key"])
    payload = payload_in(envelope)
    message = b"DSSEv1 28 application/vnd.in-toto+json %d " % len(payload) + payload
    (signature,) = envelope["signatures"]
    public_key = Ed25519PublicKey.from_public_bytes(key.public_key)
    public_key.verify(b64decode(signature["sig"], validate=True), message)
    with pytest.raises(InvalidSignature):
        public_key.verify(b64decode(signature["sig"]), message + b" ")
    assert envelope.keys() == {"payload", "payloadType", "signatures"}
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert signature["keyid"] == key.key_id.hex()
    assert response.headers["Content-Type"] == "application/vnd.dsse.envelope.v1+json"


def test_encoding_is_that_of_the_specification() -> None:
    """The example of the protocol, and lengths in bytes."""
    assert pre_authentication_encoding("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pre_authentication_encoding("ä", "ö".encode()) == "DSSEv1 2 ä 2 ö".encode()


def test_verifier_accepts_an_envelope(folder: Path) -> None:
    """Its signature covers what the events do not prove."""
    code, output = verify(folder, read_envelope(folder))

    assert code == 0, output
    assert "The envelope's signature covers every field of the document." in output
    assert "The time of the export" not in output


def test_url_safe_base64_is_accepted(folder: Path) -> None:
    """The specification allows both alphabets."""
    envelope = read_envelope(folder)
    envelope["payload"] = urlsafe_b64encode(payload_in(envelope)).decode()
    for signature in envelope["signatures"]:
        signature["sig"] = urlsafe_b64encode(b64decode(signature["sig"])).decode()

    assert verify(folder, envelope)[0] == 0


def test_one_valid_signature_is_sufficient(folder: Path) -> None:
    """Signatures of others, and unknown members, are ignored."""
    envelope = read_envelope(folder)
    other = {"keyid": "", "sig": b64encode(bytes(64)).decode(), "extension": {}}
    envelope["signatures"] = [other, *envelope["signatures"]]

    assert verify(folder, envelope | {"more": 1})[0] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("generated_at", "2026-11-20T12:00:00Z"), ("target", None)],
)
def test_changed_field_that_no_event_proves_is_found(
    folder: Path, field: str, value: object
) -> None:
    """The signature does not fit any more."""
    envelope = read_envelope(folder)
    evidence = json.loads(payload_in(envelope))["predicate"] | {field: value}
    predicate = json.dumps(evidence).encode()
    payload = build_statement(evidence["deployment"], predicate)
    envelope["payload"] = b64encode(payload).decode()

    code, output = verify(folder, envelope)

    assert code == 1
    assert "None of the envelope's signatures was made with the key gatepost/" in output


def test_envelope_of_another_signer_is_found(folder: Path) -> None:
    """A key with the same name has another id, and does not help."""
    envelope = read_envelope(folder)
    signer = CheckpointSigner.with_new_key("unnamed")
    signature = signer.sign_bytes(pre_authentication_encoding(PAYLOAD_TYPE, payload_in(envelope)))
    envelope["signatures"] = [{"keyid": "", "sig": b64encode(signature).decode()}]

    assert "None of the envelope's signatures was made with the key" in verify(folder, envelope)[1]


def test_statement_about_another_artifact_is_found(folder: Path) -> None:
    """The subject must be the artifact of the evidence."""
    envelope = read_envelope(folder)
    payload = payload_in(envelope).replace(b"/evidence.json", b"/other.json", 1)
    envelope["payload"] = b64encode(payload).decode()

    assert "The subject of the statement is [{" in verify(folder, envelope)[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"payloadType": "application/json"}, "The payloadType must be application/vnd.in-toto"),
        ({"payload": None}, "The field payload is missing."),
        ({"payload": "%"}, "The field payload is not in Base64."),
        ({"payload": b64encode(b"{}").decode()}, "must be its predicate."),
        ({"signatures": []}, "The envelope has no signatures."),
        ({"signatures": [{}]}, "The field sig is missing."),
    ],
)
def test_malformed_envelope_is_reported(
    folder: Path, changes: dict[str, Any], message: str
) -> None:
    """The output is a message, not a traceback."""
    code, output = verify(folder, read_envelope(folder) | changes)

    assert code == 1
    assert message in output
