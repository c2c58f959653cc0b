"""An identity provider for tests that uses real HTTP and can also issue invalid tokens."""

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
"""A key that the provider does not publish."""

KEYS: Final = {"RS256": RSA_KEY, "ES256": EC_KEY, "EdDSA": ED_KEY}


def published_keys() -> list[Json]:
    """Return the public keys as a JWK set."""
    return [
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "RS256", "use": "sig"},
        {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "ES256", "use": "sig"},
        {**OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True), "kid": "EdDSA", "use": "sig"},
    ]


@dataclass(slots=True, kw_only=True)
class FakeProvider:
    """The state of the provider, with the requests that it received."""

    url: str = ""
    keys: list[Json] = field(default_factory=published_keys)
    metadata: Json = field(default_factory=dict)
    """Changes to the provider's discovery document."""
    codes: dict[str, Json] = field(default_factory=dict)
    """The authorization for each code."""
    asked: list[str] = field(default_factory=list)
    """The paths of the received requests."""
    unavailable: bool = False
    page_claims: Json = field(default_factory=dict)
    """The claims of the user whom the sign-in page signs in, without a question."""

    def token(self, *without: str, **changes: Any) -> str:
        """Return a token for ada.l in qa-team. `key`, `alg` and `headers` change the signature."""
        alg = changes.pop("alg", "RS256")
        key = changes.pop("key", KEYS.get(alg))
        with_defaults = {"kid": alg, **changes.pop("headers", {})}
        headers = {name: value for name, value in with_defaults.items() if value is not None}
        claims: Json = {
            "iss": self.url,
            "sub": "subject-of-ada",
            "aud": AUDIENCE,
            "iat": unix_seconds(NOON),
            "exp": unix_seconds(NOON + timedelta(minutes=10)),
            "preferred_username": "ada.l",
            "groups": ["qa-team"],
        }
        claims |= changes
        claims = {name: value for name, value in claims.items() if name not in without}
        return jwt.encode(claims, key, algorithm=alg, headers=headers)

    def authorize(self, address: str, **claims: Any) -> str:
        """Authorize a user as the sign-in page does and return the redirect URL."""
        query = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**query, "claims": claims}
        callback_query = urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{callback_query}"

    def redeem(self, form: dict[str, str], client: str) -> Json | None:
        """Redeem a code once, for the client that began the sign-in and its verifier."""
        authorization = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest())
        if (
            authorization is None
            or client != f"{CLIENT_ID}:{CLIENT_SECRET}"
            or form["redirect_uri"] != authorization["redirect_uri"]
            or challenge.rstrip(b"=").decode() != authorization["code_challenge"]
        ):
            return None
        claims = {"aud": CLIENT_ID, "nonce": authorization["nonce"], **authorization["claims"]}
        return {"id_token": self.token(**claims), "access_token": "unused", "token_type": "Bearer"}


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """Run a provider on this machine for the duration of the block."""
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path.startswith("/authorize?"):
                self.send_response(303)
                self.send_header("Location", provider.authorize(self.path, **provider.page_claims))
                self.end_headers()
                return
            responses: dict[str, Json] = {
                "/.well-known/openid-configuration": {
                    "issuer": provider.url,
                    "jwks_uri": f"{provider.url}/keys",
                    "authorization_endpoint": f"{provider.url}/authorize",
                    "token_endpoint": f"{provider.url}/token",
                    **provider.metadata,
                },
                "/keys": {"keys": provider.keys},
            }
            self.respond(responses.get(self.path))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: value for name, (value,) in parse_qs(body).items()}
            basic = b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            self.respond(provider.redeem(form, basic.replace("+", " ").replace("%27", "'")))

        def respond(self, body: Json | None) -> None:
            status = 503 if provider.unavailable else 400 if body is None else 200
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
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
    """Return an instant in the time format of tokens."""
    return int(at.timestamp())
