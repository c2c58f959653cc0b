"""The client in this repository is the contract's, and keeps what its types promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.generate_client import differences

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
    gatepost.list_deployments(status=["queued"])  # type: ignore[list-item]
    every(gatepost.list_deployments, team="shop")  # type: ignore[call-arg]
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_client_is_generated_from_the_contract(seed: str) -> None:
    """Generating again gives every generated file byte for byte, in any order of hashing."""
    command = [sys.executable, f"{ROOT}/tools/generate_client.py", "--check"]
    env = {**os.environ, "PYTHONHASHSEED": seed}

    checked = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_a_file_that_differs_is_missing_or_is_left_over_is_named() -> None:
    """No difference between the client and the contract goes unnoticed."""
    same, changed, missing, left_over = map(Path, ("a.py", "b.py", "c.py", "d.py"))

    found = differences(
        {same: b"1", changed: b"1", left_over: b"1"}, {same: b"1", changed: b"2", missing: b"1"}
    )

    assert list(found) == [changed, missing, left_over]


def test_whoever_uses_the_client_is_told_the_types(tmp_path: Path) -> None:
    """The client passes mypy's strictest checks, and so does a consumer that uses it rightly."""
    consumer = tmp_path / "consumer.py"
    consumer.write_text(CONSUMER, "utf-8")
    how = ["--strict", f"--config-file={os.devnull}", f"--cache-dir={tmp_path}"]
    command = [sys.executable, "-m", "mypy", *how, f"{SOURCE}/gatepost_client", f"{consumer}"]
    env = {**os.environ, "MYPYPATH": f"{SOURCE}"}

    checked = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout
