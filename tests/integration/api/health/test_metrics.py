"""The metrics, parsed as Prometheus does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import httpx2
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from gatepost_domain.status_transitions import Status
from gatepost_domain.storage_errors import StorageUnreachable
from tests.support.http import notifications
from tests.support.http.api import Api, auth_header
from tests.support.http.check_runs import claim_check_run
from tests.support.http.webhooks import add_webhook, queue
from tests.support.http.worker_claims import claim_queued_deployment

EXPECTED: Final[Mapping[str, str]] = {
    "gatepost_backup_duration_seconds": "gauge",
    "gatepost_backup_failures": "counter",
    "gatepost_backup_interval_seconds": "gauge",
    "gatepost_backup_timestamp_seconds": "gauge",
    "gatepost_build_info": "gauge",
    "gatepost_checkpoint_events": "gauge",
    "gatepost_checkpoint_failures": "counter",
    "gatepost_checkpoint_timestamp_seconds": "gauge",
    "gatepost_claims": "gauge",
    "gatepost_commit_actions": "histogram",
    "gatepost_commit_duration_seconds": "histogram",
    "gatepost_commit_failures": "counter",
    "gatepost_database_up": "gauge",
    "gatepost_event_seq": "gauge",
    "gatepost_event_streams": "gauge",
    "gatepost_notification_delay_seconds": "gauge",
    "gatepost_notification_outbox_events": "gauge",
    "gatepost_notifications": "gauge",
    "gatepost_oldest_open_deployment_seconds": "gauge",
    "gatepost_open_check_runs": "gauge",
    "gatepost_open_deployments": "gauge",
    "gatepost_request_duration_seconds": "histogram",
    "gatepost_requests": "counter",
    "gatepost_webhook_delay_seconds": "gauge",
    "gatepost_webhook_deliveries": "gauge",
    "gatepost_webhook_outbox_events": "gauge",
    "gatepost_worker_last_seen_timestamp_seconds": "gauge",
    "gatepost_workers": "gauge",
    "gatepost_write_queue_depth": "gauge",
}
"""Every metric of ours, with its type."""


@pytest.fixture
def api(api: Api) -> Api:
    """Return the API with the observers that `serve` sets."""
    metrics = api.app.state.context.metrics
    api.ledger.observer = metrics
    metrics.observe_queue(lambda: api.ledger.depth)
    return api


async def scrape(api: Api) -> dict[str, float]:
    """Return every sample of a scrape, by its name and its sorted label values."""
    response = await api.client.get("/metrics")
    assert response.status_code == httpx2.codes.OK
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return {
        " ".join(
            (sample.name, *(value for _, value in sorted(sample.labels.items())))
        ): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


async def test_every_metric_has_its_type(api: Api) -> None:
    """A scrape is valid, and contains exactly the documented metrics, with a text for each."""
    families = list(text_string_to_metric_families((await api.client.get("/metrics")).text))

    ours = {family.name: family for family in families if family.name.startswith("gatepost_")}
    assert {name: family.type for name, family in ours.items()} == EXPECTED
    assert all(family.documentation for family in ours.values())


async def test_open_metrics_are_offered(api: Api) -> None:
    """A scraper that accepts OpenMetrics gets them."""
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    response = await api.client.get("/metrics", headers=accept)

    assert response.headers["Content-Type"].startswith("application/openmetrics-text")
    assert EXPECTED.keys() <= {family.name for family in parse_openmetrics(response.text)}  # type: ignore[no-untyped-call]  # no types


async def test_requests_are_counted(api: Api) -> None:
    """Requests are counted by operation and status, also refused and unknown ones."""
    await api.create_deployment()
    await api.get("/deployments/DEP-9")
    await api.client.get("/nowhere")
    before = await scrape(api)
    await api.create_deployment()

    after = await scrape(api)
    created = "gatepost_requests_total create_deployment 201"
    assert after[created] == before[created] + 1
    assert after["gatepost_requests_total get_deployment 404"] == 1
    assert after["gatepost_requests_total none 404"] == 1
    assert after["gatepost_request_duration_seconds_count create_deployment"] == 2
    assert after["gatepost_request_duration_seconds_sum create_deployment"] > 0


async def test_commits_and_events_are_counted(api: Api) -> None:
    """A write moves the number of commits and of events."""
    before = await scrape(api)
    await api.create_deployment()

    after = await scrape(api)
    assert after["gatepost_event_seq"] > before["gatepost_event_seq"]
    assert after["gatepost_commit_actions_sum"] == before["gatepost_commit_actions_sum"] + 1
    assert after["gatepost_commit_duration_seconds_sum"] > 0
    assert after["gatepost_write_queue_depth"] == 0
    assert after["gatepost_database_up"] == 1


async def test_open_deployments_by_age(api: Api) -> None:
    """Open deployments are counted by the time since their request."""
    for age in (timedelta(days=30), timedelta(days=5), timedelta(hours=5), timedelta()):
        await api.create_deployment()
        api.clock.advance(age and timedelta(days=5))
    samples = await scrape(api)

    assert samples["gatepost_oldest_open_deployment_seconds pending_approval"] == 15 * 86400
    assert samples["gatepost_open_deployments older pending_approval"] == 2
    assert samples["gatepost_open_deployments 7d pending_approval"] == 1
    assert samples["gatepost_open_deployments 1h pending_approval"] == 1
    assert samples["gatepost_open_deployments 1h approved"] == 0


async def test_queue_claims_and_workers(api: Api) -> None:
    """The queue, the claims and the workers move with a rollout, and a lost worker shows."""
    await api.deployment(Status.QUEUED)
    assert (await scrape(api))["gatepost_open_deployments 1h queued"] == 1
    await claim_queued_deployment(api, lease_s=15)

    samples = await scrape(api)
    assert samples["gatepost_claims held"] == 1
    assert samples["gatepost_workers working"] == 1
    assert "gatepost_worker_last_seen_timestamp_seconds berlin-1" in samples
    api.clock.advance(timedelta(seconds=16))
    samples = await scrape(api)
    assert (samples["gatepost_claims held"], samples["gatepost_claims expired"]) == (0, 1)
    assert (samples["gatepost_workers working"], samples["gatepost_workers lost"]) == (0, 1)


async def test_metrics_need_a_token(api: Api) -> None:
    """Nobody reads the metrics without a token; every user may."""
    assert (await api.client.get("/metrics", headers={"Authorization": ""})).status_code == 401
    assert (await api.client.get("/metrics", headers=auth_header("ada"))).status_code == 200


async def test_scrape_without_a_database(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the database does not answer, the scrape says so, with the counters of the process."""

    async def fail() -> None:
        raise StorageUnreachable

    monkeypatch.setattr(api.app.state.context.reads, "operating_figures", fail)

    samples = await scrape(api)
    assert samples["gatepost_database_up"] == 0
    assert not any(name.startswith("gatepost_open_deployments") for name in samples)
    assert "gatepost_write_queue_depth" in samples


async def test_backlog_of_webhooks_is_shown(api: Api) -> None:
    """A delay that grows means that no worker sends messages, or that receivers fail."""
    await add_webhook(api)
    await api.post("/services", {"name": "moon", "team": "t", "repo_url": "https://git.example/m"})
    behind = await scrape(api)
    await queue(api)
    api.clock.advance(timedelta(seconds=30))

    samples = await scrape(api)

    assert behind["gatepost_webhook_outbox_events"] == 1
    assert behind["gatepost_webhook_deliveries pending"] == 0
    assert samples["gatepost_webhook_outbox_events"] == 0
    assert samples["gatepost_webhook_deliveries pending"] == 1
    assert samples["gatepost_webhook_delay_seconds"] == 30


async def test_backlog_of_notifications_is_shown(api: Api) -> None:
    """It includes notifications that failed after all attempts and need to be sent again."""
    await notifications.fail_test(api)
    await api.deployment(Status.PENDING_APPROVAL)
    behind = await scrape(api)
    await notifications.queue(api)
    api.clock.advance(timedelta(seconds=30))

    samples = await scrape(api)

    assert behind["gatepost_notification_outbox_events"] > 0
    assert behind["gatepost_notifications failed"] == 1
    assert samples["gatepost_notification_outbox_events"] == 0
    assert samples["gatepost_notifications pending"] == 3
    assert samples["gatepost_notification_delay_seconds"] == 30


async def test_open_check_runs_are_counted_by_state(api: Api) -> None:
    """A queue that grows means that no worker takes check runs."""
    await claim_check_run(api)

    samples = await scrape(api)

    assert samples["gatepost_open_check_runs running"] == 1
    assert samples["gatepost_open_check_runs queued"] == 0
