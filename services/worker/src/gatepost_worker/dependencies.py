"""What a worker has to carry tasks out with; the rest comes with the task."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from gatepost_worker.executors.executor import Executor
from gatepost_worker.executors.kind import ExecutorDependencies
from gatepost_worker.executors.registry import executor_kind
from gatepost_worker.foundation.clock import Clock, SystemClock
from gatepost_worker.http.allow_list import AllowList
from gatepost_worker.http.client import GuardedHttpClient
from gatepost_worker.http.resolver import Resolver, resolve_host
from gatepost_worker.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The worker's own configuration and surroundings."""

    executor_options: Mapping[str, object]
    """The operator's configuration of each executor kind, by its name."""
    clock: Clock = field(default_factory=SystemClock)
    resolve_host: Resolver = resolve_host
    trust: ssl.SSLContext = field(default_factory=httpx2.create_ssl_context)
    """Whose certificates are believed: the system's authorities, or SSL_CERT_FILE's."""

    def guard(self, task: Task) -> GuardedHttpClient:
        """What the task's outgoing calls go through."""
        allow_list = AllowList(task.outgoing_allow, environment=task.deployment.environment)
        return GuardedHttpClient(
            allow_list, resolve_host=self.resolve_host, trust=self.trust, clock=self.clock
        )

    def executor(self, task: Task, guard: GuardedHttpClient) -> Executor:
        """What carries the task's rollout out."""
        kind = executor_kind(task.target.executor.kind)
        return kind.create(
            task.target.executor,
            self.executor_options[kind.name],
            ExecutorDependencies(ask=guard.ask, clock=self.clock),
        )
