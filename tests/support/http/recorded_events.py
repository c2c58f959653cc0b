"""What an event on the wire says about an action."""

from __future__ import annotations

from tests.support.http.api import Json


def facts_of(event: Json) -> Json:
    """Return the data of an event without the state of the rows that the action stored.

    An action that stored nothing else has no such state, and its event is not meant.
    """
    facts = dict(event["data"])
    assert facts.pop("state")
    return facts
