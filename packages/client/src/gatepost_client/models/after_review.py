from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.after_review_state import AfterReviewState
from ..models.verdict import Verdict
from ..plain_values import to_json

T = TypeVar("T", bound="AfterReview")


@_attrs_define
class AfterReview:
    """The review required after a break-glass approval."""

    closed_at: datetime.datetime | None
    """ When the review was closed. Null while it is open. """
    closed_by: None | str
    """ Who closed the review. Null while it is open. """
    due_at: datetime.datetime
    """ When the review becomes overdue. """
    state: AfterReviewState
    """ The state of the after-review of a break-glass approval. """
    verdict: None | Verdict
    """ Whether the use of break-glass was justified. Null while the review is open. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = to_json(self.closed_at)
        else:
            closed_at = self.closed_at

        closed_by: None | str
        closed_by = self.closed_by

        due_at = to_json(self.due_at)

        state = to_json(self.state)

        verdict: None | str
        if isinstance(self.verdict, Verdict):
            verdict = to_json(self.verdict)
        else:
            verdict = self.verdict

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "closed_at": closed_at,
                "closed_by": closed_by,
                "due_at": due_at,
                "state": state,
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at", None))

        def _parse_closed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        closed_by = _parse_closed_by(d.pop("closed_by", None))

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))

        state = AfterReviewState(d.pop("state"))

        def _parse_verdict(data: object) -> None | Verdict:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                verdict_type_0 = Verdict(data)

                return verdict_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Verdict, data)

        verdict = _parse_verdict(d.pop("verdict", None))

        after_review = cls(
            closed_at=closed_at,
            closed_by=closed_by,
            due_at=due_at,
            state=state,
            verdict=verdict,
        )

        after_review.additional_properties = d
        return after_review

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
