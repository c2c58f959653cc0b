"""What a worker is given to do, how it reports progress, and how a task ends."""

from gatepost_worker.tasks.task import (
    Check,
    Deployment,
    ExecutorSettings,
    Outcome,
    Readiness,
    Result,
    Step,
    StepKind,
    StepState,
    TargetSettings,
    Task,
    failed,
    succeeded,
)

__all__ = [
    "Check",
    "Deployment",
    "ExecutorSettings",
    "Outcome",
    "Readiness",
    "Result",
    "Step",
    "StepKind",
    "StepState",
    "TargetSettings",
    "Task",
    "failed",
    "succeeded",
]
