"""A software authenticator, which creates passkeys and signs challenges as a browser would."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_USER_PRESENT, _USER_VERIFIED, _HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass(kw_only=True)
class Authenticator:
    """An authenticator with one passkey. Its fields can be changed, to forge answers."""

    origin: str
    host: str
    is_verified: bool = True
    """Whether it says that it has verified the user."""
    count: int = 0
    step: int = 1
    """By how much the count of signatures rises with each."""
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user_handle: bytes = b""

    def create(self, options: dict[str, Any]) -> str:
        """Return the answer to a challenge for a new passkey, as the form sends it."""
        self.user_handle = _decode(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public_key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = len(self.credential_id).to_bytes(2, "big")
        credential = bytes(16) + length + self.credential_id + public_key
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._authenticator_data(_HAS_CREDENTIAL) + credential,
        }
        client_data = self._client_data("webauthn.create", options)
        return self._answer(clientDataJSON=client_data, attestationObject=cbor2.dumps(attestation))

    def sign(self, options: dict[str, Any]) -> str:
        """Return the answer to a challenge for signing in, as the form sends it."""
        self.count += self.step
        client_data = self._client_data("webauthn.get", options)
        data = self._authenticator_data()
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=signature,
            userHandle=self.user_handle,
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        content = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(content | {"crossOrigin": False}).encode()

    def _authenticator_data(self, flags: int = 0) -> bytes:
        flags |= _USER_PRESENT | (_USER_VERIFIED if self.is_verified else 0)
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: bytes) -> str:
        credential_id = _encode(self.credential_id)
        encoded = {name: _encode(content) for name, content in response.items()}
        answer = {"id": credential_id, "rawId": credential_id, "type": "public-key"}
        return json.dumps(answer | {"response": encoded, "clientExtensionResults": {}})


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
