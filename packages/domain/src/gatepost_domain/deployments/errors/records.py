"""Refusals about records of deployments made elsewhere."""

from __future__ import annotations

from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Refusal
from gatepost_domain.status_transitions import Action, Status


class RecordIsImmutable(ActionRefused):
    """A record never changes; a later deployment made elsewhere gets its own record."""

    code = "record_is_immutable"

    def __init__(self, number: str, status: Status) -> None:
        super().__init__(
            f"{number} is a record of a deployment made elsewhere and never changes; "
            "record a later deployment instead.",
            status=status,
            allowed=(),
        )


class ExternalIdTaken(Refusal):
    """The external id belongs to a record with different values; the record is unchanged."""

    code = "external_id_taken"


class NotARecord(ActionRefused):
    """Only records can be hidden, because only records may misstate what happened."""

    code = "not_a_record"

    def __init__(self, number: str, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"{number} was deployed through Gatepost; only records can be hidden.",
            status=status,
            allowed=allowed,
        )
