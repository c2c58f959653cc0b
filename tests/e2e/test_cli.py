"""The `gatepost` command, used against a real server like users and pipelines do."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import Role
from tests.support.client.shop import register_shop
from tests.support.client.users import create_user
from tests.support.processes.program import Program
from tests.support.processes.server import ServerProcess

REQUEST = [
    "request",
    "shop",
    "1.4.2",
    "--to=production",
    "--work",
    "SHOP-812",
    "--risk=Checkout may be slow for a minute.",
    "--rollback-plan=Redeploy 1.4.1.",
]


class Shell:
    """A shell with the settings of one user."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._folder = folder
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("GATEPOST_")
        }
        self._environment = {**inherited, **variables}

    def start(self, *arguments: str) -> Program:
        """Start the command and return its process."""
        return Program("gatepost_cli", *arguments, cwd=self._folder, env=self._environment)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run the command and return its exit code, standard output and standard error."""
        return wait_for(self.start(*arguments))

    def succeed(self, *arguments: str) -> str:
        """Run the command and return its standard output; the command must succeed."""
        exit_code, stdout, stderr = self.run(*arguments)
        assert (exit_code, stderr) == (0, "")
        return stdout


def wait_for(process: Program) -> tuple[int, str, str]:
    stdout, stderr = process.communicate(timeout=60)
    return process.wait(), stdout, stderr


@pytest.fixture
def users(server: ServerProcess, gatepost: Gatepost, tmp_path: Path) -> Mapping[str, Shell]:
    register_shop(gatepost, "1.4.2")
    tokens = {
        "ada": create_user(gatepost, "ada", Role.REQUESTER),
        "quinn": create_user(gatepost, "quinn", groups=["qa"]),
        "devin": create_user(gatepost, "devin", groups=["devops"]),
        "olga": create_user(gatepost, "olga", Role.OPERATOR),
    }
    return {
        name: Shell(tmp_path, GATEPOST_URL=server.url, GATEPOST_TOKEN=token)
        for name, token in tokens.items()
    }


def test_requester_cannot_review_their_own_request(users: Mapping[str, Shell]) -> None:
    """The exit code is 3, and the attempt is recorded."""
    ada = users["ada"]
    number = ada.succeed(*REQUEST).strip()

    exit_code, stdout, stderr = ada.run("approve", number)

    assert (exit_code, stdout) == (3, "")
    assert stderr.startswith("gatepost: 403 self_review: ")
    assert "review_denied" in ada.succeed("events", number)


def test_error_names_the_missing_field(users: Mapping[str, Shell]) -> None:
    """A production request without a risk is refused, and the error names the field."""
    without_risk = [argument for argument in REQUEST if "--risk" not in argument]

    exit_code, stdout, stderr = users["ada"].run(*without_risk)

    assert (exit_code, stdout) == (3, "")
    assert " risk_required: #/risk: " in stderr


def test_deployment_goes_from_request_to_success(users: Mapping[str, Shell]) -> None:
    """Each user runs one command, and the list and the events agree with the outcome."""
    number = users["ada"].succeed(*REQUEST).strip()

    assert "group qa" in users["quinn"].succeed("gates", number)
    outputs = [
        users["quinn"].succeed("approve", number, "--stage=qa", "--note=Fine."),
        users["devin"].succeed("approve", number),
        users["olga"].succeed("start", number),
        users["olga"].succeed("succeed", number),
    ]

    assert outputs == [
        f"{number} is pending_approval (approved_by_qa).\n",
        f"{number} is approved (approved_by_devops).\n",
        f"{number} is started (approved_by_devops).\n",
        f"{number} is succeeded (executed).\n",
    ]
    assert number in users["ada"].succeed("list", "--service=shop", "--status=succeeded")
    lines = users["ada"].succeed("events", number).splitlines()[1:]
    assert [line.split()[2:4] for line in lines] == [
        ["requested", "ada"],
        ["approved", "quinn"],
        ["approved", "devin"],
        ["started", "olga"],
        ["succeeded", "olga"],
    ]


def test_pipeline_waits_for_the_outcome(users: Mapping[str, Shell]) -> None:
    """The log first shows the number and why the deployment is waiting, and finally the outcome."""
    pipeline = users["ada"].start(*REQUEST, "--wait", "--timeout=50")
    assert pipeline.stderr
    number = pipeline.stdout.readline().strip()
    first_message = pipeline.stderr.readline() + pipeline.stderr.readline()
    for name, action in (("quinn", "approve"), ("devin", "approve"), ("olga", "start")):
        users[name].succeed(action, number)
    users["olga"].succeed("succeed", number, "--note=At last.")

    exit_code, stdout, stderr = wait_for(pipeline)

    assert (exit_code, stdout) == (0, "")
    assert first_message.startswith(f"{number} is pending_approval.\n  approval: ")
    assert stderr.endswith(f"{number} is succeeded: At last.\n")


def test_json_is_the_response_of_the_api(users: Mapping[str, Shell], gatepost: Gatepost) -> None:
    """With `--json`, every command prints the document that the API returns."""
    ada = users["ada"]
    number = json.loads(ada.succeed(*REQUEST, "--json"))["number"]
    http = gatepost.client.get_httpx_client()

    for arguments, path in (
        (["show", number], f"deployments/{number}"),
        (["list", "--service=shop"], "deployments?service=shop"),
        (["events", number], f"deployments/{number}/events"),
    ):
        document = json.loads(ada.succeed(*arguments, "--json"))
        assert document == http.get(f"/api/v1/{path}").json()
    assert json.loads(ada.succeed("whoami", "--json"))["user"]["name"] == "ada"
    assert json.loads(ada.succeed("gates", number, "--json"))["can_start"] is False
    exit_code, stdout, _ = ada.run("approve", number, "--json")
    assert (exit_code, json.loads(stdout)["code"]) == (3, "self_review")


def test_owner_needs_no_token_on_the_servers_machine(server: ServerProcess, tmp_path: Path) -> None:
    """The owner's token is read from the data folder and never printed; its use is reported."""
    owner = Shell(tmp_path, GATEPOST_URL=server.url, XDG_CONFIG_HOME=str(tmp_path))

    exit_code, stdout, stderr = owner.run("whoami")

    assert exit_code == 0
    assert stdout.startswith("name     owner\n")
    assert stderr.startswith("Using the owner's token")
    assert server.token not in stdout + stderr


def test_error_names_the_address_of_an_unreachable_server(tmp_path: Path) -> None:
    """The exit code tells a pipeline that no server responded."""
    shell = Shell(tmp_path, GATEPOST_URL="http://127.0.0.1:9", GATEPOST_TOKEN="gp_u_none")

    exit_code, stdout, stderr = shell.run("whoami", "--retry-for=0")

    assert (exit_code, stdout) == (4, "")
    assert stderr.startswith("gatepost: http://127.0.0.1:9 did not respond: ")
