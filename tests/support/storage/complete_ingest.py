"""Sources and deliveries in each state, for complete histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.status_transitions import Action
from tests.support.domain.actions import perform_action
from tests.support.domain.ingest import (
    cdevent,
    deliver,
    github_job,
    github_status,
    remove,
    replay,
    set_up,
)
from tests.support.domain.ingest_jobs import OK, TEXTS, claim, finish
from tests.support.storage.complete_policies import QUINN


class History(Protocol):
    """A history in which every action happens a minute after the previous one."""

    ledger: Ledger
    now: datetime
    ids: dict[str, str]

    def tick(self) -> datetime:
        """Advance the clock by a minute, and return the time."""
        ...


async def ingest(history: History) -> None:
    """Store deliveries that were applied, ignored, failed and replayed, and a removed source."""
    ledger = history.ledger
    await set_up(ledger, "gitlab", at=history.tick())
    await remove(ledger, "gitlab", at=history.tick())
    await set_up(ledger, "cdevents", create_missing=True, at=history.tick())
    event = {"id": "cart", "content": {"environment": {"id": "farm"}, "artifactId": "2027.1"}}
    applied = await deliver(ledger, cdevent() | {"subject": event}, "cdevents", at=history.tick())
    await set_up(ledger, at=history.tick())
    failed = await deliver(ledger, github_status(), at=history.tick())
    await deliver(
        ledger,
        cdevent("service.rolledback") | {"subject": event},
        "cdevents",
        delivery_id="d-4",
        at=history.tick(),
    )
    ignored = await deliver(ledger, {}, event="ping", delivery_id="d-2", at=history.tick())
    replayed = await deliver(
        ledger,
        github_status(number=8, created_at="2020-01-01T00:00:00Z"),
        delivery_id="d-3",
        at=history.tick(),
    )
    await replay(ledger, replayed.id, at=history.tick())
    await set_up(
        ledger,
        secret=None,
        create_missing=True,
        service_map={"example/shop": "cart"},
        environment_map={"production": "farm"},
        at=history.tick(),
    )
    await replay(ledger, replayed.id, at=history.tick())
    await deliver(
        ledger,
        github_status("failure", number=9, created_at="2020-01-01T00:00:00Z"),
        delivery_id="d-5",
        at=history.tick(),
    )
    await _answer_a_job(history)
    history.ids |= {
        "applied_delivery": str(applied.id),
        "failed_delivery": str(failed.id),
        "ignored_delivery": str(ignored.id),
        "replayed_delivery": str(replayed.id),
    }


async def _answer_a_job(history: History) -> None:
    """Let a job wait for a deployment, which the report of the job ends."""
    ledger = history.ledger
    await set_up(
        ledger,
        secret=None,
        service_map={"example/shop": "cart"},
        create_missing=True,
        requests=TEXTS,
        at=history.tick(),
    )
    job = github_job(environment="staging", number=10, ref="v9")
    rule = "deployment_protection_rule"
    delivery = await deliver(ledger, job, event=rule, delivery_id="d-6", at=history.tick())
    assert delivery.deployment_id is not None, delivery.reason
    await perform_action(ledger, Action.APPROVE, delivery.deployment_id, QUINN, at=history.tick())
    task = await claim(ledger, at=history.tick())
    assert task is not None
    await finish(ledger, task, replace(OK, at=history.tick()))
    await deliver(
        ledger,
        github_status(
            "failure", environment="staging", number=10, created_at="2020-01-01T00:00:00Z"
        ),
        delivery_id="d-7",
        at=history.tick(),
    )
