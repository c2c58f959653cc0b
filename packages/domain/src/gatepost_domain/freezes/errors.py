"""Refusals about freezes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

from gatepost_domain.errors import Refusal


class FreezeEnded(Refusal):
    """The freeze has already ended, so it cannot be lifted."""

    code = "freeze_is_over"

    def __init__(self, freeze: UUID) -> None:
        super().__init__(f"The freeze {freeze} was lifted or has already ended.")
        self.freeze = freeze
