"""What the server's own terminal does for people, beside a server that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from gatepost_client import Gatepost, GatepostProblem
from gatepost_client.models import DeploymentStatus, EventKind, UserCreate
from tests.support.server import ServerProcess


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """`gatepost-server` with these arguments, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gatepost_api", *arguments, f"--data={data}"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_somebody_who_is_known_is_left_as_they_are(tmp_path: Path) -> None:
    """A second add, in whatever spelling, prints no token and says why."""
    added = run("users", "add", "quinn", "--role=reviewer", data=tmp_path)
    assert added.returncode == 0, added.stderr

    for name in ("quinn", "QUINN"):
        refused = run("users", "add", name, "--role=admin", data=tmp_path)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == f"The user {name} exists already.\n"


@pytest.mark.parametrize("name", ["system", "Worker:one"])
def test_gateposts_own_names_are_refused_here_too(tmp_path: Path, name: str) -> None:
    """Nobody goes by them, whoever makes them known."""
    refused = run("users", "add", name, data=tmp_path)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Gatepost's own name" in refused.stderr


def test_a_token_that_is_printed_works_at_the_running_server(server: ServerProcess) -> None:
    """It is the one line of the output, is kept nowhere, and does what it was given."""
    added = run("users", "add", "quinn", "--role=reviewer", "--group=qa", data=server.data)
    (secret,) = added.stdout.splitlines()

    with Gatepost(server.url, token=secret) as quinn:
        me = quinn.get_me()
        with pytest.raises(GatepostProblem) as refused:
            quinn.add_user(UserCreate(name="x"))
    assert (me.user.name, me.user.groups, me.token.issuer) == ("quinn", ["qa"], "system")
    assert [grant.role for grant in me.grants] == ["reviewer"]
    assert (refused.value.status, refused.value.code) == (403, "forbidden")
    assert secret not in added.stderr + server.log()
    for file in server.data.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_another_token_is_printed_for_somebody_who_is_known(server: ServerProcess) -> None:
    """It works beside those they have; for somebody unknown there is none."""
    printed = run("users", "token", "owner", data=server.data)
    refused = run("users", "token", "nobody", data=server.data)

    with Gatepost(server.url, token=printed.stdout.strip()) as owner:
        assert owner.get_me().token.label == "printed by users token"
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "There is no user nobody.\n"


def test_a_link_that_is_printed_signs_a_browser_in_once(server: ServerProcess) -> None:
    """The one that `serve` prints, and any other that is asked for later."""
    another = run("sign-in-link", f"--url={server.url}", data=server.data)

    for link in (server.link, another.stdout.strip()):
        secret = link.partition("?link=")[2]
        origin = {"Origin": server.url}
        with httpx2.Client(base_url=server.url, headers=origin) as browser:
            assert "Sign in as owner" in browser.get(link).text
            assert browser.post("/sign-in", data={"link": secret}).status_code == 303
            assert browser.get("/api/v1/me").json()["user"]["name"] == "owner"
            assert browser.post("/sign-in/out").status_code == 303
            assert browser.get("/api/v1/me").status_code == 401
            assert browser.post("/sign-in", data={"link": secret}).status_code == 401
        assert secret not in server.log()


def test_a_file_of_trust_that_cannot_be_read_starts_no_server(tmp_path: Path) -> None:
    """It says which, and why."""
    refused = run("serve", "--port=0", f"--oidc={tmp_path / 'oidc.toml'}", data=tmp_path)

    assert refused.returncode == 2
    assert "GATEPOST_OIDC: cannot read" in refused.stderr


def test_the_demonstration_is_refused_a_second_time(tmp_path: Path) -> None:
    """It makes nothing anew, and prints no tokens."""
    assert run("demo", data=tmp_path).returncode == 0

    again = run("demo", data=tmp_path)

    assert (again.returncode, again.stdout) == (1, "")
    assert "has the demonstration already" in again.stderr


def test_the_demonstration_shows_four_eyes(server: ServerProcess) -> None:
    """Its requester is refused and put on record; its reviewers get the deployment approved."""
    told = run("demo", data=server.data).stdout
    tokens = dict(re.findall(r"^export (\w+)=(gp_u_\w+)", told, re.MULTILINE))
    number = told.partition(",")[0].removeprefix("# ")

    with Gatepost(server.url, token=tokens["ADA"]) as ada:
        with pytest.raises(GatepostProblem) as refused:
            ada.approve_deployment(number)
        assert (refused.value.status, refused.value.code) == (403, "self_review")
        last = ada.list_deployment_events(number).items[-1]
        assert (last.kind, last.actor) == (EventKind.REVIEW_DENIED, "ada")
    with Gatepost(server.url, token=tokens["QUINN"]) as quinn:
        assert quinn.approve_deployment(number).review.label == "approved_by_qa"
    with Gatepost(server.url, token=tokens["DEVIN"]) as devin:
        assert devin.approve_deployment(number).status is DeploymentStatus.APPROVED
