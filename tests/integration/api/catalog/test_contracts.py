"""Generated contracts of a service over HTTP."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.support.http.api import Api, assert_problem, ok_json

CONTRACTS = "/services/shop/contracts"


@pytest.mark.parametrize("path", ["/contracts", "/contracts.zip", "/contracts/x", "/health"])
async def test_contracts_of_an_unknown_service_are_404(api: Api, path: str) -> None:
    """The list, the archive, a file and the health of an unregistered service are all 404."""
    assert_problem(await api.get(f"/services/nowhere{path}"), 404, "unknown_service")


@pytest.mark.parametrize(
    "path",
    [
        "terraform",
        "%2Fetc%2Fpasswd",
        "%2e%2e%2f%2e%2e%2fpyproject.toml",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "terraform%2F..%2Fjenkins%2Fshop.Jenkinsfile",
        "jenkins//shop.Jenkinsfile",
        "jenkins/shop.Jenkinsfile/",
        "jenkins%5Cshop.Jenkinsfile",
        "jenkins/cart.Jenkinsfile",
        "%00",
    ],
)
async def test_unknown_contract_path_is_404(api: Api, path: str) -> None:
    """The response is 404 for a path that is not a contract's, even if it names a server file."""
    response = await api.get(f"{CONTRACTS}/{path}")

    assert (response.status_code, response.json()["code"]) == (404, "unknown_contract")


async def test_contracts_are_listed_with_their_digests(api: Api) -> None:
    """Each file matches its listed digest, both on its own and in the archive."""
    contracts = ok_json(await api.get(CONTRACTS))
    archive = await api.get(f"{CONTRACTS}.zip")

    digests = {file["path"]: file["digest"] for file in contracts["files"]}
    assert {
        "kubernetes/envs/production/shop-deployment.yaml",
        "terraform/envs/production/shop/main.tf",
        "terraform/modules/iam/main.tf",
    } <= digests.keys()
    for path, digest in digests.items():
        file = await api.get(f"{CONTRACTS}/{path}")
        assert file.status_code == 200
        assert file.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert file.headers["ETag"] == f'"{digest}"'
        assert sha256(file.content).hexdigest() == digest
    with ZipFile(BytesIO(archive.content)) as zip_file:
        assert {name: sha256(zip_file.read(name)).hexdigest() for name in digests} == digests
        assert len(zip_file.namelist()) == len(digests)
    assert archive.headers["Content-Type"] == "application/zip"
    assert archive.headers["Content-Disposition"] == 'attachment; filename="shop-contracts.zip"'


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/zip"),
        ("application/json", "application/zip"),
        ("application/octet-stream", "application/octet-stream"),
        ("application/octet-stream;q=0.5, application/zip", "application/zip"),
    ],
)
async def test_archive_has_the_preferred_media_type(api: Api, accept: str, media_type: str) -> None:
    """The media type is `application/zip` unless the client prefers `application/octet-stream`."""
    archive = await api.get(f"{CONTRACTS}.zip", headers={"Accept": accept})

    assert archive.headers["Content-Type"] == media_type
    assert archive.headers["Vary"] == "Accept, Authorization, Cookie"


@pytest.mark.parametrize("path", ["", ".zip", "/jenkins%2Fshop.Jenkinsfile"])
async def test_unchanged_contracts_are_304(api: Api, path: str) -> None:
    """A request with the current ETag receives 304 until an input of the contracts changes."""
    tag = (await api.get(f"{CONTRACTS}{path}")).headers["ETag"]

    response = await api.get(f"{CONTRACTS}{path}", headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == tag


async def test_contracts_cover_the_environments_in_use(api: Api) -> None:
    """An archived environment is left out of the contracts until it is restored."""
    before = ok_json(await api.get(CONTRACTS))
    for archived in (True, False):
        path = "/api/v1/environments/staging"
        ok_json(await api.client.patch(path, json={"archived": archived}))
        contracts = ok_json(await api.get(CONTRACTS))
        staging_files = [file for file in contracts["files"] if "/staging/" in file["path"]]
        assert (staging_files == []) is archived
        assert (contracts == before) is not archived
