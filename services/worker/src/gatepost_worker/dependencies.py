"""The worker's dependencies: options, clock, resolver and TLS, and what is created from them."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from gatepost_worker.executors.executor import Executor
from gatepost_worker.executors.executor_kind import ExecutorDependencies
from gatepost_worker.executors.registry import executor_kind
from gatepost_worker.foundation.clock import Clock, SystemClock
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.client import GuardedHttpClient, HttpClient
from gatepost_worker.http.resolver import Resolver, resolve_host
from gatepost_worker.tasks import CheckTask, DeliveryTask, DeploymentTask, ProtectionAnswerTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """What all tasks of a worker share."""

    executor_options: Mapping[str, object]
    """The options for each executor kind, by the name of the kind."""
    clock: Clock = field(default_factory=SystemClock)
    resolver: Resolver = resolve_host
    tls_context: ssl.SSLContext = field(default_factory=httpx2.create_ssl_context)
    """Trusts the system's certificate authorities, or those in SSL_CERT_FILE."""

    def create_http_client(self, task: DeploymentTask | CheckTask) -> HttpClient:
        """Return the client for the task's requests, restricted by the environment's policy."""
        allow_list = AllowList(
            task.outgoing_allow, setting=f"outgoing_allow in the policy of {task.environment}"
        )
        return GuardedHttpClient(
            allow_list, resolver=self.resolver, tls_context=self.tls_context, clock=self.clock
        )

    def create_message_client(self, task: DeliveryTask | ProtectionAnswerTask) -> HttpClient:
        """Return the client for the message, restricted by the settings of the server."""
        allow_list = AllowList(task.outgoing_allow, setting="GATEPOST_OUTGOING_ALLOW of the server")
        return GuardedHttpClient(
            allow_list, resolver=self.resolver, tls_context=self.tls_context, clock=self.clock
        )

    def create_executor(self, task: DeploymentTask, http: HttpClient) -> Executor:
        """Return the executor of the task's target."""
        kind = executor_kind(task.target.executor.kind)
        return kind.create(
            task.target.executor,
            self.executor_options[kind.name],
            ExecutorDependencies(http=http, clock=self.clock),
        )
