"""A GitHub job waits until its deployment is approved, and its result ends the deployment."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from gatepost_client import Gatepost
from gatepost_client.models import (
    AnswerState,
    ApproveBody,
    IngestSourcePut,
    ReasonBody,
    Role,
    ServiceCreate,
)
from tests.support.client.users import create_user
from tests.support.domain.ingest import SECRET, encode, github_job, github_status
from tests.support.http.ingest import github_headers
from tests.support.processes.server import ServerProcess
from tests.support.workers import WorkerProcess

CLIENT_ID: Final = "Iv23liExample"
INSTALLATION_TOKEN: Final = "ghs-installation-token-1"
PATIENCE_S: Final = 60.0
RULE: Final = "deployment_protection_rule"


class GitHub(ThreadingHTTPServer):
    """Issues tokens to the App, and keeps the answers; each first attempt fails."""

    def __init__(self, public_key: rsa.RSAPublicKey) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.public_key = public_key
        self.answers: list[dict[str, Any]] = []
        self.refused = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def callback_url(self, run: int) -> str:
        return f"{self.url}/repos/example/shop/actions/runs/{run}/deployment_protection_rule"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        github = self.server
        assert isinstance(github, GitHub)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        token = self.headers["Authorization"].removeprefix("Bearer ")
        if self.path == "/app/installations/42/access_tokens":
            claims = jwt.decode(token, github.public_key, algorithms=["RS256"])
            assert claims["iss"] == CLIENT_ID
            self._respond(201, {"token": INSTALLATION_TOKEN})
        elif token != INSTALLATION_TOKEN:
            self._respond(401, {})
        elif len(github.answers) == github.refused:
            github.refused += 1
            self._respond(502, {})
        else:
            github.answers.append({"path": self.path, **json.loads(body)})
            self._respond(204, None)

    def _respond(self, status: int, answer: object) -> None:
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # of the base
        """Write nothing."""


def wait_until(is_done: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_done():
        assert time.monotonic() < until_s
        time.sleep(0.1)


def send(server: ServerProcess, payload: object, event: str, delivery: str) -> str:
    """Send a delivery as GitHub does, and return its id in Gatepost."""
    body = encode(payload)
    response = httpx2.post(
        f"{server.url}/api/v1/ingest/github",
        content=body,
        headers=github_headers(body, event=event, delivery=delivery),
    )
    assert response.json()["state"] == "applied", response.text
    return str(response.json()["id"])


def test_job_waits_for_its_approval(tmp_path: Path) -> None:
    """One is approved and succeeds; another one is rejected. No secret gets out."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    key_file = tmp_path / "app.pem"
    key_file.write_bytes(pem)
    key_file.chmod(0o600)
    github = GitHub(key.public_key())
    thread = Thread(target=github.serve_forever)
    thread.start()
    options = (
        f"--github-app={CLIENT_ID}",
        f"--github-app-key={key_file}",
        f"--github-api={github.url}",
        "--outgoing-allow=127.0.0.1",
        "--public-url=https://gatepost.example",
    )
    try:
        with (
            ServerProcess(tmp_path / "data", options=options) as server,
            WorkerProcess(server, "w1") as worker,
            Gatepost(server.url, token=server.token) as owner,
        ):
            owner.register_service(
                ServiceCreate(
                    name="shop", team="checkout", repo_url="https://github.com/example/shop"
                )
            )
            settings = {
                "secret": SECRET,
                "create_missing": True,
                "requests": {"rollback_plan": "Run the workflow of the previous release."},
            }
            owner.put_ingest_source("github", IngestSourcePut.from_dict(settings))
            quinn = create_user(owner, "quinn", Role.REVIEWER)
            deliveries = [
                send(
                    server,
                    github_job(
                        environment="staging",
                        number=run,
                        ref=f"v1.4.{run}",
                        sha=f"{run}" * 40,
                        deployment_callback_url=github.callback_url(run),
                    ),
                    RULE,
                    f"job-{run}",
                )
                for run in (1, 2)
            ]
            time.sleep(2)
            waiting = list(github.answers)
            with Gatepost(server.url, token=quinn) as reviewer:
                reviewer.approve_deployment("DEP-1", ApproveBody())
                wait_until(lambda: len(github.answers) == 1)
                reviewer.reject_deployment("DEP-2", ReasonBody(note="private note 1"))
            wait_until(lambda: len(github.answers) == 2)
            wait_until(
                lambda: all(
                    answer_state(owner, delivery) is AnswerState.SENT for delivery in deliveries
                )
            )
            status = github_status(environment="staging", number=1, ref="v1.4.1")
            send(server, status, "deployment_status", "status-1")
            statuses = [owner.get_deployment(f"DEP-{number}").status for number in (1, 2)]
            details = [owner.get_ingest_delivery(each).to_dict() for each in deliveries]
            texts = str((details, server.log(), worker.log(), github.answers))
    finally:
        github.shutdown()
        thread.join()
        github.server_close()

    assert waiting == []
    assert [(each["environment_name"], each["state"]) for each in github.answers] == [
        ("staging", "approved"),
        ("staging", "rejected"),
    ]
    assert github.answers[1]["path"] == f"/repos/example/shop/actions/runs/2/{RULE}"
    assert github.answers[1]["comment"].endswith("https://gatepost.example/deployments/DEP-2")
    assert [f"{status}" for status in statuses] == ["succeeded", "rejected"]
    assert github.refused == 2
    for secret in (INSTALLATION_TOKEN, SECRET, "private note", pem.decode().splitlines()[1]):
        assert secret not in texts


def answer_state(owner: Gatepost, delivery: str) -> AnswerState | None:
    """Return the state of the answer to the job that a delivery reported."""
    answer = owner.get_ingest_delivery(delivery).protection_answer
    return None if answer is None else answer.state
