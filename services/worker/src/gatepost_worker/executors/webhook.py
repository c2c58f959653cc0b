"""The webhook executor: requests the rollout from a CI engine and polls until it ends.

A second attempt sends the request again, and the engine recognizes the `webhook-id`.
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from gatepost_client import models
from gatepost_worker.executors.ci_engine_wire_format import (
    EngineReply,
    EngineState,
    EngineUnavailable,
    InvalidEngineReply,
    parse_reply,
    request_body,
)
from gatepost_worker.executors.executor import Executor, LostWorkerPolicy, RolloutInconclusive
from gatepost_worker.executors.executor_kind import ExecutorDependencies, ExecutorKind
from gatepost_worker.executors.webhook_secrets import (
    SECRET_VARIABLE,
    SECRETS_VARIABLE,
    WebhookSecrets,
    read_webhook_secrets,
)
from gatepost_worker.executors.webhook_signature import WebhookSigner
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.http.client import HttpClient, Response
from gatepost_worker.http.errors import RequestFailed, RequestRefused
from gatepost_worker.tasks import (
    DeploymentTask,
    ExecutorSettings,
    Outcome,
    Progress,
    failed,
    succeeded,
)

REQUEST_TIMEOUT_S: Final = 30.0
"""Standard Webhooks recommends 15 to 30 s."""

POLL_INTERVAL_S: Final = 2.0
"""The delay between two polls for the state of the rollout."""

FIRST_RETRY_DELAY_S: Final = 1.0
MAX_RETRY_DELAY_S: Final = 30.0
"""The longest delay before a retry; each delay is twice the previous one."""

MAX_RETRIES: Final = 8
"""The number of retries while the engine is unavailable; they take about two minutes."""

NO_SECRET: Final = (
    "This worker has no webhook secret for this target and sends no unsigned requests. Start it "
    f"with {SECRETS_VARIABLE} set to a file with the secret of the target, or with "
    f"{SECRET_VARIABLE} set to one secret for all CI engines."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings(ExecutorSettings):
    """The CI engine that performs the rollout."""

    kind: ClassVar[str] = "webhook"
    url: str


class WebhookExecutor:
    """Requests the rollout with a message whose id is the same for every attempt."""

    lost_worker_policy = LostWorkerPolicy.ADOPT

    def __init__(
        self,
        settings: WebhookSettings,
        secrets: WebhookSecrets,
        http: HttpClient,
        clock: Clock,
    ) -> None:
        self._url = settings.url
        self._secrets = secrets
        self._http = http
        self._clock = clock

    async def roll_out(self, task: DeploymentTask, progress: Progress) -> Outcome:
        """Request the rollout and wait for its end.

        Raises:
            RolloutInconclusive: there is no secret, or the engine was unreachable or sent an
                invalid reply.
        """
        signer = self._secrets.signer_for(task.deployment)
        if signer is None:
            raise RolloutInconclusive(NO_SECRET)
        try:
            return await self._request_and_poll(task, signer, progress)
        except RequestRefused as error:
            raise RolloutInconclusive(f"The CI engine was not called: {error}") from error
        except (RequestFailed, InvalidEngineReply, EngineUnavailable) as error:
            raise RolloutInconclusive(f"The outcome of the rollout is unknown: {error}") from error

    async def _request_and_poll(
        self, task: DeploymentTask, signer: WebhookSigner, progress: Progress
    ) -> Outcome:
        body = request_body(task, at=self._clock.now())
        reply = await self._call_with_retries(
            partial(self._request_rollout, task, signer, body), self._url, progress
        )
        status_url, last_detail = None, ""
        while reply.state is EngineState.RUNNING:
            status_url = reply.status_url or status_url
            if status_url is None:
                raise InvalidEngineReply(f"{self._url} started the rollout without a status URL.")
            if reply.detail != last_detail:
                progress.update(reply.detail)
                last_detail = reply.detail
            await self._clock.sleep(POLL_INTERVAL_S)
            reply = await self._call_with_retries(
                partial(self._request_status, task, signer, status_url), status_url, progress
            )
        if reply.state is EngineState.SUCCEEDED:
            return succeeded(reply.detail)
        return failed(f"The CI engine reported a failure: {reply.detail or 'no reason given'}")

    async def _call_with_retries(
        self, call: Callable[[], Awaitable[Response]], url: str, progress: Progress
    ) -> EngineReply:
        """Return the reply of the engine; retry while it is unavailable."""
        delay_s = FIRST_RETRY_DELAY_S
        for _ in range(MAX_RETRIES):
            try:
                return parse_reply(await call(), url)
            except RequestRefused:
                raise
            except (RequestFailed, EngineUnavailable) as error:
                progress.update(f"{error} Retrying.")
            await self._clock.sleep(delay_s)
            delay_s = min(2 * delay_s, MAX_RETRY_DELAY_S)
        return parse_reply(await call(), url)

    async def _request_rollout(
        self, task: DeploymentTask, signer: WebhookSigner, body: bytes
    ) -> Response:
        headers = signer.headers(task.deployment.build_id, body, at=self._clock.now())
        headers["Content-Type"] = "application/json"
        return await self._http.request(
            "POST", self._url, timeout_s=REQUEST_TIMEOUT_S, body=body, headers=headers
        )

    async def _request_status(
        self, task: DeploymentTask, signer: WebhookSigner, url: str
    ) -> Response:
        headers = signer.headers(task.deployment.build_id, b"", at=self._clock.now())
        return await self._http.request("GET", url, timeout_s=REQUEST_TIMEOUT_S, headers=headers)


def _to_domain(model: models.WebhookExecutor) -> WebhookSettings:
    return WebhookSettings(url=model.url)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--webhook-secrets",
        metavar="FILE",
        help="TOML file with the secret that signs the requests for each target, or /dev/fd/N "
        f"(default: {SECRETS_VARIABLE})",
    )


def _read_options(arguments: argparse.Namespace, environment: Mapping[str, str]) -> WebhookSecrets:
    source = arguments.webhook_secrets or environment.get(SECRETS_VARIABLE)
    return read_webhook_secrets(source, environment)


def _create(
    settings: WebhookSettings, secrets: WebhookSecrets, dependencies: ExecutorDependencies
) -> Executor:
    return WebhookExecutor(settings, secrets, dependencies.http, dependencies.clock)


KIND: Final = ExecutorKind(
    settings=WebhookSettings,
    to_domain=_to_domain,
    create=_create,
    add_arguments=_add_arguments,
    read_options=_read_options,
    variables={
        SECRET_VARIABLE: "the secret (whsec_...) that signs requests for targets without their own"
    },
)
