"""The script of both pipelines, run against answers as Gatepost gives them."""

import json
import os
import re
import subprocess
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from gatepost_contracts.generation import generate
from tests.support.contracts import NEEDS_CURL_AND_JQ, PAYMENTS

pytestmark = NEEDS_CURL_AND_JQ

FILES = generate(PAYMENTS).files
GITHUB = yaml.safe_load(FILES[".github/workflows/payments.yml"])["jobs"]["deploy"]["steps"][0]
JENKINS = re.findall(r"sh '''\n(.*?)'''", FILES["jenkins/payments.Jenkinsfile"], re.DOTALL)[-1]

HOSTILE_RISK = "\"'`$(touch broken)`; touch broken\n${x} \\ é😀 ${{ secrets.X }}"
DIGEST = "sha256:" + "0" * 64


class Answers(BaseHTTPRequestHandler):
    """Answers in turn what a path is to be answered, the last one again and again."""

    turns: ClassVar[dict[str, list[tuple[int, Any]]]]
    asked: ClassVar[list[tuple[str, dict[str, str], Any]]]

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or "null")
        path = self.path.partition("?")[0].removeprefix("/api/v1")
        self.asked.append((self.path, dict(self.headers), body))
        turns = self.turns[path]
        status, answer = turns.pop(0) if len(turns) > 1 else turns[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    do_GET = do_POST = answer  # noqa: N815  # the library's names

    def log_message(self, *_: object) -> None:
        pass


class Pipeline:
    """One run of a pipeline's deploy stage, and what Gatepost would answer it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.answers: dict[str, list[tuple[int, Any]]] = {
            "/identity": [(200, {"value": "a.b.c"})],
            "/auth/exchange": [(200, {"secret": "a-session", "token": {}})],
            "/services/payments/versions": [(201, {})],
            "/deployments": [(201, {"id": "an-id", "number": "DEP-42"})],
            "/deployments/an-id": [(200, {"status": "succeeded"})],
            "/deployments/an-id/gates": [(200, {"gates": []})],
            "/deployments/an-id/events": [(200, {"items": []})],
        }
        Answers.turns, Answers.asked = self.answers, []

    def asked(self, path: str) -> list[tuple[dict[str, str], Any]]:
        """The headers and bodies of what was asked of a path."""
        return [(headers, body) for where, headers, body in Answers.asked if where == path]

    def by_github(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """As a job of GitHub runs it."""
        env = {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/identity?api-version=2",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
            "GATEPOST_SERVICE": "payments",
            "GATEPOST_ENVIRONMENT": "production",
            "GATEPOST_VERSION": "f" * 40,
            "GATEPOST_COMMIT": "f" * 40,
            "GATEPOST_ARTIFACT_DIGEST": DIGEST,
            "GATEPOST_WORK_REFERENCE": "PAY-7",
            "GATEPOST_ROLLBACK_PLAN": "Redeploy.",
            "GATEPOST_RISK": HOSTILE_RISK,
            "GATEPOST_RUN": "77-1",
        }
        return self.run(["bash", "-e"], GITHUB["run"], {**env, **changes})

    def by_jenkins(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """As an agent of Jenkins runs it."""
        (self.folder / ".artifact-digest").write_text(f"{DIGEST}\n")
        env = {
            "GATEPOST_SERVICE": "payments",
            "FIRST_ENVIRONMENT": "test",
            "GATEPOST_TOKEN": "of-jenkins",
            "GIT_COMMIT": "f" * 40,
            "BUILD_NUMBER": "12",
        }
        return self.run(["sh", "-xe"], textwrap.dedent(JENKINS), {**env, **changes})

    def run(
        self, shell: list[str], script: str, env: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        own = {"PATH": os.environ["PATH"], "GATEPOST_URL": self.url, "GATEPOST_POLL_S": "0"}
        return subprocess.run(
            [*shell, "-c", script],
            cwd=self.folder,
            env={name: text.encode() for name, text in {**own, **env}.items()},  # in any locale
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Pipeline(tmp_path, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("outcome", ["failed", "rejected", "cancelled", "rolled_back"])
def test_a_deployment_that_did_not_work_fails_the_pipeline(
    pipeline: Pipeline, outcome: str
) -> None:
    """It ends non-zero, with the number, the outcome and the words of whoever ended it."""
    pipeline.answers["/deployments/an-id"] = [(200, {"status": outcome})]
    events = [
        {"to_status": "approved", "note": "Looks good."},
        {"to_status": outcome, "note": "Not on a Friday."},
    ]
    pipeline.answers["/deployments/an-id/events"] = [(200, {"items": events})]

    ran = pipeline.by_github()

    assert ran.returncode == 1
    assert f"DEP-42, payments in production, ended {outcome}: Not on a Friday.\n" in ran.stderr


def test_a_refused_request_fails_the_pipeline_in_gateposts_words(pipeline: Pipeline) -> None:
    """What is wrong is told with its pointer, and nothing is waited for."""
    fault = {"pointer": "#/risk", "detail": "Production asks for it."}
    problem = {"detail": "The request is not complete.", "errors": [fault]}
    pipeline.answers["/deployments"] = [(422, problem)]

    ran = pipeline.by_github()

    assert ran.returncode == 1
    assert ran.stderr.endswith(
        "Gatepost returned 422.\nThe request is not complete.\n#/risk: Production asks for it.\n"
    )
    assert pipeline.asked("/api/v1/deployments/an-id") == []


def test_a_service_that_gatepost_does_not_know_fails_the_pipeline(pipeline: Pipeline) -> None:
    """A version that cannot be registered is not asked for."""
    pipeline.answers["/services/payments/versions"] = [(404, {"detail": "No service payments."})]

    ran = pipeline.by_github()

    assert ran.returncode == 1
    assert "Gatepost returned 404.\nNo service payments." in ran.stderr


def test_waiting_has_an_end(pipeline: Pipeline) -> None:
    """The pipeline gives up after its time; the deployment does not."""
    pipeline.answers["/deployments/an-id"] = [(200, {"status": "pending_approval"})]

    ran = pipeline.by_github(GATEPOST_TIMEOUT_S="1")

    assert ran.returncode == 1
    assert "DEP-42 has no outcome after 1 s. It continues in Gatepost" in ran.stderr


def test_a_token_that_jenkins_cannot_renew_fails_the_pipeline(pipeline: Pipeline) -> None:
    """A 401 is final where there is one token only."""
    pipeline.answers["/deployments/an-id"] = [(401, {"detail": "The token was revoked."})]

    ran = pipeline.by_jenkins()

    assert ran.returncode == 1
    assert "Gatepost returned 401.\nThe token was revoked." in ran.stderr


@pytest.mark.parametrize("lacking", ["GATEPOST_URL", "GATEPOST_TOKEN"])
def test_what_jenkins_does_not_say_is_named(pipeline: Pipeline, lacking: str) -> None:
    """A missing setting is told by its name, before anything is asked."""
    ran = pipeline.by_jenkins(**{lacking: ""})

    assert ran.returncode != 0
    assert f"{lacking}: is not set" in ran.stderr


def test_a_job_that_github_does_not_vouch_for_ends(pipeline: Pipeline) -> None:
    """Without an identity there is no token, and nothing is asked of Gatepost."""
    pipeline.answers["/identity"] = [(403, {})]

    ran = pipeline.by_github()

    assert ran.returncode != 0
    assert pipeline.asked("/api/v1/services/payments/versions") == []


def test_an_identity_that_gatepost_does_not_trust_ends_the_job(pipeline: Pipeline) -> None:
    """A refused exchange is the end, not a token called null."""
    pipeline.answers["/auth/exchange"] = [(401, {"detail": "Nobody knows this repository."})]

    ran = pipeline.by_github()

    assert ran.returncode != 0
    assert pipeline.asked("/api/v1/services/payments/versions") == []


def test_github_asks_with_what_people_and_the_run_say(pipeline: Pipeline) -> None:
    """The version and the request arrive whole, whatever is in their texts, under one key."""
    ran = pipeline.by_github()

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("DEP-42 succeeded.\n")
    ((_, version),) = pipeline.asked("/api/v1/services/payments/versions")
    assert version == {"version": "f" * 40, "commit_sha": "f" * 40, "artifact_digest": DIGEST}
    ((headers, request),) = pipeline.asked("/api/v1/deployments")
    assert request == {
        "service": "payments",
        "environment": "production",
        "version": "f" * 40,
        "work_references": ["PAY-7"],
        "rollback_plan": "Redeploy.",
        "risk": HOSTILE_RISK,
    }
    assert headers["Idempotency-Key"] == f"payments-production-{'f' * 40}-77-1"
    assert not (pipeline.folder / "broken").exists()


def test_github_exchanges_its_identity_for_a_token(pipeline: Pipeline) -> None:
    """The job shows GitHub's word and gets a token of its own, which its log never shows."""
    ran = pipeline.by_github()

    ((headers, _),) = pipeline.asked("/identity?api-version=2&audience=gatepost")
    assert headers["Authorization"] == "Bearer of-the-job"
    ((_, exchanged),) = pipeline.asked("/api/v1/auth/exchange")
    assert exchanged == {"token": "a.b.c"}
    ((headers, _),) = pipeline.asked("/api/v1/deployments")
    assert headers["Authorization"] == "Bearer a-session"
    assert ran.stdout.count("a-session") == ran.stdout.count("::add-mask::a-session") == 1


def test_github_signs_in_again_when_its_token_ends(pipeline: Pipeline) -> None:
    """A review may take longer than a token lasts."""
    turns = [(200, {"status": "pending_approval"}), (401, {}), (200, {"status": "succeeded"})]
    pipeline.answers["/deployments/an-id"] = turns

    ran = pipeline.by_github()

    assert ran.returncode == 0
    assert len(pipeline.asked("/api/v1/auth/exchange")) == 2


def test_jenkins_asks_for_the_first_environment_unless_told_otherwise(pipeline: Pipeline) -> None:
    """The first build of a job has no parameters yet; no risk stated is no risk sent."""
    ran = pipeline.by_jenkins()

    assert ran.returncode == 0
    ((headers, request),) = pipeline.asked("/api/v1/deployments")
    assert request == {
        "service": "payments",
        "environment": "test",
        "version": "f" * 40,
        "work_references": [f"commit {'f' * 40}"],
        "rollback_plan": "Redeploy the last known good version.",
    }
    assert headers["Authorization"] == "Bearer of-jenkins"
    assert "of-jenkins" not in ran.stdout + ran.stderr


def test_jenkins_passes_on_what_a_person_chose(pipeline: Pipeline) -> None:
    """Parameters arrive whole, whatever is in their texts."""
    ran = pipeline.by_jenkins(
        ENVIRONMENT="production", RISK=HOSTILE_RISK, WORK_REFERENCE="PAY-7", ROLLBACK_PLAN="$(id)"
    )

    assert ran.returncode == 0
    ((_, request),) = pipeline.asked("/api/v1/deployments")
    assert request["environment"] == "production"
    assert request["risk"] == HOSTILE_RISK
    assert request["work_references"] == ["PAY-7"]
    assert request["rollback_plan"] == "$(id)"
    assert not (pipeline.folder / "broken").exists()


def test_a_version_known_already_is_no_obstacle(pipeline: Pipeline) -> None:
    """The same build is asked for in one environment after the other."""
    pipeline.answers["/services/payments/versions"] = [(409, {"detail": "It exists."})]

    assert pipeline.by_github().returncode == 0


def test_the_log_says_why_it_waits_each_reason_once(pipeline: Pipeline) -> None:
    """A gate that is not open is told in Gatepost's words, again only when they change."""
    waiting, done = (200, {"status": "pending_approval"}), (200, {"status": "succeeded"})
    pipeline.answers["/deployments/an-id"] = [waiting, waiting, waiting, done]
    by_qa = {"state": "waiting", "message": "1 of 1 by qa is missing."}
    lane = {"state": "open", "message": "The lane is free."}
    frozen = {"state": "closed", "message": "Frozen until Monday."}
    pipeline.answers["/deployments/an-id/gates"] = [
        (200, {"gates": [by_qa, lane]}),
        (200, {"gates": [by_qa, lane]}),
        (200, {"gates": [frozen, lane]}),
    ]

    ran = pipeline.by_github()

    assert [line for line in ran.stdout.splitlines() if line.startswith("Waiting")] == [
        "Waiting: 1 of 1 by qa is missing.",
        "Waiting: Frozen until Monday.",
    ]


def test_the_token_is_in_no_command_line() -> None:
    """Other users of the machine can read command lines; a shell's own echo is none."""
    secret = re.compile(r"\$\{?(ACTIONS_ID_TOKEN_REQUEST|GATEPOST)_TOKEN")
    for script in (GITHUB["run"], JENKINS):
        using = [line.split()[0] for line in script.splitlines() if secret.search(line)]

        assert set(using) <= {"echo", ":"}


def test_nothing_is_left_behind(pipeline: Pipeline) -> None:
    """The files that held tokens go with the script, however it ends."""
    pipeline.by_github(TMPDIR=str(pipeline.folder))

    assert list(pipeline.folder.iterdir()) == []
