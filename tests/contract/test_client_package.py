"""The client can be installed and used without any other Gatepost package."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from gatepost_client import Gatepost, every
from gatepost_client.models import (
    CommandExecutor,
    CommandExecutorBody,
    Role,
    ServiceCreate,
    TargetBody,
    TargetCheckBody,
    VersionCreate,
)
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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
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


@pytest.mark.usefixtures("local_server")
def test_files_and_version_names_are_transferred_unchanged() -> None:
    """Generated files are text, archives are bytes, and version names may contain slashes."""
    till = ServiceCreate(name="till", repo_url="https://git.example/till", team="tills")
    with Gatepost() as gatepost:
        contracts = gatepost.register_service(till).contracts
        gatepost.register_version("till", VersionCreate(version="feature/a%2F"))
        text = gatepost.get_contract_file("till", contracts.files[0].path)
        archive = gatepost.get_contracts_zip("till").payload.read()
        version = gatepost.get_version("till", "feature/a%2F")

    with ZipFile(BytesIO(archive)) as zip_file:
        assert zip_file.namelist() == [file.path for file in contracts.files]
        assert zip_file.read(contracts.files[0].path).decode() == text
    assert version.version == "feature/a%2F"


@pytest.mark.usefixtures("local_server")
def test_target_settings_are_read_back_as_sent() -> None:
    """The executor settings have the type that belongs to their kind."""
    desk = ServiceCreate(name="desk", repo_url="https://git.example/desk", team="desks")
    command = CommandExecutorBody(arguments=["/opt/deploy", "desk"])
    check = TargetCheckBody(name="up", path="/", body={"deep": [1.5, None]})
    body = TargetBody(base_url="https://desk.example", executor=command, checks=[check])
    with Gatepost() as gatepost:
        gatepost.register_service(desk)
        gatepost.put_target("desk", "test", body)
        target = gatepost.get_target("desk", "test")
        assert list(every(gatepost.list_targets, "desk")) == [target]

    assert target.executor == CommandExecutor(arguments=["/opt/deploy", "desk"])
    assert target.checks[0].body == {"deep": [1.5, None]}


def imported_modules(node: ast.AST) -> list[str]:
    """Return the full names of the modules that an import statement imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
