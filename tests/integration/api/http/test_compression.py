"""Compression, and how long responses may be kept."""

from __future__ import annotations

import gzip
from typing import Final

import pytest

from tests.support.http.api import Api, assert_problem, created_json, deployment_body, ok_json

CSV: Final = b"service,environment,version,deployed_at\nshop,test,1.0.0,2026-11-01T00:00:00Z\n"


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/api/v1/deployments"])
async def test_large_responses_are_compressed(api: Api, path: str) -> None:
    """A client that accepts gzip gets it, with the same content."""
    for _ in range(3):
        await api.create_deployment()
    plain = await api.client.get(path, headers={"Accept-Encoding": "identity"})

    compressed = await api.client.get(path, headers={"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.content == plain.content
    assert int(compressed.headers["Content-Length"]) < len(plain.content) / 2
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in compressed.headers["Vary"]


async def test_streamed_responses_are_compressed(api: Api) -> None:
    """An export is compressed part by part."""
    await api.create_deployment()
    path = "/api/v1/audit/export?format=jsonl"
    plain = await api.client.get(path, headers={"Accept-Encoding": "identity"})

    compressed = await api.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.content == plain.content


@pytest.mark.parametrize("accept", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0"])
async def test_responses_are_not_compressed_against_the_wish_of_the_client(
    api: Api, accept: str
) -> None:
    """A client that does not accept gzip, or excludes it, gets the plain body."""
    response = await api.client.get("/openapi.json", headers={"Accept-Encoding": accept})

    assert "Content-Encoding" not in response.headers


async def test_small_and_compressed_responses_are_sent_as_they_are(api: Api) -> None:
    """Compressing a few bytes, or an archive, gains nothing."""
    await api.create_deployment()
    for path in ("/health/live", "/api/v1/deployments/DEP-1/evidence?format=zip"):
        response = await api.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in response.headers


async def test_import_accepts_gzip(api: Api) -> None:
    """A compressed file is imported like the file itself, also in several members."""
    headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    body = gzip.compress(CSV[:50]) + gzip.compress(CSV[50:])
    await api.create_deployment()

    imported = ok_json(await api.post("/deployments/import", content=body, headers=headers))
    assert imported["imported"] == 1


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code", "pointer"),
    [
        (CSV, "gzip", 400, "malformed", "#"),
        (gzip.compress(CSV)[:-4], "gzip", 400, "malformed", "#"),
        (CSV, "br", 415, "unsupported_content_encoding", "header/Content-Encoding"),
        (CSV, "gzip, gzip", 415, "unsupported_content_encoding", "header/Content-Encoding"),
    ],
    ids=["not gzip", "cut off", "br", "twice"],
)
async def test_invalid_compression_is_refused(
    api: Api, body: bytes, encoding: str, status: int, code: str, pointer: str
) -> None:
    """Nothing of a body that cannot be decompressed is imported."""
    headers = {"Content-Type": "text/csv", "Content-Encoding": encoding}
    await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.post("/deployments/import", content=body, headers=headers)

    assert_problem(response, status, code, pointer)


async def test_decompressed_import_is_bounded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small body that expands without limit is refused once it exceeds the limit."""
    monkeypatch.setattr("gatepost_api.tracking.records_controller.MAX_IMPORT_BYTES", 1_000_000)
    headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    bomb = gzip.compress(CSV + b"\n" * 50_000_000)
    with api.assert_nothing_stored():
        response = await api.post("/deployments/import", content=bomb, headers=headers)

    assert_problem(response, 413, "body_too_large", "#")


async def test_compressed_json_is_refused_with_the_accepted_encoding(api: Api) -> None:
    """Bodies of other operations are never decompressed."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments",
            content=gzip.compress(b"{}"),
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        )

    assert_problem(response, 415, "unsupported_content_encoding", "header/Content-Encoding")
    assert response.headers["Accept-Encoding"] == "identity"


async def test_responses_can_be_kept_and_revalidated(api: Api) -> None:
    """What is read may be kept by the client alone; pages and results of actions are not."""
    await api.create_deployment()
    for path in ("/deployments/DEP-1", "/deployments/current", "/deployments", "/me"):
        headers = (await api.get(path)).headers
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Authorization, Cookie" in headers["Vary"]
    created = await api.post("/deployments", deployment_body())
    created_json(created)
    assert created.headers["Cache-Control"] == "no-store"
    token = await api.post("/users/owner/tokens", {"name": "laptop"})
    assert token.headers["Cache-Control"] == "no-store"


async def test_documentation_assets_are_kept_for_a_year(api: Api) -> None:
    """The pages name assets by an address that changes with their content."""
    page = (await api.client.get("/redoc")).text
    script = page.partition('<script src="')[2].partition('"')[0]

    response = await api.client.get(script)
    kept = set(response.headers["Cache-Control"].split(", "))
    assert kept == {"public", "max-age=31536000", "immutable"}
    unversioned = await api.client.get("/vendor/redoc/bundles/redoc.standalone.js")
    assert set(unversioned.headers["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert unversioned.content == response.content
