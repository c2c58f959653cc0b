"""The OpenAPI document and its pages: complete, and served without the internet."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gatepost_api.openapi.document import openapi_document
from gatepost_api.openapi.export import export
from tests.support.http.api import Api

COMMITTED: Final = Path(__file__).parents[3] / "openapi" / "openapi.json"
OPERATIONS: Final = [
    (f"{method} {path}", operation)
    for path, operations in openapi_document()["paths"].items()
    for method, operation in operations.items()
]
PAGES: Final = {
    "/docs": "text/html",
    "/docs/show.js": "text/javascript",
    "/redoc": "text/html",
    "/openapi.json": "application/vnd.oai.openapi+json",
    "/openapi.yaml": "application/yaml",
}
ADDRESS: Final = re.compile(r"""(?:https?:)?//[\w.-]+\.\w+""")


@pytest.mark.parametrize(("path", "media_type"), PAGES.items())
async def test_a_page_is_what_it_says(api: Api, path: str, media_type: str) -> None:
    """Each is served as what it is, and may load nothing from elsewhere."""
    response = await api.client.get(path)

    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/docs", "/docs/show.js", "/redoc"])
async def test_a_page_names_no_address_outside_the_server(api: Api, path: str) -> None:
    """Without the internet it looks the same, and nobody else learns that it was looked at."""
    assert ADDRESS.findall((await api.client.get(path)).text) == []


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_what_a_page_names_is_there(api: Api, path: str) -> None:
    """Scripts, styles, the icon and the document."""
    page = (await api.client.get(path)).text
    named = re.findall(r'(?:src|href|spec-url)="([^"]+)"', page)

    assert len(named) >= 3
    for address in named:
        assert (await api.client.get(address)).status_code == 200, address


async def test_the_document_is_the_same_in_both_forms(api: Api) -> None:
    """JSON and YAML say what the controllers declare."""
    assert (await api.client.get("/openapi.json")).json() == openapi_document()
    assert yaml.safe_load((await api.client.get("/openapi.yaml")).text) == openapi_document()


def test_the_document_is_the_committed_one() -> None:
    """A change of the contract is seen in review: `gatepost-server openapi` writes it."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == openapi_document()


def test_the_committed_document_is_as_it_is_written(tmp_path: Path) -> None:
    """To the last byte, so that writing it again changes nothing."""
    written = tmp_path / "new" / "openapi.json"

    assert export(written, check=False) == 0
    assert written.read_bytes() == COMMITTED.read_bytes()
    assert export(written, check=True) == 0


@pytest.mark.parametrize("old", [None, "{}\n"])
def test_a_document_that_is_not_up_to_date_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str | None
) -> None:
    """The check fails where there is none, or another one, and leaves it alone."""
    file = tmp_path / "openapi.json"
    if old is not None:
        file.write_text(old, encoding="utf-8")

    assert export(file, check=True) == 1
    assert f"{file}" in capsys.readouterr().err
    assert (file.read_text(encoding="utf-8") if file.exists() else None) == old


def test_the_document_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file it goes to the terminal."""
    assert export(None, check=False) == 0
    assert json.loads(capsys.readouterr().out) == openapi_document()


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_an_operation_is_described(name: str, operation: dict[str, Any]) -> None:
    """It has an id to call it by, a summary, a description, and a tag that is described too."""
    tags = {tag["name"] for tag in openapi_document()["tags"]}

    assert re.fullmatch("[a-z]+_[a-z_]+", operation["operationId"]), name
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert set(operation["tags"]) <= tags


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_an_operation_tells_whom_it_is_for(name: str, operation: dict[str, Any]) -> None:
    """All but health and exchange need a token, and say so; without one they are refused."""
    public = name.startswith(("get /health/", "post /api/v1/auth/exchange"))

    assert operation["security"] == ([] if public else [{"bearer": []}])
    assert ("401" in operation["responses"]) is not name.startswith("get /health/")


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_a_problem_is_declared_as_it_is_sent(name: str, operation: dict[str, Any]) -> None:
    """Every refusal of an operation is `application/problem+json`, with the one schema."""
    for status, answer in operation["responses"].items():
        if status >= "400" and not name.startswith("get /health/"):
            schema = answer["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}


def test_making_the_document_leaves_the_log_alone() -> None:
    """Whoever looks at the documents does not change what the server logs, and how often."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))

    assert openapi_document.__wrapped__() == openapi_document()
    assert (root.level, root.handlers) == before


def test_operations_are_called_by_different_names() -> None:
    """An id is the name of a function in a client."""
    ids = [operation["operationId"] for _, operation in OPERATIONS]

    assert len(set(ids)) == len(ids)
