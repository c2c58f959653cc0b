"""Every rollout reaches its CI engine with one verifiable id, whatever fails on the way."""

from __future__ import annotations

import base64
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from gatepost_client import Gatepost
from gatepost_client.models import Deployment, DeploymentStatus, TargetBody, WebhookExecutorBody
from tests.support.ci_engine import CiEngine, Conduct, Delivery, listening
from tests.support.client.rollouts import (
    allow_loopback_checks,
    deployment_create,
    last_event_note,
    register_service,
    wait_for,
)
from tests.support.http.standard_webhooks import is_authentic
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.results import print_result
from tests.support.workers import WorkerProcess

SEED = 20261129
LEASE_S = 4
WORKERS = 2
PATIENCE_S = 300.0
DOWN_S = 3.0
SUCCEEDED, FAILED = DeploymentStatus.SUCCEEDED, DeploymentStatus.FAILED
OUTCOMES = {
    Conduct.RELIABLE: SUCCEEDED,
    Conduct.FAILING: SUCCEEDED,
    Conduct.HANGING: SUCCEEDED,
    Conduct.REDIRECTING: FAILED,
    Conduct.GONE: FAILED,
}


def random_secret(rng: random.Random) -> str:
    return f"whsec_{base64.b64encode(rng.randbytes(32)).decode()}"


def write_secrets(file: Path, secrets: dict[str, str]) -> None:
    """Write the file of a worker's secrets, one for each service in `test`."""
    lines = [f'"{service}/test" = "{secret}"\n' for service, secret in secrets.items()]
    file.write_text("".join(lines), encoding="ascii")
    file.chmod(0o600)


def request_rollouts(owner: Gatepost, engine: CiEngine, versions: int) -> dict[str, Conduct]:
    """Request versions of a service of each conduct; return the conduct by deployment number."""
    allow_loopback_checks(owner)
    conduct_of: dict[str, Conduct] = {}
    names = [f"1.0.{version}" for version in range(versions)]
    for service in engine.secrets:
        conduct = Conduct(service.partition("-")[0])
        register_service(owner, service, *names)
        executor = WebhookExecutorBody(url=engine.url(conduct, service))
        owner.put_target(service, "test", TargetBody(executor=executor))
        for name in names:
            number = owner.create_deployment(deployment_create(service, name)).number
            conduct_of[number] = conduct
    return conduct_of


def group_by_message(deliveries: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    """Return the deliveries by their id."""
    groups = defaultdict[str, list[Delivery]](list)
    for delivery in deliveries:
        groups[delivery.headers["webhook-id"]].append(delivery)
    return groups


def create_workers(server: ServerProcess, secrets: dict[str, str]) -> list[WorkerProcess]:
    """Describe workers that read these secrets from one file."""
    file = server.data.with_name("secrets.toml")
    write_secrets(file, secrets)
    flags = (f"--lease-s={LEASE_S}", "--concurrency=12", f"--webhook-secrets={file}")
    return [WorkerProcess(server, f"w{number}", *flags) for number in range(WORKERS)]


def test_every_rollout_reaches_its_engine(tmp_path: Path, counts: Counts) -> None:
    """Engines fail, hang, redirect and go down, and workers are killed: every rollout ends.

    Each is delivered at least once, always with its build id and a signature that a receiver
    verifies. No redirect is followed, and an engine that answers 410 is not called again.
    """
    rng = random.Random(SEED)
    lanes, versions, kills = counts.choose(2, 8), counts.choose(2, 6), counts.choose(3, 8)
    services = [f"{conduct}-{lane}" for lane in range(lanes) for conduct in OUTCOMES]
    secrets = {service: random_secret(rng) for service in services}
    engine = CiEngine(secrets, hangs_s=counts.choose(3, 40))
    started_at_s = time.monotonic()
    with ServerProcess(tmp_path / "data") as server:
        workers = create_workers(server, secrets)
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            with listening(engine):
                conduct_of = request_rollouts(owner, engine, versions)
            with workers[0], workers[1]:
                time.sleep(DOWN_S)  # the workers meet an engine that is down
                with listening(engine):
                    for kill in range(kills):
                        time.sleep(rng.uniform(1.0, 2.5))
                        workers[kill % WORKERS].kill()
                        workers[kill % WORKERS].start()
                    ended = {
                        number: wait_for(owner, number, within_s=PATIENCE_S)
                        for number in conduct_of
                    }

    messages = group_by_message(engine.deliveries)
    print_result(
        "P12",
        seed=SEED,
        rollouts=len(ended),
        deliveries=len(engine.deliveries),
        kills=kills,
        took_s=round(time.monotonic() - started_at_s, 1),
    )
    assert {number: each.status for number, each in ended.items()} == {
        number: OUTCOMES[conduct] for number, conduct in conduct_of.items()
    }
    assert messages.keys() == {f"{deployment.build_id}" for deployment in ended.values()}
    assert all(delivery.authentic for delivery in engine.deliveries)
    assert all(len({delivery.path for delivery in group}) == 1 for group in messages.values())
    assert engine.followed_redirects == 0
    for number, conduct in conduct_of.items():
        if OUTCOMES[conduct] is FAILED:
            assert len(messages[f"{ended[number].build_id}"]) <= attempts(ended[number])


def attempts(deployment: Deployment) -> int:
    assert deployment.execution is not None
    return deployment.execution.attempt


def test_receiver_with_another_secret_rejects_the_rollout(tmp_path: Path) -> None:
    """The control: the same verification rejects a signature with a secret that is not its own.

    It also rejects a changed body, another id or time, and a message that is ten minutes old.
    """
    rng = random.Random(SEED)
    engine = CiEngine({"reliable-0": random_secret(rng)}, hangs_s=0)
    signed_with = random_secret(rng)
    with ServerProcess(tmp_path / "data") as server, listening(engine):
        worker, _ = create_workers(server, {"reliable-0": signed_with})
        with Gatepost(server.url, token=server.token, retries=None) as owner, worker:
            (number,) = request_rollouts(owner, engine, versions=1)
            ended = wait_for(owner, number)
            note = last_event_note(owner, number)

    (delivery,) = engine.deliveries
    headers, at_s = dict(delivery.headers), delivery.at_s
    assert not delivery.authentic
    assert ended.status is FAILED
    assert "401" in note
    assert is_authentic(signed_with, headers, delivery.body, now_s=at_s)
    assert not is_authentic(signed_with, headers, delivery.body + b" ", now_s=at_s)
    assert not is_authentic(signed_with, headers, delivery.body, now_s=at_s + 600)
    for changed in ({"webhook-id": "another"}, {"webhook-timestamp": f"{int(at_s) - 1}"}):
        tampered = {**headers, **changed}
        assert not is_authentic(signed_with, tampered, delivery.body, now_s=at_s)
