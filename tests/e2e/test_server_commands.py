"""The commands of `gatepost-server`, run in the server's terminal."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from gatepost_client import Gatepost, GatepostProblem
from gatepost_client.models import DeploymentStatus, EventKind, TokenCreate, UserCreate
from tests.support.processes.program import run_program
from tests.support.processes.server import ServerProcess


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """Run `gatepost-server` with these arguments."""
    return run_program("gatepost_api", *arguments, f"--data={data}")


def run_as_installed(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """Run `gatepost-server` as users do, without the fork server."""
    return subprocess.run(
        [sys.executable, "-m", "gatepost_api", *arguments, f"--data={data}"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_existing_user_is_not_added_again(tmp_path: Path) -> None:
    """A second `users add` prints no token, regardless of the case of the name."""
    added = run_as_installed("users", "add", "quinn", "--role=reviewer", data=tmp_path)
    assert added.returncode == 0, added.stderr

    for name in ("quinn", "QUINN"):
        refused = run("users", "add", name, "--role=admin", data=tmp_path)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == f"The user {name} already exists.\n"


@pytest.mark.parametrize("name", ["system", "SYSTEM"])
def test_reserved_name_is_refused(tmp_path: Path, name: str) -> None:
    """A user cannot have a name reserved for the system or for a worker."""
    refused = run("users", "add", name, data=tmp_path)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "is reserved" in refused.stderr


def test_printed_token_authenticates_the_new_user(server: ServerProcess) -> None:
    """The token is the only line of the output, is not stored, and has only the user's rights."""
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


def test_existing_user_can_get_another_token(server: ServerProcess) -> None:
    """`users token` prints a valid token for a user, and none for an unknown name."""
    issued = run("users", "token", "owner", data=server.data)
    refused = run("users", "token", "nobody", data=server.data)

    with Gatepost(server.url, token=issued.stdout.strip()) as owner:
        assert owner.get_me().token.label == "printed by users token"
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "There is no user nobody.\n"


def test_sign_in_link_works_once(server: ServerProcess) -> None:
    """Each link signs in a browser only once."""
    # The command finds the URL of the server in the data folder.
    for link in (server.create_sign_in_link(), server.create_sign_in_link()):
        secret = link.partition("?link=")[2]
        headers = {"Origin": server.url}
        with httpx2.Client(base_url=server.url, headers=headers) as browser:
            assert "Sign in as owner" in browser.get(link).text
            assert browser.post("/sign-in", data={"link": secret}).status_code == 303
            assert browser.get("/api/v1/me").json()["user"]["name"] == "owner"
            assert browser.post("/sign-in/out").status_code == 303
            assert browser.get("/api/v1/me").status_code == 401
            assert browser.post("/sign-in", data={"link": secret}).status_code == 401
        assert secret not in server.log()


def test_server_does_not_start_without_its_oidc_file(tmp_path: Path) -> None:
    """The error names the setting and the problem."""
    refused = run("serve", "--port=0", f"--oidc={tmp_path / 'oidc.toml'}", data=tmp_path)

    assert refused.returncode == 2
    assert "GATEPOST_OIDC: cannot read" in refused.stderr


def test_commands_find_the_running_server_and_report_one_that_was_killed(tmp_path: Path) -> None:
    """Commands read the server's URL from a file, and say if no server answers at the URL."""
    file = tmp_path / "data" / "server.url"
    with ServerProcess(tmp_path / "data") as server:
        found = run("demo", data=server.data)
        server.stop()
        after_stop = file.exists()
        server.start()
        url = server.url
        server.kill()
        with socket.socket() as reserved:  # no server of another test takes the port
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            reserved.bind(("127.0.0.1", int(url.rpartition(":")[2])))
            stale = run("sign-in-link", "--print-link", data=server.data)
        server.start()  # replaces the file

        assert file.read_text(encoding="ascii") == f"{server.url}\n"
    assert re.search(r"http://127\.0\.0\.1:\d+/api/v1/deployments/DEP-4/approve", found.stdout)
    assert ":8000/" not in found.stdout
    assert not after_stop
    assert stale.stdout.startswith("http://localhost:8000/sign-in?link=")
    assert (
        f"According to {file}, the server is at {url}, but no Gatepost server answers"
        in stale.stderr
    )


def test_demo_data_is_created_only_once(tmp_path: Path) -> None:
    """A second `demo` creates nothing and prints no tokens."""
    assert run_as_installed("demo", data=tmp_path).returncode == 0

    refused = run("demo", data=tmp_path)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "already contains the demo" in refused.stderr


def test_demo_deployment_needs_its_reviewers(server: ServerProcess) -> None:
    """The requester's own review is denied and recorded; two reviewers approve, and it starts."""
    stdout = run("demo", data=server.data).stdout
    tokens = dict(re.findall(r"^export (\w+)=(gp_u_\w+)", stdout, re.MULTILINE))
    (number,) = re.findall(r"^# (DEP-\d+) ", stdout, re.MULTILINE)

    with Gatepost(server.url, token=tokens["ADA"]) as ada:
        with pytest.raises(GatepostProblem) as refused:
            ada.approve_deployment(number)
        assert (refused.value.status, refused.value.code) == (403, "self_review")
        last_event = ada.list_deployment_events(number).items[-1]
        assert (last_event.kind, last_event.actor) == (EventKind.REVIEW_DENIED, "ada")
    with Gatepost(server.url, token=tokens["QUINN"]) as quinn:
        assert quinn.approve_deployment(number).review.label == "approved_by_qa"
    with Gatepost(server.url, token=tokens["DEVIN"]) as devin:
        assert devin.approve_deployment(number).status is DeploymentStatus.APPROVED
    with Gatepost(server.url, token=tokens["OLGA"]) as olga:
        assert olga.start_deployment(number).status is DeploymentStatus.STARTED


def test_demo_versions_were_committed_before_they_were_deployed(server: ServerProcess) -> None:
    """Each version has a commit of its own, so that the comparison of two shows a difference."""
    stdout = run("demo", data=server.data).stdout
    (token,) = re.findall(r"^export ADA=(gp_u_\w+)", stdout, re.MULTILINE)

    with Gatepost(server.url, token=token) as ada:
        versions = {version.version: version for version in ada.list_versions("shop").items}
        deployments = ada.list_deployments().items

    assert len({version.commit_sha for version in versions.values()}) == len(versions) == 2
    for deployment in deployments:
        committed_at = versions[deployment.version].committed_at
        assert committed_at is not None
        assert committed_at < (deployment.deployed_at or deployment.created_at)


def test_person_enrols_by_an_invitation_of_the_terminal(server: ServerProcess) -> None:
    """The link is printed only on request; a reset revokes everything, and allows another."""
    token = run("users", "add", "inga", "--role=viewer", data=server.data).stdout.strip()
    refused = run("users", "invite", "inga", "--print-link", data=server.data)
    assert (refused.returncode, "reset inga first" in refused.stderr) == (1, True)

    assert run("users", "reset", "inga", data=server.data).returncode == 0
    with Gatepost(server.url, token=token) as inga, pytest.raises(GatepostProblem):
        inga.get_me()
    hidden = run("users", "invite", "inga", data=server.data)
    assert (hidden.returncode, hidden.stdout) == (1, "")
    assert "--print-link" in hidden.stderr

    link = run("users", "invite", "inga", "--print-link", data=server.data).stdout.strip()
    origin, _, secret = link.partition("/invitation?link=")
    with httpx2.Client(base_url=origin, headers={"Origin": origin}) as browser:
        assert "You are invited" in browser.get(link).text
        assert browser.post("/invitation", data={"link": secret}).status_code == 303
        me = browser.get("/api/v1/me").json()
    assert (me["user"]["name"], me["user"]["provenance"]) == ("inga", {})
    assert "inga  human  viewer" in run("users", "list", data=server.data).stdout
    assert run("users", "disable", "inga", data=server.data).returncode == 0
    assert "disabled" in run("users", "list", data=server.data).stdout


def test_account_is_linked_in_the_terminal(server: ServerProcess) -> None:
    """It adds nobody to the provenance, and an account of another user is refused."""
    for name in ("inga", "kurt"):
        assert run("users", "add", name, "--role=viewer", data=server.data).returncode == 0
    account = ("--issuer=https://id.example", "--subject=s-1")

    linked = run("users", "link", "inga", *account, data=server.data)
    named = run(
        "users",
        "link",
        "inga",
        "--issuer=https://ci.example",
        "--login-name=Inga-GH",
        data=server.data,
    )
    refused = run("users", "link", "kurt", *account, data=server.data)

    assert (linked.returncode, named.returncode, refused.returncode) == (0, 0, 1)
    assert "is now a login of inga" in linked.stderr
    assert "s-1" in refused.stderr
    with Gatepost(server.url, token=server.token) as owner:
        inga = owner.get_user("inga")
    assert [(login.subject, login.name) for login in inga.logins] == [
        ("s-1", None),
        (None, "inga-gh"),
    ]
    assert {login.linked_by for login in inga.logins} == {"system"}
    assert inga.provenance.to_dict() == {}


def test_last_admin_is_disabled_only_by_force(server: ServerProcess) -> None:
    """The refusal names the option, and the command then warns that nobody can manage people."""
    refused = run("users", "disable", "owner", data=server.data)
    assert (refused.returncode, "add --force" in refused.stderr) == (1, True)
    assert "Give somebody else that role first" in refused.stderr

    forced = run("users", "disable", "owner", "--force", data=server.data)

    assert (forced.returncode, "Warning: no enabled person" in forced.stderr) == (0, True)
    assert "disabled" in run("users", "list", data=server.data).stdout
    assert run("users", "add", "inga", "--role=admin", data=server.data).returncode == 0
    again = run("users", "disable", "inga", "--force", data=server.data)
    assert "Warning" in again.stderr


def test_owner_token_is_rotated(server: ServerProcess) -> None:
    """The file has a new token, and the old one is revoked."""
    old = server.token

    rotated = run("tokens", "rotate", "owner", data=server.data)

    assert rotated.returncode == 0, rotated.stderr
    assert server.token != old
    with Gatepost(server.url, token=server.token) as owner:
        assert owner.get_me().user.name == "owner"
        issued = owner.issue_token("owner", TokenCreate(label="second"))
        token_id = f"{issued.token.id}"
        assert token_id in run("tokens", "list", "owner", data=server.data).stdout
        assert run("tokens", "revoke", "owner", token_id, data=server.data).returncode == 0
        assert token_id not in run("tokens", "list", "owner", data=server.data).stdout
    assert run("tokens", "revoke", "owner", "none", data=server.data).returncode == 1
    with Gatepost(server.url, token=old) as former, pytest.raises(GatepostProblem):
        former.get_me()
