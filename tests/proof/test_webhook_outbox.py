"""Every event reaches every webhook that wants it, whatever fails on the way."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatepost_client import Gatepost, every
from gatepost_client.models import ServiceCreate, VersionCreate, WebhookCreate
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.results import print_result
from tests.support.webhook_receivers import (
    Arrival,
    Conduct,
    Receivers,
    forbidden_listener,
    listening,
)
from tests.support.workers import WorkerProcess

SEED = 20261130
WORKERS = 2
PATIENCE_S = 900.0
SENT_WHILE_DOWN = 3
"""How many events precede the start of the receivers."""
IN_ORDER = 5
"""How many events follow when everything works again."""
KIND = "version_registered"
DELIVERED = (Conduct.RELIABLE, Conduct.FAILING, Conduct.HANGING)
"""The receivers that accept every message in the end."""
OTHERS = [conduct for conduct in Conduct if conduct is not Conduct.RELIABLE]
METADATA_URL = "http://169.254.169.254/latest/meta-data/"
OPTIONS = ("--outgoing-allow=127.0.0.1",)


def add_webhooks(
    owner: Gatepost, receivers: Receivers, conducts: Sequence[Conduct], *urls: str
) -> None:
    """Add a webhook for each conduct, and further ones that must never be called."""
    for conduct in conducts:
        body = WebhookCreate(url=receivers.url(conduct), events=[KIND])
        receivers.secrets[conduct] = owner.add_webhook(body).secret or ""
    for url in urls:
        owner.add_webhook(WebhookCreate(url=url, events=[KIND]))


def register_service(owner: Gatepost) -> None:
    """Register the service whose versions are registered."""
    owner.register_service(
        ServiceCreate(name="shop", team="checkout", repo_url="https://git.example/shop")
    )


def register_versions(owner: Gatepost, count: int, *, first: int = 0) -> None:
    """Register versions, each of which is an event."""
    for number in range(first, first + count):
        owner.register_version("shop", VersionCreate(version=f"1.0.{number}"))


def seqs_of_versions(owner: Gatepost) -> list[int]:
    """Return the positions of the events that are sent, in order."""
    return sorted(event.seq for event in every(owner.list_events) if event.kind == KIND)


def wait_until_an_attempt_failed(owner: Gatepost, *, within_s: float) -> None:
    """Wait until the first webhook could not deliver a message."""
    until_s = time.monotonic() + within_s
    webhook = owner.list_webhooks().items[0]
    while not any(d.attempts for d in owner.list_webhook_deliveries(webhook.id).items):
        assert time.monotonic() < until_s
        time.sleep(0.2)


def accepted(arrivals: list[Arrival]) -> set[int]:
    return {arrival.seq for arrival in arrivals if arrival.is_accepted}


def wait_until_delivered(
    receivers: Receivers, wanted: Mapping[Conduct, set[int]], *, within_s: float
) -> dict[Conduct, set[int]]:
    """Wait until each of these receivers has accepted its events; return what is missing."""
    until_s = time.monotonic() + within_s
    while True:
        missing = {
            conduct: lacks
            for conduct, seqs in wanted.items()
            if (lacks := seqs - accepted(receivers.arrivals[conduct]))
        }
        if not missing or time.monotonic() > until_s:
            return missing
        time.sleep(0.5)


def ids_by_seq(arrivals: list[Arrival]) -> dict[int, set[str]]:
    ids = defaultdict[int, set[str]](set)
    for arrival in arrivals:
        ids[arrival.seq].add(arrival.message_id)
    return ids


def test_every_event_reaches_every_webhook(tmp_path: Path, counts: Counts) -> None:
    """Receivers fail, hang, redirect and go down, and workers are killed.

    Each event is accepted at least once, always with the same id and a signature that the reference
    library accepts. No redirect is followed, a receiver that answers 410 is not called again, and
    no forbidden address is touched. When nothing fails any more, messages arrive in order.
    """
    rng = random.Random(SEED)
    events, kills = counts.choose(15, 500), counts.choose(2, 5)
    receivers = Receivers(hangs_s=counts.choose(20, 40))
    started_at_s = time.monotonic()
    with (
        ServerProcess(tmp_path / "data", options=OPTIONS) as server,
        forbidden_listener("127.0.0.2") as touched,
        Gatepost(server.url, token=server.token, retries=None) as owner,
    ):
        workers = [WorkerProcess(server, f"w{number}") for number in range(WORKERS)]
        with listening(receivers):
            add_webhooks(owner, receivers, [Conduct.RELIABLE])
        register_service(owner)
        register_versions(owner, SENT_WHILE_DOWN)
        with workers[0], workers[1]:
            wait_until_an_attempt_failed(owner, within_s=PATIENCE_S)
            with listening(receivers):
                add_webhooks(owner, receivers, OTHERS, touched[0], METADATA_URL)
                register_versions(owner, events, first=SENT_WHILE_DOWN)
                sent = seqs_of_versions(owner)
                wanted = {conduct: set(sent[SENT_WHILE_DOWN:]) for conduct in DELIVERED}
                wanted[Conduct.RELIABLE] = set(sent)
                for kill in range(kills):
                    time.sleep(rng.uniform(1.0, 2.5))
                    workers[kill % WORKERS].kill()
                    workers[kill % WORKERS].start()
                missing = wait_until_delivered(receivers, wanted, within_s=PATIENCE_S)
                arrived = len(receivers.arrivals[Conduct.RELIABLE])
                register_versions(owner, IN_ORDER, first=SENT_WHILE_DOWN + events)
                last = seqs_of_versions(owner)[-IN_ORDER:]
                wait_until_delivered(receivers, {Conduct.RELIABLE: set(last)}, within_s=PATIENCE_S)

    print_result(
        "P12",
        seed=SEED,
        events=len(sent),
        requests=sum(map(len, receivers.arrivals.values())),
        kills=kills,
        took_s=round(time.monotonic() - started_at_s, 1),
    )
    assert missing == {}
    for arrivals in receivers.arrivals.values():
        assert all(arrival.is_authentic for arrival in arrivals)
        assert all(len(ids) == 1 for ids in ids_by_seq(arrivals).values())
        assert {*sent, *last} >= {arrival.seq for arrival in arrivals}
    assert [arrival.seq for arrival in receivers.arrivals[Conduct.RELIABLE][arrived:]] == last
    assert receivers.arrivals[Conduct.REDIRECTING]
    assert receivers.elsewhere == 0
    assert len(receivers.arrivals[Conduct.GONE]) <= 1 + kills
    assert touched[1:] == []


def test_messages_that_are_sent_at_most_once_are_missed(tmp_path: Path) -> None:
    """The control: a server that takes a claimed message for delivered never tries again."""
    receivers = Receivers(hangs_s=0)
    with (
        ServerProcess(tmp_path / "data", options=OPTIONS, mutant="send_at_most_once") as server,
        Gatepost(server.url, token=server.token, retries=None) as owner,
        listening(receivers),
    ):
        add_webhooks(owner, receivers, [Conduct.FAILING])
        register_service(owner)
        register_versions(owner, 2)
        wanted = set(seqs_of_versions(owner))
        with WorkerProcess(server, "w0"):
            until_s = time.monotonic() + 120
            while len(receivers.arrivals[Conduct.FAILING]) < len(wanted):
                assert time.monotonic() < until_s
                time.sleep(0.2)
            missing = wait_until_delivered(receivers, {Conduct.FAILING: wanted}, within_s=12)

    assert missing == {Conduct.FAILING: wanted}
