"""The OpenAPI document and its pages: complete, and served without the internet."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gatepost_api.auth.authentication import BASIC_OPERATIONS
from gatepost_api.demo.seed import DEMO_USERS, PAST_DEPLOYMENTS, SERVICE, VERSIONS
from gatepost_api.openapi import pages
from gatepost_api.openapi.document import openapi_document
from gatepost_api.openapi.export import export
from gatepost_api.server.bootstrap import DEFAULT_ENVIRONMENTS
from gatepost_domain.gates.evaluation import GATES
from gatepost_domain.simulation.simulation import EVALUATED_GATES
from tests.support.http.api import Api

COMMITTED: Final = Path(__file__).parents[4] / "openapi" / "openapi.json"
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


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_page_without_its_scripts_says_how_to_install_them(
    api: Api, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source tree that was not installed lacks them; the page is not blank."""
    monkeypatch.setattr(pages, "ASSETS_DIRECTORY", tmp_path)

    page = await api.client.get(path)

    assert page.status_code == 200
    assert "The scripts of this page are missing" in page.text
    assert "<script" not in page.text


def test_scripts_of_the_pages_load_nothing_from_other_hosts() -> None:
    """Redoc's bundle names a logo on another host, which the build replaces."""
    scripts = list(pages.ASSETS_DIRECTORY.rglob("*.js"))

    assert scripts
    assert [script.name for script in scripts if b"cdn.redoc.ly" in script.read_bytes()] == []


@pytest.mark.parametrize(("path", "media_type"), PAGES.items())
async def test_page_has_its_media_type(api: Api, path: str, media_type: str) -> None:
    """Each page is served with its media type and may load nothing from elsewhere."""
    response = await api.client.get(path)

    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/docs", "/docs/show.js", "/redoc"])
async def test_page_refers_to_no_other_host(api: Api, path: str) -> None:
    """A documentation page contains no URL of another host."""
    assert ADDRESS.findall((await api.client.get(path)).text) == []


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_resources_of_a_page_exist(api: Api, path: str) -> None:
    """Scripts, styles, the icon and the document can be loaded."""
    page = (await api.client.get(path)).text
    addresses = re.findall(r'(?:src|href|spec-url)="([^"]+)"', page)

    assert len(addresses) >= 3
    for address in addresses:
        assert (await api.client.get(address)).status_code == 200, address


async def test_document_is_the_same_in_json_and_yaml(api: Api) -> None:
    """Both formats contain everything that the controllers declare."""
    assert (await api.client.get("/openapi.json")).json() == openapi_document()
    assert yaml.safe_load((await api.client.get("/openapi.yaml")).text) == openapi_document()


def test_document_equals_the_committed_one() -> None:
    """The committed document is current, so contract changes are visible in review."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == openapi_document()


def test_committed_document_is_reproducible(tmp_path: Path) -> None:
    """Writing the document again does not change a single byte."""
    file = tmp_path / "new" / "openapi.json"

    assert export(file, check=False) == 0
    assert file.read_bytes() == COMMITTED.read_bytes()
    assert export(file, check=True) == 0


@pytest.mark.parametrize("content", [None, "{}\n"])
def test_outdated_document_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """The check fails for a missing or different file and does not change the file."""
    file = tmp_path / "openapi.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    assert export(file, check=True) == 1
    assert f"{file}" in capsys.readouterr().err
    assert (file.read_text(encoding="utf-8") if file.exists() else None) == content


def test_document_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file argument, the document is written to standard output."""
    assert export(None, check=False) == 0
    assert json.loads(capsys.readouterr().out) == openapi_document()


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_operation_is_described(name: str, operation: dict[str, Any]) -> None:
    """Every operation has an id, a summary, a description and documented tags."""
    tags = {tag["name"] for tag in openapi_document()["tags"]}

    assert re.fullmatch("[a-z]+_[a-z_]+", operation["operationId"]), name
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert set(operation["tags"]) <= tags


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_operation_declares_its_security(name: str, operation: dict[str, Any]) -> None:
    """All operations but health, exchange and deliveries declare the bearer token and status 401.

    The calendar feed also accepts a password.
    """
    public = name == "post /api/v1/ingest/{source}" or name.startswith(
        ("get /health/", "post /api/v1/auth/exchange")
    )

    schemes = ["bearer", *(["basic"] if operation["operationId"] in BASIC_OPERATIONS else [])]

    assert operation["security"] == ([] if public else [{scheme: []} for scheme in schemes])
    assert ("401" in operation["responses"]) is not name.startswith("get /health/")


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_problem_responses_are_declared(name: str, operation: dict[str, Any]) -> None:
    """Each error of an operation is declared as `application/problem+json` with one schema."""
    for status, response in operation["responses"].items():
        if status >= "400" and not name.startswith("get /health/"):
            schema = response["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}


def test_building_the_document_leaves_logging_unchanged() -> None:
    """Requesting the document does not change the log level or the handlers."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))

    assert openapi_document.__wrapped__() == openapi_document()
    assert (root.level, root.handlers) == before


def test_operation_ids_are_unique() -> None:
    """No two operations share an id, because clients use the id as a function name."""
    ids = [operation["operationId"] for _, operation in OPERATIONS]

    assert len(set(ids)) == len(ids)


def test_examples_act_as_the_caller_and_fit_the_demo() -> None:
    """An example names no actor or requester.

    Against the data of `gatepost-server demo`, the examples refer to existing resources and create
    new ones.
    """
    document = openapi_document()
    bodies = {
        name: example
        for name, schema in document["components"]["schemas"].items()
        for example in schema.get("examples", ())
        if isinstance(example, dict)
    }
    in_path = {
        parameter["name"]: example["value"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        for example in parameter.get("examples", {}).values()
    }

    assert [name for name, body in bodies.items() if body.keys() & {"actor", "requester"}] == []
    for name in ("DeploymentCreate", "RecordCreate"):
        assert bodies[name]["service"] == SERVICE
        assert bodies[name]["environment"] in DEFAULT_ENVIRONMENTS
        assert bodies[name]["version"] in VERSIONS
    assert bodies["ServiceCreate"]["name"] != SERVICE
    assert bodies["VersionCreate"]["version"] not in VERSIONS
    assert bodies["UserCreate"]["name"] not in DEMO_USERS
    assert in_path["service"] == SERVICE
    assert in_path["version"] in VERSIONS
    assert in_path["environment"] in DEFAULT_ENVIRONMENTS
    assert in_path["user"] in DEMO_USERS
    assert in_path["deployment"] == f"DEP-{len(PAST_DEPLOYMENTS) + 1}"


def test_simulation_is_described_for_each_evaluated_gate() -> None:
    """The list of gates, in evaluation order, is that of the simulation; others do not count."""
    operations = {operation["operationId"]: operation for _, operation in OPERATIONS}

    described = re.findall(
        r"^\* `(\w+)`:", operations["simulate_policy"]["description"], flags=re.MULTILINE
    )

    assert described == list(EVALUATED_GATES)
    assert described == [rule.kind for rule in GATES if rule.kind in EVALUATED_GATES]
