"""The client matches the API contract and its types are checked strictly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.generate_client import client_view, differences

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "packages/client/src"

CONSUMER = """
from typing import assert_type
from gatepost_client import AsyncGatepost, Gatepost, every, every_async
from gatepost_client.models import *

def use(gatepost: Gatepost) -> None:
    assert_type(gatepost.get_deployment("DEP-1"), Deployment)
    assert_type(gatepost.start_deployment("DEP-1"), Deployment)
    assert_type(gatepost.list_deployments(status=[DeploymentStatus.QUEUED]), DeploymentPage)
    gatepost.list_deployments(status=["queued"])
    gatepost.approve_deployment("DEP-1", {"stage": "qa"})
    assert_type(gatepost.wait_for("DEP-1", "succeeded"), Deployment)
    assert_type(gatepost.get_readiness(), Health)
    for deployment in every(gatepost.list_deployments, service=["shop"]):
        assert_type(deployment, Deployment)

async def use_async(gatepost: AsyncGatepost) -> None:
    assert_type(await gatepost.get_deployment("DEP-1"), Deployment)
    async for event in every_async(gatepost.list_events, limit=5):
        assert_type(event, Event)

def misuse(gatepost: Gatepost) -> None:
    VersionCreate()  # type: ignore[call-arg]
    gatepost.reject_deployment("DEP-1")  # type: ignore[call-arg]
    gatepost.list_deployments(status=[1])  # type: ignore[list-item]
    every(gatepost.list_deployments, team="shop")  # type: ignore[call-arg]
"""


@pytest.mark.parametrize("seed", ["1", "2"])
@pytest.mark.parametrize("generator", ["generate_client.py", "generate_cli_options.py"])
def test_client_and_cli_options_are_generated_from_the_contract(generator: str, seed: str) -> None:
    """Generating again produces identical files, for any hash seed."""
    command = [sys.executable, f"{ROOT}/tools/{generator}", "--check"]
    env = {**os.environ, "PYTHONHASHSEED": seed}

    completed = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert (completed.returncode, completed.stdout + completed.stderr) == (0, "")


def test_stock_generation_has_no_warnings(tmp_path: Path) -> None:
    """Without this project's settings and templates, the generator supports the whole contract."""
    contract, package = ROOT / "openapi/openapi.json", tmp_path / "client"
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    options = [f"--path={contract}", f"--output-path={package}", "--meta=none"]

    completed = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (completed.returncode, completed.stderr) == (0, "")
    assert "warning" not in completed.stdout.lower()
    operations = {
        operation["operationId"]
        for path in json.loads(contract.read_text("utf-8"))["paths"].values()
        for operation in path.values()
    }
    assert {module.stem for module in package.glob("api/*/*.py")} == {"__init__", *operations}


def test_excluded_operations_and_their_schemas_are_left_out() -> None:
    """The client has no operation with an excluded tag, and no model that only it uses."""

    def operation(tag: str, schema: str) -> dict[str, object]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
        return {"tags": [tag], "responses": {"200": {"content": content}}}

    shared = {"properties": {"owner": {"$ref": "#/components/schemas/Shared"}}}
    document = {
        "paths": {
            "/kept": {"get": operation("services", "Kept")},
            "/excluded": {"get": operation("compatibility", "Excluded")},
        },
        "components": {"schemas": {"Kept": shared, "Excluded": shared, "Shared": {}, "Unused": {}}},
    }

    view = client_view(document)

    assert view["paths"]["/excluded"] == {}
    assert set(view["components"]["schemas"]) == {"Kept", "Shared", "Unused"}


def test_changed_missing_and_superfluous_files_are_named() -> None:
    """The check reports changed, missing and superfluous files."""
    same, changed, missing, superfluous = map(Path, ("a.py", "b.py", "c.py", "d.py"))

    paths = differences(
        {same: b"1", changed: b"1", superfluous: b"1"}, {same: b"1", changed: b"2", missing: b"1"}
    )

    assert list(paths) == [changed, missing, superfluous]


def test_client_and_its_callers_pass_strict_type_checks(tmp_path: Path) -> None:
    """Correct calls pass `mypy --strict`, and each incorrect call is an error."""
    consumer = tmp_path / "consumer.py"
    consumer.write_text(CONSUMER, "utf-8")
    options = ["--strict", f"--config-file={os.devnull}", f"--cache-dir={tmp_path}"]
    command = [sys.executable, "-m", "mypy", *options, f"{SOURCE}/gatepost_client", f"{consumer}"]
    env = {**os.environ, "MYPYPATH": f"{SOURCE}"}

    completed = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert completed.returncode == 0, completed.stdout
