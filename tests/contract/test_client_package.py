"""The client can be installed and used where nothing else of Gatepost is."""

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
from tests.support.crew import create_user
from tests.support.server import ServerProcess

CLIENT = Path(__file__).resolve().parents[2] / "packages/client"
NEEDED = {"attrs", "httpx2"}


def test_the_client_requires_two_packages() -> None:
    """Whoever installs the client gets httpx2 and attrs with it, and nothing else."""
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text("utf-8"))["project"]

    assert {re.split(r"[^\w-]", each)[0] for each in project["dependencies"]} == NEEDED
    assert "optional-dependencies" not in project


def test_the_client_imports_what_it_requires() -> None:
    """No module of the client reaches for anything that might not be there."""
    imported = {
        name.partition(".")[0]
        for module in (CLIENT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        for name in names_imported(node)
    }

    assert imported - sys.stdlib_module_names == NEEDED


def test_the_client_says_that_it_is_typed() -> None:
    """Type checkers read the annotations of a package only where this file is (PEP 561)."""
    assert (CLIENT / "src/gatepost_client/py.typed").exists()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture
def beside(server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client find the server as it would on the same machine."""
    monkeypatch.setenv("GATEPOST_URL", server.url)
    monkeypatch.setenv("GATEPOST_DATA", f"{server.data}")
    monkeypatch.delenv("GATEPOST_TOKEN", raising=False)


@pytest.mark.usefixtures("beside")
def test_a_server_on_this_machine_is_asked_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment neither gets the owner's token nor keeps the server away."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with Gatepost() as gatepost:
        assert gatepost.get_environment("test").name == "test"


@pytest.mark.usefixtures("beside")
def test_the_examples_of_the_readme_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the client's README shows works as it stands, from first to last."""
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
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102  # it is ours

    said = capsys.readouterr().out
    assert "transition_refused" in said
    assert "DEP-1 approved_by_qa" in said
    assert "304" in said


@pytest.mark.usefixtures("beside")
def test_what_is_no_json_comes_as_it_is() -> None:
    """A generated file is text, the archive of all is bytes; and a name may have slashes."""
    till = ServiceCreate(name="till", repo_url="https://git.example/till", team="tills")
    with Gatepost() as gatepost:
        contracts = gatepost.register_service(till).contracts
        gatepost.register_version("till", VersionCreate(version="feature/a%2F"))
        text = gatepost.get_contract_file("till", contracts.files[0].path)
        archive = gatepost.get_contracts_zip("till").payload.read()
        version = gatepost.get_version("till", "feature/a%2F")

    with ZipFile(BytesIO(archive)) as unpacked:
        assert unpacked.namelist() == [file.path for file in contracts.files]
        assert unpacked.read(contracts.files[0].path).decode() == text
    assert version.version == "feature/a%2F"


@pytest.mark.usefixtures("beside")
def test_a_target_is_put_as_it_is_meant() -> None:
    """What carries it out is one of several, told apart by its type; what is put reads back."""
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


def names_imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names in full."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
