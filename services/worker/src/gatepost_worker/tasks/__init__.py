"""What a worker is given to do, how it reports progress, and how a task ends."""

from gatepost_worker.tasks.task import (
    Check,
    Deployment,
    ExecutorSettings,
    Outcome,
    ProgramRun,
    Ready,
    Result,
    Simulated,
    Step,
    StepKind,
    StepState,
    TargetSettings,
    Task,
    Webhook,
    failed,
    succeeded,
)

__all__ = [
    "Check",
    "Deployment",
    "ExecutorSettings",
    "Outcome",
    "ProgramRun",
    "Ready",
    "Result",
    "Simulated",
    "Step",
    "StepKind",
    "StepState",
    "TargetSettings",
    "Task",
    "Webhook",
    "failed",
    "succeeded",
]
