"""The guard over TLS: pinned to an address, and still held to the name."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gatepost_worker.foundation.clock import SystemClock
from gatepost_worker.http.addresses import Address
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.client import GuardedHttpClient
from gatepost_worker.http.errors import ConnectionFailed
from tests.support.worker import a_test_server, http, responding

NAME = "shop.example"
OK = responding(http(body=b"ok"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of NAME that vouches for itself, with its key behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain, pkcs8 = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    file = tmp_path_factory.mktemp("tls") / "shop.pem"
    file.write_bytes(key.private_bytes(encoding, pkcs8, plain) + made.public_bytes(encoding))
    return file


async def here(_: str, __: int, /) -> Sequence[Address]:
    return [ip_address("127.0.0.1")]


def guard(trust: ssl.SSLContext) -> GuardedHttpClient:
    allow_list = AllowList(["127.0.0.0/8"], environment="test")
    return GuardedHttpClient(allow_list, resolve_host=here, trust=trust, clock=SystemClock())


def serving(certificate: Path, seen: list[str | None]) -> ssl.SSLContext:
    """The server's side, which takes down the name that callers ask for."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: seen.append(name)
    return context


async def test_the_certificate_is_the_names_although_the_address_is_called(
    certificate: Path,
) -> None:
    """The name goes with the handshake and the request; only the connection goes by number."""
    trust, seen = ssl.create_default_context(cafile=certificate), list[str | None]()
    async with a_test_server(OK, tls=serving(certificate, seen)) as site:
        answer = await guard(trust).ask("GET", f"https://{NAME}:{site.port}/x", timeout_s=5)

    assert (answer.status, seen) == (200, [NAME])
    assert f"Host: {NAME}:{site.port}\r\n" in site.heads[0]


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("other.example", "Hostname mismatch"),
        ("127.0.0.1", "IP address mismatch"),
    ],
)
async def test_a_certificate_of_another_name_is_not_believed(
    certificate: Path, host: str, words: str
) -> None:
    """Whoever answers at the address must be who was meant."""
    trust = ssl.create_default_context(cafile=certificate)
    async with a_test_server(OK, tls=serving(certificate, [])) as site:
        with pytest.raises(ConnectionFailed, match=words):
            await guard(trust).ask("GET", f"https://{host}:{site.port}/x", timeout_s=5)

    assert site.heads == []


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(certificate: Path) -> None:
    """There is no way to turn that off."""
    async with a_test_server(OK, tls=serving(certificate, [])) as site:
        with pytest.raises(ConnectionFailed, match="certificate"):
            await guard(ssl.create_default_context()).ask(
                "GET", f"https://{NAME}:{site.port}/x", timeout_s=5
            )

    assert site.heads == []


async def test_plain_http_where_tls_is_asked_for_is_told() -> None:
    """A slip in the URL is a failure with words."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http("400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionFailed, match="SSL"):
            await guard(ssl.create_default_context()).ask(
                "GET", f"https://{NAME}:{port}/x", timeout_s=5
            )


async def test_a_handshake_that_hangs_is_given_up_and_closed() -> None:
    """Each address has its turn, and none keeps what was opened to it."""
    ended = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.set()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionFailed, match="not there in time"):
            await guard(ssl.create_default_context()).ask(
                "GET", f"https://{NAME}:{port}/x", timeout_s=0.2
            )
        await asyncio.wait_for(ended.wait(), 2)
