from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.verdict import Verdict
from ..plain_values import to_json

T = TypeVar("T", bound="AfterReviewBody")


@_attrs_define
class AfterReviewBody:
    """A reviewer's verdict on a break-glass approval."""

    note: str
    """ The reason for the verdict. Recorded permanently. """
    verdict: Verdict
    """ A reviewer's verdict on a break-glass approval. """

    def to_dict(self) -> dict[str, Any]:
        note = self.note

        verdict = to_json(self.verdict)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "note": note,
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        note = d.pop("note")

        verdict = Verdict(d.pop("verdict"))

        after_review_body = cls(
            note=note,
            verdict=verdict,
        )

        return after_review_body
