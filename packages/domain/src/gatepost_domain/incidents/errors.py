"""Refusals about incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

from gatepost_domain.errors import Refusal


class IncidentResolved(Refusal):
    """The incident is already resolved, so it cannot be resolved again."""

    code = "incident_resolved"

    def __init__(self, incident: UUID) -> None:
        super().__init__(f"The incident {incident} has already been resolved.")
        self.incident = incident
