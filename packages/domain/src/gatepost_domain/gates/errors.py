"""Refusals about gates, blocked versions and promotion holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost_domain.deployments.blocks_and_holds import VersionBlock
    from gatepost_domain.gates.gate import Gate
    from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Refusal


class GateNotOpen(ActionRefused):
    """A gate is not open, so the deployment cannot start now; `code` is the gate's code."""

    def __init__(self, gate: Gate, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(gate.message, status=status, allowed=allowed)
        self.gate = gate
        self.code = gate.code


class GateAlreadyOpen(ActionRefused):
    """The gate is open or already overridden, so there is nothing to override."""

    code = "gate_is_open"

    def __init__(self, gate: Gate, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"The {gate.kind} gate is not closed, so there is nothing to override: {gate.message}",
            status=status,
            allowed=allowed,
        )
        self.gate = gate


class VersionBlocked(Refusal):
    """The version was rolled back in this environment and is blocked until it is unblocked."""

    code = "version_blocked"

    def __init__(self, block: VersionBlock) -> None:
        super().__init__(
            f"{block.version} of {block.service} is blocked in {block.environment} because "
            f"{block.by} rolled back DEP-{block.number}; an operator can unblock it. "
            f"Reason: {block.reason}"
        )
        self.block = block


class VersionNotBlocked(Refusal):
    """The version is not blocked, so it cannot be unblocked."""

    code = "version_not_blocked"

    def __init__(self, service: str, version: str, environment: str) -> None:
        super().__init__(f"{version} of {service} is not blocked in {environment}.")


class NoAutoPromotionHold(Refusal):
    """There is no promotion hold to release."""

    code = "no_hold"

    def __init__(self, service: str, environment: str) -> None:
        super().__init__(f"Automatic promotion of {service} to {environment} is not on hold.")
