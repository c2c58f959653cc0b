"""Authentication over HTTP: every operation except health and the documents requires a token."""

from __future__ import annotations

import re
import stat
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest

from gatepost_api.auth.token_secrets import generate_token_secret, is_token_secret, secret_digest
from gatepost_api.openapi.document import openapi_document
from gatepost_api.server.bootstrap import create_default_users
from gatepost_api.server.token_files import (
    OWNER_TOKEN_FILE,
    read_or_create_secret,
)
from gatepost_api.settings.server import WORKER_TOKEN_FILE
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import NOON, an_id
from tests.support.http.api import Api, assert_problem, auth_header, created_json, ok_json
from tests.support.memory.ledger import InMemoryLedger

PUBLIC: Final = ("/health/live", "/health/ready")
EXCHANGE: Final = "/api/v1/auth/exchange"
OPERATIONS: Final = [
    (method, re.sub(r"\{\w+\}", "DEP-1", path))
    for path, operations in openapi_document()["paths"].items()
    for method in operations
    if path not in {*PUBLIC, EXCHANGE, "/api/v1/ingest/{source}"}
]
TOKEN_FILES: Final = [
    (OWNER_TOKEN_FILE, UserKind.HUMAN, "gp_u_"),
    (WORKER_TOKEN_FILE, UserKind.SERVICE, "gp_s_"),
]
BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


FEED: Final = "/api/v1/freezes.ics"
INVALID_TOKEN: Final = ', error="invalid_token"'
"""What the response to an unknown, expired or revoked token adds (RFC 6750 §3.1)."""


def assert_unauthenticated(response: httpx2.Response, error: str = "") -> None:
    """Assert that the response is 401 and names the Bearer scheme; for the feed, also Basic."""
    assert_problem(response, 401, "unauthenticated")
    basic = 'Basic realm="gatepost", charset="UTF-8", ' if response.url.path == FEED else ""
    assert response.headers["WWW-Authenticate"] == f'{basic}Bearer realm="gatepost"{error}'


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_operations_require_a_token(api: Api, method: str, path: str) -> None:
    """All others than health, token exchange and signed deliveries return 401 without a token."""
    del api.client.headers["Authorization"]
    with api.assert_nothing_stored():
        for body in (None, b"["):
            assert_unauthenticated(await api.client.request(method.upper(), path, content=body))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "token-of-owner",
        "Basic b3duZXI6dG9rZW4=",
        "Token token-of-owner",
        "Bearer token-of-owner!",
        "Bearer token-of-",
        "Bearer Bearer token-of-owner",
        "Bearer token-of-owner token-of-owner",
        "Bearer, token-of-owner",
        "Bearer \xff",
        "Bearer " + "x" * 1_000_000,
    ],
)
async def test_invalid_authorization_header_is_refused(api: Api, header: str) -> None:
    """The response is 401 for another scheme, an unknown token or no token at all."""
    is_token = header.startswith("Bearer ") and header != "Bearer "
    assert_unauthenticated(
        await api.get("/deployments", headers={b"Authorization": header.encode("latin-1")}),
        INVALID_TOKEN if is_token else "",
    )


async def test_feed_names_both_schemes_for_an_invalid_password(api: Api) -> None:
    """A calendar program learns that its password was a token that is not valid."""
    response = await api.client.get(FEED, auth=("any", "token-of-nobody"))

    assert_unauthenticated(response, INVALID_TOKEN)


@pytest.mark.parametrize(
    "header", ["Bearer token-of-bo", "bearer token-of-bo", "BEARER   token-of-bo "]
)
async def test_bearer_scheme_is_case_insensitive(api: Api, header: str) -> None:
    """A token is accepted with the scheme in upper, lower or mixed case (RFC 9110 §11.1)."""
    response = await api.get("/deployments", headers={"Authorization": header})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *PUBLIC,
        "/openapi.json",
        "/openapi.yaml",
        "/docs",
        "/docs/show.js",
        "/redoc",
        "/vendor/redoc/LICENSE",
    ],
)
@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody's"}])
async def test_health_and_documents_need_no_token(
    api: Api, path: str, header: dict[str, str]
) -> None:
    """Health and the documents are served without a token, and with an unknown one."""
    del api.client.headers["Authorization"]

    assert (await api.client.get(path, headers=header)).status_code == 200


async def test_root_redirects_anonymous_browsers_to_sign_in(api: Api) -> None:
    """A browser that is not signed in is sent to the sign-in page, which later returns to `/`."""
    del api.client.headers["Authorization"]
    redirect = await api.client.get("/")

    assert redirect.is_redirect
    assert redirect.headers["Location"] == "/sign-in?next=/"


async def test_revoked_token_is_refused_from_the_next_request(api: Api) -> None:
    """A token is refused as soon as it is revoked. The holder's other tokens remain valid."""
    issued = created_json(await api.post("/users/bo/tokens", {}, headers=auth_header("bo")))
    bearer = {"Authorization": f"Bearer {issued['secret']}"}
    ok_json(await api.get("/me", headers=bearer))

    ok_json(await api.client.delete(f"/api/v1/users/bo/tokens/{issued['token']['id']}"))

    for _ in range(2):
        assert_unauthenticated(await api.get("/me", headers=bearer), INVALID_TOKEN)
    ok_json(await api.get("/me", headers=auth_header("bo")))


async def test_token_is_refused_from_its_expiry(api: Api) -> None:
    """A token works until just before `expires_at`, and is refused at that instant."""
    issued = created_json(
        await api.post(
            "/users/bo/tokens", {"expires_at": "2026-11-21T12:05:00Z"}, headers=auth_header("bo")
        )
    )
    bearer = {"Authorization": f"Bearer {issued['secret']}"}

    api.clock.advance(timedelta(minutes=5, microseconds=-1))
    ok_json(await api.get("/me", headers=bearer))
    api.clock.advance(timedelta(microseconds=1))
    assert_unauthenticated(await api.get("/me", headers=bearer), INVALID_TOKEN)


async def test_tokens_of_a_disabled_user_are_refused(api: Api) -> None:
    """All tokens of a disabled user are refused until the user is enabled again."""
    issued = created_json(await api.post("/users/bo/tokens", {}, headers=auth_header("bo")))
    headers = ({"Authorization": f"Bearer {issued['secret']}"}, auth_header("bo"))

    ok_json(await api.client.patch("/api/v1/users/bo", json={"disabled": True}))
    for header in headers:
        assert_unauthenticated(await api.get("/me", headers=header), INVALID_TOKEN)

    ok_json(await api.client.patch("/api/v1/users/bo", json={"disabled": False}))
    for header in headers:
        ok_json(await api.get("/me", headers=header))


async def test_new_server_has_an_owner_and_a_worker(tmp_path: Path) -> None:
    """The owner has every role, and the worker only the role worker. Each has a token in a file."""
    ledger = InMemoryLedger()
    await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)

    for name, roles in (("owner", set(Role)), ("worker", {Role.WORKER})):
        secret = (tmp_path / f"{name}.token").read_text(encoding="ascii").strip()
        token_holder = await ledger.find_token_holder(secret_digest(secret))
        assert token_holder is not None
        assert token_holder[0].name == name
        assert {grant.role for grant in token_holder[0].grants} == roles
        assert (token_holder[1].expires_at, token_holder[1].issuer) == (None, "system")


async def test_second_start_creates_no_user_and_no_token(tmp_path: Path) -> None:
    """A restart adds no users or tokens, and the tokens in the files stay valid."""
    ledger = InMemoryLedger()
    for _ in range(2):
        await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)

    events = (await ledger.entries(PageRequest(limit=9))).items
    first_start_kinds = ["user_added", "token_issued"] * 2
    assert [entry.event.kind for entry in events] == first_start_kinds


async def test_deleted_token_file_is_recreated(tmp_path: Path) -> None:
    """If the file is missing at a start, a new token for the same owner is written to it."""
    ledger = InMemoryLedger()
    await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)
    before = (tmp_path / OWNER_TOKEN_FILE).read_text(encoding="ascii").strip()
    (tmp_path / OWNER_TOKEN_FILE).unlink()
    await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)

    after = (tmp_path / OWNER_TOKEN_FILE).read_text(encoding="ascii").strip()
    token_holder = await ledger.find_token_holder(secret_digest(after))
    assert after != before
    assert token_holder is not None
    assert token_holder[0].name == "owner"


@pytest.mark.parametrize(("name", "kind", "prefix"), TOKEN_FILES)
def test_token_file_is_written_once_and_readable_by_its_owner_only(
    tmp_path: Path, name: str, kind: UserKind, prefix: str
) -> None:
    """The file's mode is 0600. Later starts return the secret in it instead of writing another."""
    secret, file = read_or_create_secret(tmp_path / name, kind), tmp_path / name

    assert secret.startswith(prefix)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="ascii").split() == [secret]
    assert read_or_create_secret(file, kind) == secret


@pytest.mark.parametrize("content", ["", "\n"])
@pytest.mark.parametrize(("name", "kind", "prefix"), TOKEN_FILES)
def test_incomplete_token_file_is_replaced(
    tmp_path: Path, name: str, kind: UserKind, prefix: str, content: str
) -> None:
    """A file left empty by an interrupted first start gets a secret, so nobody is locked out."""
    file = tmp_path / name
    file.touch(mode=0o600)
    file.write_text(content, encoding="ascii")

    secret = read_or_create_secret(file, kind)
    assert secret.startswith(prefix)
    assert read_or_create_secret(file, kind) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_only_the_exact_owner_token_is_accepted(api: Api, tmp_path: Path) -> None:
    """Variants of the secret and its digest are refused."""
    await create_default_users(api.ledger, api.ledger.reads, tmp_path, at=NOON, new_id=an_id)
    secret = (tmp_path / OWNER_TOKEN_FILE).read_text(encoding="ascii").strip()
    digest = secret_digest(secret)

    me = ok_json(await api.get("/me", headers={"Authorization": f"Bearer {secret}"}))
    assert me["user"]["name"] == "owner"
    for other in (
        secret[:-1],
        secret + "0",
        secret.swapcase(),
        generate_token_secret(UserKind.HUMAN),
        digest,
    ):
        bearer = {"Authorization": f"Bearer {other}"}
        assert_unauthenticated(await api.get("/me", headers=bearer), INVALID_TOKEN)


def test_generated_secrets_are_unique() -> None:
    """A thousand secrets with 190 random bits each are all different."""
    assert len({generate_token_secret(UserKind.HUMAN) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(("kind", "prefix"), [(kind, prefix) for _, kind, prefix in TOKEN_FILES])
def test_token_secret_has_a_checksum(kind: UserKind, prefix: str) -> None:
    """A secret is a prefix, 32 random characters, and the CRC-32 of both in base 62."""
    secret = generate_token_secret(kind)
    parts = re.fullmatch(f"({prefix}[0-9A-Za-z]{{32}})([0-9A-Za-z]{{6}})", secret)

    assert parts is not None
    check = 0
    for character in parts[2]:
        check = check * 62 + BASE62.index(character)
    assert check == zlib.crc32(parts[1].encode())
    assert is_token_secret(secret)
    for other in ("", prefix, secret[:-1], secret + "0", "gp_x_" + secret[5:], secret.swapcase()):
        assert not is_token_secret(other)
