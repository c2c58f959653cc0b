"""The peer's deployment lifecycle, as a state machine built with the package `transitions`."""

from __future__ import annotations

from typing import Any, Final

from transitions import Machine

from benchmarks.peer.models import Deployment, Status

_MACHINE: Final = Machine(
    model=None,
    states=[status.value for status in Status],
    initial=Status.PENDING_APPROVAL.value,
    auto_transitions=False,
    model_attribute="status",
    transitions=[
        ["approve", Status.PENDING_APPROVAL.value, Status.APPROVED.value],
        ["reject", Status.PENDING_APPROVAL.value, Status.REJECTED.value],
        ["start", Status.APPROVED.value, Status.STARTED.value],
        ["succeed", Status.STARTED.value, Status.SUCCEEDED.value],
        ["fail", Status.STARTED.value, Status.FAILED.value],
    ],
)


def apply(deployment: Deployment, action: str) -> None:
    """Change a deployment's status by applying an action.

    Raises:
        MachineError: the status does not allow the action.
    """
    model: Any = deployment
    _MACHINE.add_model(model, initial=deployment.status)
    try:
        model.trigger(action)
    finally:
        _MACHINE.remove_model(model)
