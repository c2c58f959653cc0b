"""The tasks of a worker, the steps it reports, and the outcomes of tasks."""

from gatepost_worker.tasks.claimed_check_run import CheckReport, CheckTask
from gatepost_worker.tasks.claimed_delivery import DeliveryReport, DeliveryTask
from gatepost_worker.tasks.claimed_deployment import (
    Check,
    Deployment,
    DeploymentTask,
    ExecutorSettings,
    ReadinessProbe,
    TargetSettings,
)
from gatepost_worker.tasks.claimed_notification import NotificationReport, NotificationTask
from gatepost_worker.tasks.claimed_protection_answer import (
    ProtectionAnswerReport,
    ProtectionAnswerTask,
)
from gatepost_worker.tasks.kinds import TaskKind
from gatepost_worker.tasks.outcome import Outcome, Result, failed, succeeded
from gatepost_worker.tasks.progress import Progress, StepReporter
from gatepost_worker.tasks.step_report import StepKind, StepReport, StepState

__all__ = [
    "Check",
    "CheckReport",
    "CheckTask",
    "DeliveryReport",
    "DeliveryTask",
    "Deployment",
    "DeploymentTask",
    "ExecutorSettings",
    "NotificationReport",
    "NotificationTask",
    "Outcome",
    "Progress",
    "ProtectionAnswerReport",
    "ProtectionAnswerTask",
    "ReadinessProbe",
    "Result",
    "StepKind",
    "StepReport",
    "StepReporter",
    "StepState",
    "TargetSettings",
    "TaskKind",
    "failed",
    "succeeded",
]
