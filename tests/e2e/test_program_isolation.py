"""A program that the worker runs cannot read the secrets of the worker or of the server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import CommandExecutorBody, Deployment, TargetBody
from tests.support.client.rollouts import deployment_create, register_service, wait_for
from tests.support.processes.server import ServerProcess
from tests.support.processes.unprivileged import UID

SCRIPT = Path(__file__).parents[1] / "support" / "thefts.sh"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEEDS_ROOT = pytest.mark.needs_root


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "data") as server:
        yield server


@pytest.fixture
def installed_server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "data", as_installed=True) as server:
        yield server


@pytest.fixture
def outside() -> Iterator[Path]:
    """Return a folder that every account can write to."""
    made = subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True)
    folder = Path(made.stdout.strip())
    folder.chmod(0o777)
    (folder / "thefts.sh").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "thefts.sh").chmod(0o644)
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


@contextmanager
def worker(
    server: ServerProcess, *flags: str, unprivileged: bool, **environment: str
) -> Iterator[None]:
    """Run a worker that reads its token from a descriptor."""
    reader, writer = os.pipe()
    os.write(writer, f"{server.worker_token}\n".encode())
    os.close(writer)
    module = ["gatepost_worker", "--name=berlin-1", f"--token-file=/dev/fd/{reader}", *flags]
    wrapper = ["tests.support.processes.unprivileged"] if unprivileged else []
    process = subprocess.Popen(
        [sys.executable, "-m", *wrapper, *module, f"--url={server.url}"],
        env={**os.environ, "GATEPOST_WEBHOOK_SECRET": WEBHOOK_SECRET, **environment},
        pass_fds=[reader],
    )
    os.close(reader)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def run_program(server: ServerProcess, *arguments: str) -> tuple[Deployment, str]:
    """Deploy by a program; return the deployment and everything stored about its steps."""
    with Gatepost(server.url, token=server.token) as owner:
        register_service(owner, "shop", "1.4.2")
        executor = CommandExecutorBody(arguments=["/bin/sh", *arguments])
        owner.put_target("shop", "test", TargetBody(executor=executor))
        number = owner.create_deployment(deployment_create("shop")).number
        deployment = wait_for(owner, number, within_s=90)
        steps = owner.list_deployment_steps(number).items
    return deployment, "\n".join(step.detail for step in steps)


def secrets_of(server: ServerProcess) -> Mapping[str, str]:
    key = (server.data / "signing.key").read_text(encoding="utf-8").strip()
    return {
        "owner's token": server.token,
        "worker's token": server.worker_token,
        "webhook secret": WEBHOOK_SECRET.removeprefix("whsec_"),
        "signing key": key.rpartition("+")[2],
        "database": "SQLite format 3",
    }


def stolen(server: ServerProcess, loot: Path) -> set[str]:
    content = loot.read_bytes()
    return {name for name, secret in secrets_of(server).items() if secret.encode() in content}


@pytest.mark.parametrize(
    "unprivileged",
    [
        pytest.param(True, id="the worker has an account of its own", marks=NEEDS_ROOT),
        pytest.param(False, id="programs have an account of their own", marks=NEEDS_ROOT),
    ],
)
def test_nothing_can_be_stolen(
    installed_server: ServerProcess, outside: Path, *, unprivileged: bool
) -> None:
    """Memory, environment, open files, tokens, keys and database stay out of reach."""
    server = installed_server
    flags = ["--allow-command=/bin/sh"]
    flags += [] if unprivileged else ["--command-user=nobody"]
    loot = outside / "loot"
    with worker(server, *flags, unprivileged=unprivileged):
        deployment, steps = run_program(
            server, f"{outside}/thefts.sh", f"{loot}", f"{server.data}", f"{server.pid}"
        )

    assert deployment.status.value == "succeeded", steps
    assert loot.stat().st_uid == UID or not unprivileged
    assert b"Permission denied" in loot.read_bytes()
    assert stolen(server, loot) == set()


def test_thefts_succeed_where_nothing_is_protected(tmp_path: Path, outside: Path) -> None:
    """The script would find every secret of an unprotected parent and of an open data folder."""
    data = tmp_path / "data"
    with ServerProcess(data) as server:
        loot = outside / "loot"
        parent = (
            "import subprocess, sys; subprocess.run(['/bin/sh', *sys.argv[1:]], env={}, check=True)"
        )
        script = [f"{outside}/thefts.sh", f"{loot}", f"{data}", "0"]
        subprocess.run(
            [sys.executable, "-c", parent, *script],
            env={"GATEPOST_WEBHOOK_SECRET": WEBHOOK_SECRET},
            check=True,
            timeout=120,
        )

        assert stolen(server, loot) == secrets_of(server).keys()


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        pytest.param([], "it would run as root", marks=NEEDS_ROOT),
        pytest.param(["--token=TOKEN", "--command-user=nobody"], "--token", marks=NEEDS_ROOT),
    ],
    ids=["as root", "with a visible token"],
)
def test_programs_that_could_read_a_secret_are_not_run(
    server: ServerProcess, outside: Path, flags: list[str], reason: str
) -> None:
    """The deployment fails, and its note says why and what to do instead."""
    flags = [flag.replace("TOKEN", server.worker_token) for flag in flags]
    with worker(server, "--allow-command=/bin/sh", *flags, unprivileged=False):
        deployment, steps = run_program(server, "-c", f"touch {outside}/ran")

    assert deployment.status.value == "failed"
    assert reason in steps
    assert "Run the worker on another machine" in steps
    assert not (outside / "ran").exists()


def test_worker_beside_the_server_runs_no_program(tmp_path: Path, outside: Path) -> None:
    """`serve` with an allowed program refuses it, because it has the account of the server."""
    os.environ["GATEPOST_ALLOW_COMMAND"] = "/bin/sh"
    try:
        server = ServerProcess(tmp_path / "data", worker=True)
        with server:
            deployment, steps = run_program(server, "-c", f"touch {outside}/ran")
            assert server.stop() == 0
    finally:
        del os.environ["GATEPOST_ALLOW_COMMAND"]

    assert deployment.status.value == "failed"
    assert "/bin/sh was not run" in steps
    assert not (outside / "ran").exists()


@NEEDS_ROOT
def test_secrets_in_the_output_are_not_stored(server: ServerProcess) -> None:
    """Neither the secrets of the worker nor anything that looks like one reaches the steps."""
    token, half = server.worker_token, len(server.worker_token) // 2
    script = (
        f"printf '%s' {token[:half]}; sleep 0.2; echo {token[half:]} {WEBHOOK_SECRET};"
        "echo DB_PASSWORD=hunter22; echo rolled out gp_u_0123456789abcdef"
    )
    with worker(server, "--allow-command=/bin/sh", "--command-user=nobody", unprivileged=False):
        deployment, steps = run_program(server, "-c", script)

    assert deployment.status.value == "succeeded", steps
    assert "rolled out gp_u_***" in steps
    for secret in (token, token[half:], WEBHOOK_SECRET, "hunter22", "gp_u_0123"):
        assert secret not in steps
