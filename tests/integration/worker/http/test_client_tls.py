"""The guarded HTTP client over TLS connects to an address and verifies the host name."""

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
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.client import GuardedHttpClient
from gatepost_worker.http.errors import ConnectionFailed
from gatepost_worker.http.ip_addresses import Address
from tests.support.worker import a_test_server, http_response, respond_with

NAME = "shop.example"
OK = respond_with(http_response(body=b"ok"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the key and the self-signed certificate for NAME."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    not_before = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(not_before)
        .not_valid_after(not_before + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    unencrypted, pkcs8 = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    file = tmp_path_factory.mktemp("tls") / "shop.pem"
    file.write_bytes(
        key.private_bytes(encoding, pkcs8, unencrypted) + signed.public_bytes(encoding)
    )
    return file


async def resolve_to_loopback(_: str, __: int, /) -> Sequence[Address]:
    return [ip_address("127.0.0.1")]


def client(tls_context: ssl.SSLContext) -> GuardedHttpClient:
    allow_list = AllowList(["127.0.0.0/8"], setting="outgoing_allow in the policy of test")
    return GuardedHttpClient(
        allow_list, resolver=resolve_to_loopback, tls_context=tls_context, clock=SystemClock()
    )


def server_context(certificate: Path, requested_names: list[str | None]) -> ssl.SSLContext:
    """Return the server's TLS context, which records the names that clients request (SNI)."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: requested_names.append(name)
    return context


async def test_the_certificate_is_verified_against_the_host_name(certificate: Path) -> None:
    """Only the connection uses the address; the handshake and request use the host name."""
    tls_context = ssl.create_default_context(cafile=certificate)
    requested_names = list[str | None]()
    async with a_test_server(OK, tls=server_context(certificate, requested_names)) as server:
        response = await client(tls_context).request(
            "GET", f"https://{NAME}:{server.port}/x", timeout_s=5
        )

    assert (response.status, requested_names) == (200, [NAME])
    assert f"Host: {NAME}:{server.port}\r\n" in server.heads[0]


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("other.example", "Hostname mismatch"),
        ("127.0.0.1", "IP address mismatch"),
    ],
)
async def test_a_certificate_of_another_host_is_refused(
    certificate: Path, host: str, reason: str
) -> None:
    """The client sends no request to another server at the same address."""
    tls_context = ssl.create_default_context(cafile=certificate)
    async with a_test_server(OK, tls=server_context(certificate, [])) as server:
        with pytest.raises(ConnectionFailed, match=reason):
            await client(tls_context).request("GET", f"https://{host}:{server.port}/x", timeout_s=5)

    assert server.heads == []


async def test_a_self_signed_certificate_is_refused(certificate: Path) -> None:
    """A certificate that no trusted authority signed is refused, and no request is sent."""
    async with a_test_server(OK, tls=server_context(certificate, [])) as server:
        with pytest.raises(ConnectionFailed, match="certificate"):
            await client(ssl.create_default_context()).request(
                "GET", f"https://{NAME}:{server.port}/x", timeout_s=5
            )

    assert server.heads == []


async def test_a_plain_http_server_at_an_https_url_is_an_error() -> None:
    """The message contains the TLS library's reason."""

    async def serve_http(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http_response("400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(serve_http, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionFailed, match="SSL"):
            await client(ssl.create_default_context()).request(
                "GET", f"https://{NAME}:{port}/x", timeout_s=5
            )


async def test_a_handshake_that_hangs_times_out_and_is_closed() -> None:
    """Each address has its share of the time, and no connection stays open."""
    closed = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        closed.set()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionFailed, match="timed out"):
            await client(ssl.create_default_context()).request(
                "GET", f"https://{NAME}:{port}/x", timeout_s=0.2
            )
        await asyncio.wait_for(closed.wait(), 2)
