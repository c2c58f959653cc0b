"""Refusals because of a gate, a blocked version or a hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost_domain.gates.gate import Gate
    from gatepost_domain.gates.restrictions import VersionBlock
    from gatepost_domain.status import Action, Status
from gatepost_domain.deployments.errors import ActionRefused
from gatepost_domain.errors import Refusal


class GateNotOpen(ActionRefused):
    """A gate is not open, so the deployment cannot start now; the gate's code is this one's."""

    def __init__(self, gate: Gate, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(gate.message, status=status, allowed=allowed)
        self.gate = gate
        self.code = gate.code


class GateAlreadyOpen(ActionRefused):
    """There is nothing to pass: the gate is open, or was passed already."""

    code = "gate_is_open"

    def __init__(self, gate: Gate, status: Status, allowed: tuple[Action, ...]) -> None:
        sentence = f"The gate {gate.kind} keeps nothing from starting: {gate.message}"
        super().__init__(sentence, status=status, allowed=allowed)
        self.gate = gate


class VersionBlocked(Refusal):
    """The version was rolled back there and may not be deployed again until it is unblocked."""

    code = "version_blocked"

    def __init__(self, block: VersionBlock) -> None:
        super().__init__(
            f"{block.by} rolled {block.version} of {block.service} back in {block.environment} "
            f"with DEP-{block.number}: {block.reason} An operator can unblock it there."
        )
        self.block = block


class VersionNotBlocked(Refusal):
    """There is nothing to unblock."""

    code = "version_not_blocked"

    def __init__(self, service: str, version: str, environment: str) -> None:
        super().__init__(f"{version} of {service} is not blocked in {environment}.")


class NoPromotionHold(Refusal):
    """There is nothing to release."""

    code = "no_hold"

    def __init__(self, service: str, environment: str) -> None:
        super().__init__(f"Nothing holds the automatic promotion of {service} to {environment}.")
