"""Which actions require a note, and where the note is stored."""

import pytest

from gatepost_domain.errors import ValidationFailed
from gatepost_domain.status_transitions import Action, Status
from tests.support.domain.lifecycle import (
    DESIGNED_TRANSITIONS,
    NEEDS_NOTE,
    NEEDS_REASON,
    deployment_with_status,
    transition,
)

MOVES = [(status, action) for status, actions in DESIGNED_TRANSITIONS.items() for action in actions]


@pytest.mark.parametrize(("status", "action"), [move for move in MOVES if move[1] in NEEDS_NOTE])
@pytest.mark.parametrize("note", [None, "", " \t\n"])
def test_action_without_its_required_note_is_refused(
    status: Status, action: Action, note: str | None
) -> None:
    """A blank note is also refused, and the refusal names the field."""
    with pytest.raises(ValidationFailed) as refusal:
        transition(deployment_with_status(status), action, note=note)

    assert refusal.value.code == "note_required"
    assert [fault.field for fault in refusal.value.errors] == ["note"]
    assert str(action) in str(refusal.value)


@pytest.mark.parametrize(
    ("status", "action"), [move for move in MOVES if move[1] not in NEEDS_NOTE | NEEDS_REASON]
)
@pytest.mark.parametrize("note", [None, ""])
def test_note_is_optional_for_all_other_actions(
    status: Status, action: Action, note: str | None
) -> None:
    """Actions such as approve, start and succeed need no note."""
    after, event = transition(deployment_with_status(status), action, note=note)

    assert after.revision > 1
    assert event.note == note


@pytest.mark.parametrize(("status", "action"), MOVES)
def test_note_is_stored_unchanged(status: Status, action: Action) -> None:
    """The event contains the note exactly as written."""
    _, event = transition(deployment_with_status(status), action, note=" As agreed in #ops — ñ\n")

    assert event.note == " As agreed in #ops — ñ\n"
