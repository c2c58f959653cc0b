"""The deploy script of both pipelines, run against simulated Gatepost responses."""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from tests.support.contract_files import scripts_of
from tests.support.contracts import NEEDS_CURL_AND_JQ, PAYMENTS

pytestmark = NEEDS_CURL_AND_JQ

FILES = generate_contract_files(PAYMENTS).files
GITHUB = yaml.safe_load(FILES[".github/workflows/payments.yml"])["jobs"]["deploy"]["steps"][0]
JENKINS = scripts_of(FILES["jenkins/payments.Jenkinsfile"])[-1]

HOSTILE_RISK = "\"'`$(touch broken)`; touch broken\n${x} \\ é😀 ${{ secrets.X }}"
DIGEST = "sha256:" + "0" * 64


class FakeGatepost(BaseHTTPRequestHandler):
    """Returns the responses for each path in order. The last response is repeated."""

    response_queues: ClassVar[dict[str, list[tuple[int, Any]]]]
    requests: ClassVar[list[tuple[str, dict[str, str], Any]]]

    def respond(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or "null")
        path = self.path.partition("?")[0].removeprefix("/api/v1")
        self.requests.append((self.path, dict(self.headers), body))
        responses = self.response_queues[path]
        status, document = responses.pop(0) if len(responses) > 1 else responses[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    do_GET = do_POST = respond  # noqa: N815  # names of http.server

    def log_message(self, *_: object) -> None:
        pass


class Pipeline:
    """One run of a pipeline's deploy stage, with the responses that Gatepost returns."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.responses: dict[str, list[tuple[int, Any]]] = {
            "/identity": [(200, {"value": "a.b.c"})],
            "/auth/exchange": [(200, {"secret": "a-session", "token": {}})],
            "/services/payments/versions": [(201, {})],
            "/deployments": [(201, {"id": "an-id", "number": "DEP-42"})],
            "/deployments/an-id": [(200, {"status": "succeeded"})],
            "/deployments/an-id/gates": [(200, {"gates": []})],
            "/deployments/an-id/events": [(200, {"items": []})],
        }
        FakeGatepost.response_queues, FakeGatepost.requests = self.responses, []

    def requests_to(self, path: str) -> list[tuple[dict[str, str], Any]]:
        """Return the headers and bodies of the requests to a path."""
        return [(headers, body) for url, headers, body in FakeGatepost.requests if url == path]

    def run_on_github(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run the script as a GitHub job would."""
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

    def run_on_jenkins(self, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run the script as a Jenkins agent would."""
        (self.folder / ".artifact-digest").write_text(f"{DIGEST}\n")
        env = {
            "GATEPOST_SERVICE": "payments",
            "FIRST_ENVIRONMENT": "test",
            "GATEPOST_TOKEN": "of-jenkins",
            "GIT_COMMIT": "f" * 40,
            "BUILD_NUMBER": "12",
        }
        return self.run(["sh", "-xe"], JENKINS, {**env, **changes})

    def run(
        self, shell: list[str], script: str, env: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        common = {"PATH": os.environ["PATH"], "GATEPOST_URL": self.url, "GATEPOST_POLL_S": "0"}
        return subprocess.run(
            [*shell, "-c", script],
            cwd=self.folder,
            env={name: text.encode() for name, text in {**common, **env}.items()},  # in any locale
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeGatepost) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Pipeline(tmp_path, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("outcome", ["failed", "rejected", "cancelled", "rolled_back"])
def test_unsuccessful_deployment_fails_the_pipeline(pipeline: Pipeline, outcome: str) -> None:
    """The log shows the number, the outcome and the note of the last event."""
    pipeline.responses["/deployments/an-id"] = [(200, {"status": outcome})]
    events = [
        {"to_status": "approved", "note": "Looks good."},
        {"to_status": outcome, "note": "Not on a Friday."},
    ]
    pipeline.responses["/deployments/an-id/events"] = [(200, {"items": events})]

    result = pipeline.run_on_github()

    assert result.returncode == 1
    assert f"DEP-42, payments in production, ended {outcome}: Not on a Friday.\n" in result.stderr


def test_refused_request_fails_the_pipeline_with_the_problem(pipeline: Pipeline) -> None:
    """The log shows the detail and the pointers of the problem, and the script does not wait."""
    error = {"pointer": "#/risk", "detail": "Production asks for it."}
    problem = {"detail": "The request is not complete.", "errors": [error]}
    pipeline.responses["/deployments"] = [(422, problem)]

    result = pipeline.run_on_github()

    assert result.returncode == 1
    assert result.stderr.endswith(
        "Gatepost returned 422.\nThe request is not complete.\n#/risk: Production asks for it.\n"
    )
    assert pipeline.requests_to("/api/v1/deployments/an-id") == []


def test_unknown_service_fails_the_pipeline(pipeline: Pipeline) -> None:
    """If the version cannot be registered, the script requests no deployment."""
    pipeline.responses["/services/payments/versions"] = [(404, {"detail": "No service payments."})]

    result = pipeline.run_on_github()

    assert result.returncode == 1
    assert "Gatepost returned 404.\nNo service payments." in result.stderr


def test_pipeline_fails_after_its_timeout(pipeline: Pipeline) -> None:
    """The pipeline fails at its timeout, but the deployment continues in Gatepost."""
    pipeline.responses["/deployments/an-id"] = [(200, {"status": "pending_approval"})]

    result = pipeline.run_on_github(GATEPOST_TIMEOUT_S="1")

    assert result.returncode == 1
    assert "DEP-42 has no outcome after 1 s. It continues in Gatepost" in result.stderr


def test_invalid_token_fails_the_jenkins_pipeline(pipeline: Pipeline) -> None:
    """Jenkins has only one token, so the script does not retry after a 401 response."""
    pipeline.responses["/deployments/an-id"] = [(401, {"detail": "The token was revoked."})]

    result = pipeline.run_on_jenkins()

    assert result.returncode == 1
    assert "Gatepost returned 401.\nThe token was revoked." in result.stderr


@pytest.mark.parametrize("setting", ["GATEPOST_URL", "GATEPOST_TOKEN"])
def test_missing_jenkins_setting_is_named(pipeline: Pipeline, setting: str) -> None:
    """The script fails if a required setting is empty, and the error names the setting."""
    result = pipeline.run_on_jenkins(**{setting: ""})

    assert result.returncode != 0
    assert f"{setting}: is not set" in result.stderr


def test_github_job_without_an_identity_fails(pipeline: Pipeline) -> None:
    """Without an identity token, the script sends nothing to Gatepost."""
    pipeline.responses["/identity"] = [(403, {})]

    result = pipeline.run_on_github()

    assert result.returncode != 0
    assert pipeline.requests_to("/api/v1/services/payments/versions") == []


def test_untrusted_github_identity_fails_the_job(pipeline: Pipeline) -> None:
    """If Gatepost refuses the token exchange, the script sends no further requests."""
    pipeline.responses["/auth/exchange"] = [(401, {"detail": "Nobody knows this repository."})]

    result = pipeline.run_on_github()

    assert result.returncode != 0
    assert pipeline.requests_to("/api/v1/services/payments/versions") == []


def test_github_requests_the_deployment_with_its_inputs(pipeline: Pipeline) -> None:
    """The script sends the inputs of the workflow unchanged, with an idempotency key."""
    result = pipeline.run_on_github()

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("DEP-42 succeeded.\n")
    ((_, version),) = pipeline.requests_to("/api/v1/services/payments/versions")
    assert version == {"version": "f" * 40, "commit_sha": "f" * 40, "artifact_digest": DIGEST}
    ((headers, request),) = pipeline.requests_to("/api/v1/deployments")
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


def test_github_identity_is_exchanged_for_a_token(pipeline: Pipeline) -> None:
    """The script exchanges the job's identity token and masks the new token in the log."""
    result = pipeline.run_on_github()

    ((headers, _),) = pipeline.requests_to("/identity?api-version=2&audience=gatepost")
    assert headers["Authorization"] == "Bearer of-the-job"
    ((_, exchanged),) = pipeline.requests_to("/api/v1/auth/exchange")
    assert exchanged == {"token": "a.b.c"}
    ((headers, _),) = pipeline.requests_to("/api/v1/deployments")
    assert headers["Authorization"] == "Bearer a-session"
    assert result.stdout.count("a-session") == result.stdout.count("::add-mask::a-session") == 1


def test_github_exchanges_again_when_its_token_expires(pipeline: Pipeline) -> None:
    """The script gets a new token if approval takes longer than the token is valid."""
    responses = [(200, {"status": "pending_approval"}), (401, {}), (200, {"status": "succeeded"})]
    pipeline.responses["/deployments/an-id"] = responses

    result = pipeline.run_on_github()

    assert result.returncode == 0
    assert len(pipeline.requests_to("/api/v1/auth/exchange")) == 2


def test_jenkins_requests_the_first_environment_by_default(pipeline: Pipeline) -> None:
    """Without parameters, as in a job's first build, the first environment is requested."""
    result = pipeline.run_on_jenkins()

    assert result.returncode == 0
    ((headers, request),) = pipeline.requests_to("/api/v1/deployments")
    assert request == {
        "service": "payments",
        "environment": "test",
        "version": "f" * 40,
        "work_references": [f"commit {'f' * 40}"],
        "rollback_plan": "Redeploy the last known good version.",
    }
    assert headers["Authorization"] == "Bearer of-jenkins"
    assert "of-jenkins" not in result.stdout + result.stderr


def test_jenkins_requests_the_deployment_with_its_parameters(pipeline: Pipeline) -> None:
    """The script sends the texts of all parameters unchanged."""
    result = pipeline.run_on_jenkins(
        ENVIRONMENT="production", RISK=HOSTILE_RISK, WORK_REFERENCE="PAY-7", ROLLBACK_PLAN="$(id)"
    )

    assert result.returncode == 0
    ((_, request),) = pipeline.requests_to("/api/v1/deployments")
    assert request["environment"] == "production"
    assert request["risk"] == HOSTILE_RISK
    assert request["work_references"] == ["PAY-7"]
    assert request["rollback_plan"] == "$(id)"
    assert not (pipeline.folder / "broken").exists()


def test_existing_version_does_not_fail_the_pipeline(pipeline: Pipeline) -> None:
    """A registered version is not an error, so a build can be deployed to several environments."""
    pipeline.responses["/services/payments/versions"] = [(409, {"detail": "It exists."})]

    assert pipeline.run_on_github().returncode == 0


def test_log_shows_each_reason_for_waiting_once(pipeline: Pipeline) -> None:
    """The messages of closed gates are logged only when they change."""
    waiting, succeeded = (200, {"status": "pending_approval"}), (200, {"status": "succeeded"})
    pipeline.responses["/deployments/an-id"] = [waiting, waiting, waiting, succeeded]
    approval = {"state": "waiting", "message": "1 of 1 by qa is missing."}
    lane = {"state": "open", "message": "The lane is free."}
    freeze = {"state": "closed", "message": "Frozen until Monday."}
    pipeline.responses["/deployments/an-id/gates"] = [
        (200, {"gates": [approval, lane]}),
        (200, {"gates": [approval, lane]}),
        (200, {"gates": [freeze, lane]}),
    ]

    result = pipeline.run_on_github()

    assert [line for line in result.stdout.splitlines() if line.startswith("Waiting")] == [
        "Waiting: 1 of 1 by qa is missing.",
        "Waiting: Frozen until Monday.",
    ]


def test_token_is_not_in_a_command_line() -> None:
    """Only shell built-ins get a token, because other users can read programs' command lines."""
    secret = re.compile(r"\$\{?(ACTIONS_ID_TOKEN_REQUEST|GATEPOST)_TOKEN")
    for script in (GITHUB["run"], JENKINS):
        commands = [line.split()[0] for line in script.splitlines() if secret.search(line)]

        assert set(commands) <= {"echo", ":"}


def test_script_leaves_no_files(pipeline: Pipeline) -> None:
    """Files that contain tokens are deleted when the script ends."""
    pipeline.run_on_github(TMPDIR=str(pipeline.folder))

    assert list(pipeline.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "risk"),
    [
        ("Fix rounding\n\nRisk: totals may differ by a cent\n", "totals may differ by a cent"),
        ("Merge #7\n\nRisk: none known\nReviewed-by: Quinn", "none known"),
        ("Fix\r\n\r\nrisk:  two lines,\r\n  indented\r\nMore.", "two lines,\nindented"),
        ("Fix rounding\n\nThe risk: is mentioned", "No risk notes; the change: Fix rounding"),
        ("\n  \nFix rounding", "No risk notes; the change: Fix rounding"),
        (HOSTILE_RISK, f"No risk notes; the change: {HOSTILE_RISK.splitlines()[0]}"),
        ("", None),
    ],
)
def test_risk_is_taken_from_the_text_of_the_change(
    pipeline: Pipeline, change: str, risk: str | None
) -> None:
    """The script sends the text after `Risk:`; otherwise the first line, labelled as such."""
    result = pipeline.run_on_github(GATEPOST_RISK="", GATEPOST_COMMIT_MESSAGE=change)

    assert result.returncode == 0, result.stderr
    ((_, body),) = pipeline.requests_to("/api/v1/deployments")
    assert body.get("risk") == risk


def test_risk_is_found_in_the_description_of_the_pull_request(pipeline: Pipeline) -> None:
    """If the commit message states no risk, it is read from the pull request's description."""
    programs = pipeline.folder / "programs"
    programs.mkdir()
    gh = programs / "gh"
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "Body of $2" "Risk: none known"\n')
    gh.chmod(0o755)

    result = pipeline.run_on_github(
        PATH=f"{programs}:{os.environ['PATH']}",
        GITHUB_REPOSITORY="example/payments",
        GATEPOST_RISK="",
        GATEPOST_COMMIT_MESSAGE="Merge pull request #7",
    )

    assert result.returncode == 0, result.stderr
    ((_, body),) = pipeline.requests_to("/api/v1/deployments")
    assert body["risk"] == "none known"


def test_entered_risk_takes_precedence(pipeline: Pipeline) -> None:
    """The text of the change is only used if nobody entered the risk."""
    pipeline.run_on_github(GATEPOST_RISK="Entered.", GATEPOST_COMMIT_MESSAGE="Fix\n\nRisk: other")

    ((_, body),) = pipeline.requests_to("/api/v1/deployments")
    assert body["risk"] == "Entered."
