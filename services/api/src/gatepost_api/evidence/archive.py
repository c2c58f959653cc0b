"""Evidence as files: an archive with an offline verifier, and a signed envelope."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec

from gatepost_api.evidence.offline.signed_envelope import (
    PAYLOAD_TYPE,
    build_statement,
    pre_authentication_encoding,
)
from gatepost_api.evidence.proof_responses import EnvelopeSignature, SignedEnvelope
from gatepost_api.evidence.responses import Evidence
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_contracts.zip_archive import zip_files

DOCUMENT_NAME: Final = "evidence.json"
CHECKSUMS_NAME: Final = "SHA256SUMS"
TOP_FILES: Final = ("README.txt", "verify.py")
"""The files that accompany the document in every archive."""

PACKAGES: Final = ("gatepost_api.evidence.offline", "gatepost_domain.verification")
"""The packages that `verify.py` imports; archives contain their modules."""


def build_archive(evidence: Evidence) -> bytes:
    """Return a zip archive; the same evidence always produces the same bytes."""
    document = msgspec.json.format(msgspec.json.encode(evidence), indent=2).decode()
    contents = {DOCUMENT_NAME: f"{document}\n", **verifier_files()}
    checksums = (
        f"{sha256(content.encode()).hexdigest()}  {name}\n" for name, content in contents.items()
    )
    return zip_files({**contents, CHECKSUMS_NAME: "".join(checksums)})


@cache
def verifier_files() -> Mapping[str, str]:
    """Return the files of the verifier by path, with the packages that it imports."""
    offline = files("gatepost_api.evidence.offline")
    contents = {name: (offline / name).read_text("utf-8") for name in TOP_FILES}
    for package in PACKAGES:
        *parents, _ = package.split(".")
        for depth in range(len(parents)):
            contents["/".join([*parents[: depth + 1], "__init__.py"])] = ""
        folder = package.replace(".", "/")
        modules = (each for each in files(package).iterdir() if each.name.endswith(".py"))
        for module in sorted(modules, key=lambda each: each.name):
            if module.name not in TOP_FILES:
                contents[f"{folder}/{module.name}"] = module.read_text("utf-8")
    return contents


def sign_evidence(evidence: Evidence, signer: CheckpointSigner) -> SignedEnvelope:
    """Return a signed envelope (DSSE) with the evidence as an in-toto statement."""
    predicate = msgspec.json.encode(evidence)
    payload = build_statement(msgspec.to_builtins(evidence.deployment), predicate)
    signature = signer.sign_bytes(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    return SignedEnvelope(
        payload=payload,
        payload_type=PAYLOAD_TYPE,
        signatures=[
            EnvelopeSignature(keyid=signer.verifier_key.key_id.hex(), sig=signature),
        ],
    )
