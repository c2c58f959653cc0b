"""How notifications describe an outcome."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.actions.notifications.reasons import OUTCOMES, describe_outcome
from gatepost_domain.event import EventKind
from tests.support.builders import an_event


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        *((kind, {}, text) for kind, text in OUTCOMES.items()),
        (EventKind.ROLLED_BACK, {"rolled_back_by": "0193"}, "Rollback requested"),
        (EventKind.ROLLED_BACK, {"not_redeployed": "DEP-9 came after."}, "Rolled back"),
    ],
)
def test_rollback_by_another_deployment_is_only_requested(
    kind: EventKind, data: dict[str, Any], text: str
) -> None:
    """The deployment that was rolled back stays live until the other one succeeds."""
    assert describe_outcome(an_event(kind, data=data)) == text
