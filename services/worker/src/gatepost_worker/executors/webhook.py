"""The executor that asks a CI engine to roll out, and follows it to the end."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from gatepost_client import models
from gatepost_worker.executors.ci_engine import (
    EngineReply,
    EngineUnavailable,
    InvalidEngineReply,
    State,
    message,
    word,
)
from gatepost_worker.executors.executor import CrashPolicy, Executor, OutcomeUnknown
from gatepost_worker.executors.kind import ExecutorDependencies, ExecutorKind, InvalidOption
from gatepost_worker.executors.webhook_signature import InvalidSecret, WebhookSigner
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.client import Ask, Response
from gatepost_worker.http.errors import RequestFailed, RequestRefused
from gatepost_worker.tasks import ExecutorSettings, Outcome, Task, failed, succeeded
from gatepost_worker.tasks.progress import Progress

SECRET: Final = "GATEPOST_WEBHOOK_SECRET"  # noqa: S105  # a variable's name
"""Given by environment alone: every user of a machine can read the flags of its programs."""

ANSWER_WITHIN_S: Final = 30.0
"""How long the engine may take to answer; Standard Webhooks suggests 15 to 30 s."""

POLL_PAUSE_S: Final = 2.0
"""How long it waits before it asks how the rollout goes on."""

SHORTEST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
"""How long it waits at most after the engine was away; each pause is twice the one before."""

MOST_FAILURES: Final = 8
"""How often in a row the engine may be away before the rollout is given up: two minutes or so."""

UNSIGNED: Final = (
    "This worker has no webhook secret, and asks no engine unsigned. Start it with "
    "GATEPOST_WEBHOOK_SECRET, the same as the engine's."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings(ExecutorSettings):
    """A CI engine is told to roll out."""

    kind: ClassVar[str] = "webhook"
    url: str


class WebhookExecutor:
    """Asks an engine, by a message that is the same rollout's however often it is sent."""

    crash_policy = CrashPolicy.ADOPT

    def __init__(
        self, settings: WebhookSettings, signer: WebhookSigner | None, ask: Ask, clock: Clock
    ) -> None:
        self._url = settings.url
        self._signer = signer
        self._ask = ask
        self._clock = clock

    async def roll_out(self, task: Task, progress: Progress) -> Outcome:
        """As `Executor.roll_out`."""
        if self._signer is None:
            raise OutcomeUnknown(UNSIGNED)
        try:
            return await self._follow(task, self._signer, progress)
        except RequestRefused as refused:
            raise OutcomeUnknown(f"The engine was not asked: {refused}") from refused
        except (RequestFailed, InvalidEngineReply, EngineUnavailable) as error:
            raise OutcomeUnknown(
                f"It could not be found out how the rollout ended: {error}"
            ) from error

    async def _follow(self, task: Task, signer: WebhookSigner, progress: Progress) -> Outcome:
        body = message(task, at=self._clock.now())
        said = await self._insist(partial(self._post, task, signer, body), self._url, progress)
        told, url = "", self._url
        while said.state is State.RUNNING:
            url = said.status_url or (url if url != self._url else "")
            if not url:
                raise InvalidEngineReply(f"{self._url} runs it, but names no status URL to ask.")
            if said.detail != told:
                progress.tell(said.detail)
                told = said.detail
            await self._clock.sleep(POLL_PAUSE_S)
            said = await self._insist(partial(self._poll, task, signer, url), url, progress)
        if said.state is State.SUCCEEDED:
            return succeeded(said.detail)
        return failed(f"The engine says that it failed: {said.detail or 'without responding why'}")

    async def _insist(
        self, call: Callable[[], Awaitable[Response]], url: str, progress: Progress
    ) -> EngineReply:
        """What the engine says, when it is well enough to say something."""
        pause_s = SHORTEST_PAUSE_S
        for _ in range(MOST_FAILURES):
            try:
                return word(await call(), url)
            except RequestRefused:
                raise
            except (RequestFailed, EngineUnavailable) as error:
                progress.tell(f"{error} Asking again.")
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return word(await call(), url)

    async def _post(self, task: Task, signer: WebhookSigner, body: bytes) -> Response:
        build_id = task.deployment.build_id
        headers = signer.headers(build_id, body, at=self._clock.now())
        headers["Content-Type"] = "application/json"
        return await self._ask(
            "POST", self._url, timeout_s=ANSWER_WITHIN_S, body=body, headers=headers
        )

    async def _poll(self, task: Task, signer: WebhookSigner, url: str) -> Response:
        headers = signer.headers(task.deployment.build_id, b"", at=self._clock.now())
        return await self._ask("GET", url, timeout_s=ANSWER_WITHIN_S, headers=headers)


def _to_domain(model: models.WebhookExecutor) -> WebhookSettings:
    return WebhookSettings(url=model.url)


def _read_options(_: argparse.Namespace, environment: Mapping[str, str]) -> WebhookSigner | None:
    try:
        return WebhookSigner(environment[SECRET]) if environment.get(SECRET) else None
    except InvalidSecret as error:
        raise InvalidOption(f"{SECRET}: {error}") from error


def _create(
    settings: WebhookSettings, signer: WebhookSigner | None, dependencies: ExecutorDependencies
) -> Executor:
    return WebhookExecutor(settings, signer, dependencies.ask, dependencies.clock)


KIND: Final = ExecutorKind(
    settings=WebhookSettings,
    to_domain=_to_domain,
    create=_create,
    read_options=_read_options,
    variables={SECRET: "secret (whsec_...) that signs the requests to CI engines"},
)
