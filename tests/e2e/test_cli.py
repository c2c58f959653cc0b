"""The `gatepost` command as people and pipelines start it, on a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import Role
from tests.support.crew import hire
from tests.support.server import ServerProcess
from tests.support.shop import register_shop

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


class Person:
    """Somebody at a terminal of their own."""

    def __init__(self, folder: Path, **env: str) -> None:
        self._folder = folder
        here = {key: text for key, text in os.environ.items() if not key.startswith("GATEPOST_")}
        self._env = {**here, **env}

    def starts(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "gatepost_cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env=self._env,
        )

    def runs(self, *arguments: str) -> tuple[int, str, str]:
        """The command to its end: exit code, standard output, standard error."""
        return end(self.starts(*arguments))

    def does(self, *arguments: str) -> str:
        """What the command answers, since it succeeds."""
        code, out, err = self.runs(*arguments)
        assert (code, err) == (0, "")
        return out


def end(command: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = command.communicate(timeout=60)
    return command.returncode, out, err


@pytest.fixture
def people(server: ServerProcess, gatepost: Gatepost, tmp_path: Path) -> Mapping[str, Person]:
    register_shop(gatepost, "1.4.2")
    tokens = {
        "ada": hire(gatepost, "ada", Role.REQUESTER),
        "quinn": hire(gatepost, "quinn", groups=["qa"]),
        "devin": hire(gatepost, "devin", groups=["devops"]),
        "olga": hire(gatepost, "olga", Role.OPERATOR),
    }
    return {
        name: Person(tmp_path, GATEPOST_URL=server.url, GATEPOST_TOKEN=token)
        for name, token in tokens.items()
    }


def test_a_requester_is_refused_the_review_of_their_own(people: Mapping[str, Person]) -> None:
    """The command ends with 3 and the server's sentence, and the attempt is on record."""
    ada = people["ada"]
    number = ada.does(*REQUEST).strip()

    code, out, err = ada.runs("approve", number)

    assert (code, out) == (3, "")
    assert err.startswith("gatepost: 403 self_review: ")
    assert "review_denied" in ada.does("events", number)


def test_a_request_that_lacks_something_is_pointed_at(people: Mapping[str, Person]) -> None:
    """Production asks for the risk, and the command says where it is missing."""
    code, out, err = people["ada"].runs(*(part for part in REQUEST if "--risk" not in part))

    assert (code, out) == (3, "")
    assert "\n  #/risk: " in err


def test_a_deployment_goes_from_request_to_success(people: Mapping[str, Person]) -> None:
    """Each person does their part by one word, and every view of it agrees."""
    number = people["ada"].does(*REQUEST).strip()

    assert "group:qa" in people["quinn"].does("gates", number)
    said = [
        people["quinn"].does("approve", number, "--stage=qa", "--note=Fine."),
        people["devin"].does("approve", number),
        people["olga"].does("start", number),
        people["olga"].does("succeed", number),
    ]

    assert said == [
        f"{number} is pending_approval (approved_by_qa).\n",
        f"{number} is approved (approved_by_devops).\n",
        f"{number} is started (approved_by_devops).\n",
        f"{number} is succeeded (executed).\n",
    ]
    assert number in people["ada"].does("list", "--service=shop", "--status=succeeded")
    happened = [line.split()[2:4] for line in people["ada"].does("events", number).splitlines()[1:]]
    assert happened == [
        ["requested", "ada"],
        ["approved", "quinn"],
        ["approved", "devin"],
        ["started", "olga"],
        ["succeeded", "olga"],
    ]


def test_a_pipeline_waits_for_the_people_and_succeeds_with_them(
    people: Mapping[str, Person],
) -> None:
    """Its log says at once which deployment it is and whom it waits for, then how it ended."""
    pipeline = people["ada"].starts(*REQUEST, "--wait", "--timeout=50")
    assert pipeline.stdout
    assert pipeline.stderr
    number = pipeline.stdout.readline().strip()
    waits = pipeline.stderr.readline() + pipeline.stderr.readline()
    for name, word in (("quinn", "approve"), ("devin", "approve"), ("olga", "start")):
        people[name].does(word, number)
    people["olga"].does("succeed", number, "--note=At last.")

    code, out, err = end(pipeline)

    assert (code, out) == (0, "")
    assert waits.startswith(f"{number} is pending_approval.\n  approval: ")
    assert err.endswith(f"{number} is succeeded: At last.\n")


def test_every_answer_can_be_read_by_a_program(
    people: Mapping[str, Person], gatepost: Gatepost
) -> None:
    """`--json` answers with what the API answers, word for word."""
    ada = people["ada"]
    asked = json.loads(ada.does(*REQUEST, "--json"))
    number = asked["number"]
    http = gatepost.client.get_httpx_client()

    for arguments, path in (
        (["show", number], f"deployments/{number}"),
        (["list", "--service=shop"], "deployments?service=shop"),
        (["events", number], f"deployments/{number}/events"),
    ):
        answered = json.loads(ada.does(*arguments, "--json"))
        assert answered == http.get(f"/api/v1/{path}").json()
    assert json.loads(ada.does("whoami", "--json"))["user"]["name"] == "ada"
    assert json.loads(ada.does("gates", number, "--json"))["can_start"] is False
    code, out, _ = ada.runs("approve", number, "--json")
    assert (code, json.loads(out)["code"]) == (3, "self_review")


def test_beside_a_data_folder_nothing_needs_to_be_set_but_where(
    server: ServerProcess, tmp_path: Path
) -> None:
    """Whoever started the server is its owner at once, and sees no token."""
    owner = Person(tmp_path, GATEPOST_URL=server.url)

    told = owner.does("whoami")

    assert told.startswith("name     owner\n")
    assert server.token not in told


def test_a_server_that_is_not_there_is_told_with_its_address(tmp_path: Path) -> None:
    """A pipeline learns from the exit code that nobody answered."""
    nobody = Person(tmp_path, GATEPOST_URL="http://127.0.0.1:9", GATEPOST_TOKEN="gp_u_none")

    code, out, err = nobody.runs("whoami")

    assert (code, out) == (4, "")
    assert err.startswith("gatepost: http://127.0.0.1:9 did not answer: ")
