"""Who may ask over HTTP: whoever holds a token, and for health and documents anybody."""

from __future__ import annotations

import re
import stat
import zlib
from pathlib import Path
from typing import Final

import httpx2
import pytest

from gatepost_api.openapi.document import document
from gatepost_api.security import (
    OWNER_TOKEN_FILE,
    USER_TOKEN_PREFIX,
    OwnerToken,
    new_token,
    owner_token,
)
from tests.support.api import Api, problem

PUBLIC: Final = ("/health/live", "/health/ready")
OPERATIONS: Final = [
    (method, re.sub(r"\{\w+\}", "DEP-1", path))
    for path, operations in document()["paths"].items()
    for method in operations
    if path not in PUBLIC
]
BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def refused(response: httpx2.Response) -> None:
    """Who is not known is told how to sign in, and nothing else."""
    problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="gatepost"'


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_no_operation_is_open_to_whoever_has_no_token(
    api: Api, method: str, path: str
) -> None:
    """Each operation of the document but health asks for a token, before it asks anything else."""
    del api.client.headers["Authorization"]
    with api.nothing_stored():
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


async def test_the_way_in_leads_to_the_documents(api: Api) -> None:
    """Whoever opens the server's address in a browser finds out what it can do."""
    del api.client.headers["Authorization"]
    response = await api.client.get("/")

    assert response.is_redirect
    assert response.headers["Location"] == "/docs"


def test_the_owners_token_is_made_once_and_only_this_account_can_read_it(tmp_path: Path) -> None:
    """A restart changes nothing for whoever uses it."""
    token = owner_token(tmp_path)
    file = tmp_path / OWNER_TOKEN_FILE

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="ascii").split() == [token]
    assert owner_token(tmp_path) == token


@pytest.mark.parametrize("left", ["", "\n"])
def test_a_token_that_was_not_written_to_its_end_is_made_anew(tmp_path: Path, left: str) -> None:
    """A server that stopped at its very first start does not lock its owner out."""
    file = tmp_path / OWNER_TOKEN_FILE
    file.touch(mode=0o600)
    file.write_text(left, encoding="ascii")

    token = owner_token(tmp_path)
    assert token.startswith(USER_TOKEN_PREFIX)
    assert owner_token(tmp_path) == token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_owners_token_opens_and_no_other_does(tmp_path: Path) -> None:
    """Whoever holds it is the owner, who vouches for the actors that requests name."""
    token = owner_token(tmp_path)
    caller = OwnerToken(token).caller(token)

    assert caller is not None
    assert (caller.name, caller.speaks_for_anyone) == ("owner", True)
    for other in ("", token[:-1], token + " ", token.swapcase(), new_token(USER_TOKEN_PREFIX)):
        assert OwnerToken(token).caller(other) is None


def test_no_two_tokens_are_alike() -> None:
    """They are drawn, 190 bits each."""
    assert len({new_token(USER_TOKEN_PREFIX) for _ in range(1000)}) == 1000


def test_a_token_can_be_told_from_chance() -> None:
    """A scanner finds a prefix, 32 characters, and the CRC-32 of both in base 62."""
    token = new_token(USER_TOKEN_PREFIX)
    found = re.fullmatch("(gp_u_[0-9A-Za-z]{32})([0-9A-Za-z]{6})", token)

    assert found is not None
    check = 0
    for character in found[2]:
        check = check * 62 + BASE62.index(character)
    assert check == zlib.crc32(found[1].encode())
