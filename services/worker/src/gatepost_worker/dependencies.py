"""What a worker has to carry tasks out with; the rest comes with the task."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

import httpx2

from gatepost_worker.executors.command import CommandExecutor, CommandRules
from gatepost_worker.executors.executor import Executor
from gatepost_worker.executors.simulated import SimulatedExecutor
from gatepost_worker.executors.webhook import WebhookExecutor
from gatepost_worker.executors.webhook_signature import Signer
from gatepost_worker.foundation.clock import Clock, SystemClock
from gatepost_worker.http.allow_list import Allowance
from gatepost_worker.http.client import Guard
from gatepost_worker.http.resolver import Resolve, resolve
from gatepost_worker.tasks import ProgramRun, Simulated, Task, Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The worker's own configuration and surroundings."""

    signer: Signer | None
    """Signs what CI engines are sent; none where there is no secret."""
    commands: CommandRules
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
        match task.target.executor:
            case Simulated() as settings:
                return SimulatedExecutor(settings, self.clock)
            case Webhook() as settings:
                return WebhookExecutor(settings, self.signer, guard.ask, self.clock)
            case ProgramRun() as settings:
                return CommandExecutor(settings, self.commands, self.clock)
