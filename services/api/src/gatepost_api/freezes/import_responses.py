"""The response to an import of freezes."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import ResponseModel
from gatepost_domain.actions.freezes.import_freezes import ImportedFreezes


class FreezeImportResult(ResponseModel):
    """What an import did with each event of the calendar. Each list contains the UIDs of events."""

    series: str
    """The name of the series."""
    created: list[str]
    """The calendar events for which freezes were created."""
    changed: list[str]
    """The calendar events that changed, and whose freezes were therefore replaced or lifted."""
    unchanged: list[str]
    """The calendar events whose freezes are unchanged."""
    lifted: list[str]
    """The events that are no longer in the calendar and whose freezes were lifted."""
    past: list[str]
    """The calendar events that have ended or are cancelled, and therefore have no freeze."""
    freezes_added: int
    """The number of freezes that were created."""
    freezes_lifted: int
    """The number of freezes that were lifted."""

    @classmethod
    def from_domain(cls, result: ImportedFreezes) -> Self:
        """Map a domain result to its response."""
        return cls(
            series=result.series,
            created=result.created,
            changed=result.changed,
            unchanged=result.unchanged,
            lifted=result.lifted,
            past=result.past,
            freezes_added=len(result.added_freezes),
            freezes_lifted=len(result.lifted_freezes),
        )
