"""Who may ask over HTTP: whoever holds a token, and for health and documents anybody."""

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
    WORKER_TOKEN_FILE,
    read_or_create_secret,
)
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
    if path not in {*PUBLIC, EXCHANGE}
]
FILES: Final = [
    (OWNER_TOKEN_FILE, UserKind.HUMAN, "gp_u_"),
    (WORKER_TOKEN_FILE, UserKind.SERVICE, "gp_s_"),
]
BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def refused(response: httpx2.Response) -> None:
    """Who is not known is told how to sign in, and nothing else."""
    assert_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="gatepost"'


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_no_operation_is_open_to_whoever_has_no_token(
    api: Api, method: str, path: str
) -> None:
    """Each of the document but health and exchange asks for one, before it asks anything else."""
    del api.client.headers["Authorization"]
    with api.assert_nothing_stored():
        for body in (None, b"["):
            refused(await api.client.request(method.upper(), path, content=body))


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
async def test_a_header_that_holds_no_token_of_anybody_is_refused(api: Api, header: str) -> None:
    """Another scheme, another token, or none at all."""
    refused(await api.get("/deployments", headers={b"Authorization": header.encode("latin-1")}))


@pytest.mark.parametrize(
    "header", ["Bearer token-of-bo", "bearer token-of-bo", "BEARER   token-of-bo "]
)
async def test_a_token_lets_its_holder_in(api: Api, header: str) -> None:
    """The scheme has no case (RFC 9110 §11.1)."""
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
async def test_health_and_documents_are_for_everybody(
    api: Api, path: str, header: dict[str, str]
) -> None:
    """They answer without a token, and whatever token comes."""
    del api.client.headers["Authorization"]

    assert (await api.client.get(path, headers=header)).status_code == 200


async def test_the_way_in_leads_to_the_sign_in_page(api: Api) -> None:
    """Whoever opens the server's address in a browser is asked who they are, and let on then."""
    del api.client.headers["Authorization"]
    response = await api.client.get("/")

    assert response.is_redirect
    assert response.headers["Location"] == "/sign-in?next=/"


async def test_a_revoked_token_opens_nothing_from_the_next_request_on(api: Api) -> None:
    """Nor does it ever again; another token of its holder still does."""
    issued = created_json(await api.post("/users/bo/tokens", {}))
    bearer = {"Authorization": f"Bearer {issued['secret']}"}
    ok_json(await api.get("/me", headers=bearer))

    ok_json(await api.client.delete(f"/api/v1/users/bo/tokens/{issued['token']['id']}"))

    for _ in range(2):
        refused(await api.get("/me", headers=bearer))
    ok_json(await api.get("/me", headers=auth_header("bo")))


async def test_a_token_opens_until_it_expires(api: Api) -> None:
    """At that instant it is over."""
    issued = created_json(
        await api.post("/users/bo/tokens", {"expires_at": "2026-11-21T12:05:00Z"})
    )
    bearer = {"Authorization": f"Bearer {issued['secret']}"}

    api.clock.advance(timedelta(minutes=5, microseconds=-1))
    ok_json(await api.get("/me", headers=bearer))
    api.clock.advance(timedelta(microseconds=1))
    refused(await api.get("/me", headers=bearer))


async def test_no_token_of_whoever_is_disabled_opens_anything(api: Api) -> None:
    """Until they are enabled again, whatever tokens they hold."""
    issued = created_json(await api.post("/users/bo/tokens", {}))
    held = ({"Authorization": f"Bearer {issued['secret']}"}, auth_header("bo"))

    ok_json(await api.client.patch("/api/v1/users/bo", json={"disabled": True}))
    for bearer in held:
        refused(await api.get("/me", headers=bearer))

    ok_json(await api.client.patch("/api/v1/users/bo", json={"disabled": False}))
    for bearer in held:
        ok_json(await api.get("/me", headers=bearer))


async def test_a_new_server_knows_its_owner_and_its_worker(tmp_path: Path) -> None:
    """The owner may do everything, the worker carries out; each by the token in its file."""
    ledger = InMemoryLedger()
    await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)

    for name, roles in (("owner", set(Role)), ("worker", {Role.WORKER})):
        secret = (tmp_path / f"{name}.token").read_text(encoding="ascii").strip()
        held = await ledger.find_token_holder(secret_digest(secret))
        assert held is not None
        assert held[0].name == name
        assert {grant.role for grant in held[0].grants} == roles
        assert (held[1].expires_at, held[1].issuer) == (None, "system")


async def test_a_second_start_makes_nobody_and_no_token(tmp_path: Path) -> None:
    """A restart changes nothing for whoever uses the tokens in the files."""
    ledger = InMemoryLedger()
    for _ in range(2):
        await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)

    events = (await ledger.entries(PageRequest(limit=9))).items
    made_then = ["user_added", "token_issued"] * 2
    assert [entry.event.kind for entry in events] == made_then


async def test_a_token_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    """With another token for the same owner."""
    ledger = InMemoryLedger()
    await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)
    before = (tmp_path / OWNER_TOKEN_FILE).read_text(encoding="ascii").strip()
    (tmp_path / OWNER_TOKEN_FILE).unlink()
    await create_default_users(ledger, ledger, tmp_path, at=NOON, new_id=an_id)

    after = (tmp_path / OWNER_TOKEN_FILE).read_text(encoding="ascii").strip()
    held = await ledger.find_token_holder(secret_digest(after))
    assert after != before
    assert held is not None
    assert held[0].name == "owner"


@pytest.mark.parametrize(("name", "kind", "prefix"), FILES)
def test_a_token_file_is_made_once_and_only_this_account_can_read_it(
    tmp_path: Path, name: str, kind: UserKind, prefix: str
) -> None:
    """What it holds is what programs of this machine send, from one start to the next."""
    secret, file = read_or_create_secret(tmp_path / name, kind), tmp_path / name

    assert secret.startswith(prefix)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="ascii").split() == [secret]
    assert read_or_create_secret(file, kind) == secret


@pytest.mark.parametrize("left", ["", "\n"])
@pytest.mark.parametrize(("name", "kind", "prefix"), FILES)
def test_a_token_that_was_not_written_to_its_end_is_made_anew(
    tmp_path: Path, name: str, kind: UserKind, prefix: str, left: str
) -> None:
    """A server that stopped at its very first start does not lock its owner out."""
    file = tmp_path / name
    file.touch(mode=0o600)
    file.write_text(left, encoding="ascii")

    secret = read_or_create_secret(file, kind)
    assert secret.startswith(prefix)
    assert read_or_create_secret(file, kind) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_the_owners_token_opens_and_none_like_it_does(api: Api, tmp_path: Path) -> None:
    """Only the very secret does, to the last character."""
    ledger = api.app.state.context.ledger
    await create_default_users(ledger, ledger.reads, tmp_path, at=NOON, new_id=an_id)
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
        refused(await api.get("/me", headers={"Authorization": f"Bearer {other}"}))


def test_no_two_secrets_are_alike() -> None:
    """They are drawn, 190 bits each."""
    assert len({generate_token_secret(UserKind.HUMAN) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(("kind", "prefix"), [(kind, prefix) for _, kind, prefix in FILES])
def test_a_secret_can_be_told_from_chance(kind: UserKind, prefix: str) -> None:
    """A scanner finds a prefix, 32 characters, and the CRC-32 of both in base 62."""
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
