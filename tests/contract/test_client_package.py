"""The client can be installed and used without any other Gatepost package."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import Role, ServiceCreate, VersionCreate
from tests.support.client.users import create_user
from tests.support.processes.server import ServerProcess

CLIENT = Path(__file__).resolve().parents[2] / "packages/client"
DEPENDENCIES = {"attrs", "httpx2"}


def test_client_requires_two_packages() -> None:
    """The client's only dependencies are httpx2 and attrs."""
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text("utf-8"))["project"]

    assert {
        re.split(r"[^\w-]", dependency)[0] for dependency in project["dependencies"]
    } == DEPENDENCIES
    assert "optional-dependencies" not in project


def test_client_imports_only_its_dependencies() -> None:
    """No module imports a package that might not be installed."""
    imported = {
        name.partition(".")[0]
        for module in (CLIENT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        for name in imported_modules(node)
    }

    assert imported - sys.stdlib_module_names == DEPENDENCIES


def test_client_has_a_type_marker() -> None:
    """Type checkers need the file `py.typed` (PEP 561)."""
    assert (CLIENT / "src/gatepost_client/py.typed").exists()


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, server_url: str | None
) -> Iterator[ServerProcess]:
    if server_url is not None:
        pytest.skip("it needs an empty server on this machine, with its data folder")
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


@pytest.fixture
def local_server(server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure the client as on the server's machine."""
    monkeypatch.setenv("GATEPOST_URL", server.url)
    monkeypatch.setenv("GATEPOST_DATA", f"{server.data}")
    monkeypatch.delenv("GATEPOST_TOKEN", raising=False)


@pytest.mark.usefixtures("local_server")
def test_local_server_is_called_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment neither receives the owner's token nor blocks the request."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with Gatepost() as gatepost:
        assert gatepost.get_environment("test").name == "test"


@pytest.mark.usefixtures("local_server")
def test_examples_of_the_readme_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All examples run unchanged and in order."""
    readme = (CLIENT / "README.md").read_text("utf-8")
    examples = re.findall(r"(?ms)^```python\n(.*?)^```", readme)
    portal = ServiceCreate(
        name="customer-portal", repo_url="https://git.example/portal", team="web"
    )
    with Gatepost() as gatepost:
        gatepost.register_service(portal)
        gatepost.register_version(portal.name, VersionCreate(version="1.4.2"))
        monkeypatch.setenv("RITA", create_user(gatepost, "rita", Role.REQUESTER))
        monkeypatch.setenv("QUINN", create_user(gatepost, "quinn", groups=["qa"]))

    for example in examples:
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102  # our own code

    stdout = capsys.readouterr().out
    assert "transition_refused" in stdout
    assert "DEP-1 approved_by_qa" in stdout
    assert "304" in stdout


def imported_modules(node: ast.AST) -> list[str]:
    """Return the full names of the modules that an import statement imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
