"""The pipelines of the README, run as they are there, while the server is restarted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost, every
from gatepost_client.models import Role
from tests.support.client.shop import register_shop
from tests.support.client.users import create_user
from tests.support.processes.reverse_proxies import free_port
from tests.support.processes.server import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"(?ms)^## In a pipeline\n(.*?)^With `--wait`")
BLOCK = re.compile(r"(?ms)^```(sh|python)\n(.*?)^```")
COMMANDS = {"sh": ["sh", "-e", "-c"], "python": [sys.executable, "-c"]}
PATIENCE_S = 120


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server with a worker that listens on the same port after each restart."""
    options = (f"--port={free_port()}",)
    with ServerProcess(tmp_path / "data", worker=True, options=options) as running:
        yield running


def pipelines() -> dict[str, str]:
    (section,) = SECTION.findall((ROOT / "README.md").read_text("utf-8"))
    return dict(BLOCK.findall(section))


def wait_for_request(gatepost: Gatepost) -> None:
    """Wait until the pipeline has requested the deployment to test."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if any(each.kind == "request" for each in every(gatepost.list_deployments)):
            return
        time.sleep(0.05)
    raise AssertionError("the pipeline requested no deployment")


@pytest.mark.parametrize("language", ["sh", "python"])
def test_pipeline_goes_on_through_a_restart(
    server: ServerProcess, gatepost: Gatepost, tmp_path: Path, language: str
) -> None:
    """The version is deployed once and requested for the next environment once."""
    register_shop(gatepost, "1.4.2")
    executor = {"kind": "simulated", "duration_s": 2}
    gatepost.put_target("shop", "test", {"executor": executor})
    variables = {
        "ADA": create_user(gatepost, "ada", Role.REQUESTER),
        "GATEPOST_URL": server.url,
        "VERSION": "1.5.0",
        "RUN": "run-7",
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = [*COMMANDS[language], pipelines()[language]]
    pipeline = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    wait_for_request(gatepost)
    server.kill()
    server.start()
    stdout, stderr = pipeline.communicate(timeout=PATIENCE_S)

    assert pipeline.returncode == 0, stderr
    deployments = [each for each in every(gatepost.list_deployments) if each.version == "1.5.0"]
    assert [(each.environment, each.status) for each in deployments][1:] == [("test", "succeeded")]
    assert deployments[0].promoted_from == deployments[1].id
    assert deployments[0].number in stdout


def test_pipelines_have_five_lines() -> None:
    """Each is as short as promised: the commands, and the calls."""
    blocks = pipelines()

    assert len(blocks["sh"].splitlines()) == 5
    assert len(re.findall(r"(?m)^    ", blocks["python"])) == 5
