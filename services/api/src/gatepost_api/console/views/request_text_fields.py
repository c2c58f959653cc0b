"""The text fields of a request, for the request form and the deployment page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTextField:
    """One text field, whose name is the same in the API and the domain."""

    name: str
    label: str
    hint: str = ""
    is_required: bool = False
    is_required_in_production: bool = False


REQUEST_TEXTS: Final = (
    RequestTextField(
        name="risk",
        label="Risk",
        hint="What could go wrong, and for whom.",
        is_required_in_production=True,
    ),
    RequestTextField(
        name="rollback_plan",
        label="Rollback plan",
        hint="How to revert if it fails.",
        is_required=True,
    ),
    RequestTextField(name="notes", label="Notes"),
)
"""The text fields, in display order."""
