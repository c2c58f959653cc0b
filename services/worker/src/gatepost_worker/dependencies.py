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
from gatepost_worker.http.allow_list import Allowance
from gatepost_worker.http.client import Guard
from gatepost_worker.http.resolver import Resolve, resolve
from gatepost_worker.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The worker's own configuration and surroundings."""

    executor_options: Mapping[str, object]
    """The operator's configuration of each executor kind, by its name."""
    clock: Clock = field(default_factory=SystemClock)
    resolve: Resolve = resolve
    trust: ssl.SSLContext = field(default_factory=httpx2.create_ssl_context)
    """Whose certificates are believed: the system's authorities, or SSL_CERT_FILE's."""

    def guard(self, task: Task) -> Guard:
        """What the task's outgoing calls go through."""
        allowance = Allowance(task.outgoing_allow, environment=task.deployment.environment)
        return Guard(allowance, resolve=self.resolve, trust=self.trust, clock=self.clock)

    def executor(self, task: Task, guard: Guard) -> Executor:
        """What carries the task's rollout out."""
        kind = executor_kind(task.target.executor.kind)
        return kind.create(
            task.target.executor,
            self.executor_options[kind.name],
            ExecutorDependencies(ask=guard.ask, clock=self.clock),
        )
