"""An identity provider that the tests run themselves, over real HTTP, and a forger of tokens."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.support.builders import NOON

Json = dict[str, Any]

CLIENT_ID: Final = "gatepost-web"
CLIENT_SECRET: Final = "the web client's secret"
AUDIENCE: Final = "gatepost"

RSA_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY: Final = ec.generate_private_key(ec.SECP256R1())
ED_KEY: Final = ed25519.Ed25519PrivateKey.generate()
UNPUBLISHED_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
"""One that the provider does not publish."""

KEYS: Final = {"RS256": RSA_KEY, "ES256": EC_KEY, "EdDSA": ED_KEY}


def published_keys() -> list[Json]:
    """The public halves, as a JWK set has them."""
    return [
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "RS256", "use": "sig"},
        {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "ES256", "use": "sig"},
        {**OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True), "kid": "EdDSA", "use": "sig"},
    ]


@dataclass(slots=True, kw_only=True)
class FakeProvider:
    """What the provider knows, and what it was asked."""

    url: str = ""
    keys: list[Json] = field(default_factory=published_keys)
    metadata: Json = field(default_factory=dict)
    """What its discovery document says differently."""
    codes: dict[str, Json] = field(default_factory=dict)
    """What each code that it gave out stands for."""
    asked: list[str] = field(default_factory=list)
    """The paths that it was asked for."""
    unavailable: bool = False

    def token(self, *without: str, **changes: Any) -> str:
        """A token for ada.l, of qa-team; `key`, `alg` and `headers` tell how it is signed."""
        alg = changes.pop("alg", "RS256")
        key = changes.pop("key", KEYS.get(alg))
        named = {"kid": alg, **changes.pop("headers", {})}
        headers = {name: value for name, value in named.items() if value is not None}
        claims: Json = {
            "iss": self.url,
            "sub": "subject-of-ada",
            "aud": AUDIENCE,
            "iat": unix_seconds(NOON),
            "exp": unix_seconds(NOON + timedelta(minutes=10)),
            "preferred_username": "ada.l",
            "groups": ["qa-team"],
        }
        kept = {name: value for name, value in (claims | changes).items() if name not in without}
        return jwt.encode(kept, key, algorithm=alg, headers=headers)

    def authorize(self, address: str, **claims: Any) -> str:
        """Sign somebody in at its page, and tell where it sends the browser back to."""
        asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**asked, "claims": claims}
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def redeem(self, form: dict[str, str], client: str) -> Json | None:
        """An id token for a code, once, for the client that began, with its verifier."""
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest())
        if (
            begun is None
            or client != f"{CLIENT_ID}:{CLIENT_SECRET}"
            or form["redirect_uri"] != begun["redirect_uri"]
            or challenge.rstrip(b"=").decode() != begun["code_challenge"]
        ):
            return None
        told = {"aud": CLIENT_ID, "nonce": begun["nonce"], **begun["claims"]}
        return {"id_token": self.token(**told), "access_token": "unused", "token_type": "Bearer"}


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """A provider that runs on this machine, until the end of the block."""
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            answers: dict[str, Json] = {
                "/.well-known/openid-configuration": {
                    "issuer": provider.url,
                    "jwks_uri": f"{provider.url}/keys",
                    "authorization_endpoint": f"{provider.url}/authorize",
                    "token_endpoint": f"{provider.url}/token",
                    **provider.metadata,
                },
                "/keys": {"keys": provider.keys},
            }
            self.answer(answers.get(self.path))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: value for name, (value,) in parse_qs(sent).items()}
            basic = b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            self.answer(provider.redeem(form, basic.replace("+", " ").replace("%27", "'")))

        def answer(self, body: Json | None) -> None:
            status = 503 if provider.unavailable else 400 if body is None else 200
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as its base
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unix_seconds(at: datetime) -> int:
    """An instant as tokens tell it."""
    return int(at.timestamp())
