"""The tasks of a worker, the steps it reports, and the outcomes of tasks."""

from gatepost_worker.tasks.outcome import Outcome, Result, failed, succeeded
from gatepost_worker.tasks.progress import Progress, StepReporter
from gatepost_worker.tasks.step import Step, StepKind, StepState
from gatepost_worker.tasks.task import (
    Check,
    Deployment,
    ExecutorSettings,
    Readiness,
    TargetSettings,
    Task,
)

__all__ = [
    "Check",
    "Deployment",
    "ExecutorSettings",
    "Outcome",
    "Progress",
    "Readiness",
    "Result",
    "Step",
    "StepKind",
    "StepReporter",
    "StepState",
    "TargetSettings",
    "Task",
    "failed",
    "succeeded",
]
