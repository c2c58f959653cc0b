"""The server and its worker send traces to a collector, and do without one."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import DeploymentStatus
from tests.support.client.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.collector import running_collector
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import a_sample_service

STOP_LIMIT_S = 10


def test_rollout_is_one_trace_from_worker_to_server_and_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A standard variable is enough; requests of a rollout are children of its span."""
    with running_collector() as collector, a_sample_service() as target:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        with ServerProcess(tmp_path / "data", worker=True) as server:
            with Gatepost(server.url, token=server.token) as owner:
                register_service(owner, "shop", "1.4.2")
                allow_loopback_checks(owner)
                checks = [a_check("health", "/health")]
                use_simulated_executor(owner, "shop", base_url=target.url, checks=checks)
                requested = owner.create_deployment(deployment_create("shop"))
                wait_for(owner, requested.number, DeploymentStatus.SUCCEEDED)
            spans = collector.wait_for("create_deployment", "rollout", "finish_claim", "write")
            secrets = (server.token, server.worker_token)
            assert server.stop() == 0

    (rollout,) = (span for span in spans if span.name == "rollout")
    (finish,) = (span for span in spans if span.name == "finish_claim")
    assert (rollout.service, finish.service) == ("gatepost-worker", "gatepost-server")
    assert (finish.trace_id, finish.parent_span_id) == (rollout.trace_id, rollout.span_id)
    assert rollout.attributes["gatepost.outcome"] == "succeeded"
    assert finish.attributes["http.response.status_code"] == 200
    assert any(rollout.trace_id in value for value in target.traceparents)
    assert collector.paths == {"/v1/traces"}
    assert f"trace_id={rollout.trace_id}" in server.log()
    for secret in secrets:
        assert secret.encode() not in collector.raw


def test_silent_collector_delays_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a collector that accepts connections and never answers, the server works and stops."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://{host}:{port}")
        with ServerProcess(tmp_path / "data", worker=True) as server:
            with Gatepost(server.url, token=server.token) as owner:
                assert owner.get_me().user.name == "owner"
            began_s = time.monotonic()
            exit_code = server.stop()
            took_s = time.monotonic() - began_s

    assert exit_code == 0
    assert took_s < STOP_LIMIT_S
