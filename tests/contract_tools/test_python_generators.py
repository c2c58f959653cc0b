"""Python programs use the API with the code that other generators write."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import httpx2
import msgspec
import pytest

from tests.support.processes.node import ROOT
from tests.support.processes.server import ServerProcess

CONTRACT = ROOT / "openapi/openapi.json"
CALLS = Path(__file__).with_name("stock_client_calls.py")

READS = {
    "/health/ready": "Health",
    "/api/v1/me": "Me",
    "/api/v1/services": "ServicePage",
    "/api/v1/services/shop/versions": "VersionPage",
    "/api/v1/environments": "EnvironmentPage",
    "/api/v1/events": "EventPage",
    "/api/v1/deployments": "DeploymentPage",
    "/api/v1/deployments/DEP-99": "Problem",
}
"""Requests, and the schema of each response."""


def run(*arguments: str | Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module with a folder as the current one and return its output."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def check_types(folder: Path, *files: str | Path) -> subprocess.CompletedProcess[str]:
    """Check files strictly with mypy, without the settings of this repository."""
    options = ["--strict", "--config-file=", f"--cache-dir={folder / 'cache'}"]
    return run("-m", "mypy", *options, *files, folder=folder)


def test_stock_client_has_valid_types_and_its_calls_succeed(
    server: ServerProcess, tmp_path: Path
) -> None:
    """openapi-python-client, without our settings, generates a client that works."""
    shutil.copy(CALLS, tmp_path / "calls.py")

    generated = run(
        *("-m", "openapi_python_client", "generate", f"--path={CONTRACT}", "--meta=none"),
        f"--output-path={tmp_path / 'stock_client'}",
        folder=tmp_path,
    )
    checked = check_types(tmp_path, "calls.py")

    assert generated.returncode == 0, generated.stdout + generated.stderr
    assert checked.returncode == 0, checked.stdout + checked.stderr
    access = {"GATEPOST_URL": server.url, "GATEPOST_TOKEN": server.token}
    called = run("calls.py", folder=tmp_path, **access)
    assert called.returncode == 0, called.stderr
    answer = json.loads(called.stdout)
    assert answer["number"] in answer["numbers"]
    assert answer["code"] == "unknown_deployment"


@pytest.fixture(scope="module")
def structs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the structs that datamodel-code-generator writes for the contract."""
    folder = tmp_path_factory.mktemp("structs")
    generated = run(
        *("-m", "datamodel_code_generator", "--input", CONTRACT, "--input-file-type=openapi"),
        *("--output-model-type=msgspec.Struct", "--target-python-version=3.11"),
        *("--use-annotated", "--set-default-enum-member", "--formatters=builtin"),
        *("--output", "structs.py"),
        folder=folder,
    )
    assert generated.returncode == 0, generated.stderr
    return folder / "structs.py"


def test_structs_of_another_generator_have_valid_types(structs: Path) -> None:
    """The structs of datamodel-code-generator pass the strict checks of mypy."""
    checked = check_types(structs.parent, structs)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("path", "schema"), READS.items())
def test_responses_can_be_decoded_with_generated_structs(
    server: ServerProcess, structs: Path, path: str, schema: str
) -> None:
    """Each response is valid for the struct of its schema."""
    struct = getattr(load(structs), schema)
    headers = {"Authorization": f"Bearer {server.token}"}

    response = httpx2.get(f"{server.url}{path}", headers=headers)

    assert msgspec.json.decode(response.content, type=struct)


def load(file: Path) -> ModuleType:
    """Import a file as a module."""
    specification = importlib.util.spec_from_file_location(file.stem, file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[file.stem] = module  # the decoder looks up the names of types there
    specification.loader.exec_module(module)
    return module
