from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="DigestedApproval")


@_attrs_define
class DigestedApproval:
    """One reviewer's approval and the digest of what was approved."""

    actor: str
    at: datetime.datetime
    digest: str
    """ The digest of what was approved, at the time of the approval. """
    note: None | str
    stage: str

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = self.at.isoformat()

        digest = self.digest

        note: None | str
        note = self.note

        stage = self.stage

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "actor": actor,
                "at": at,
                "digest": digest,
                "note": note,
                "stage": stage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        actor = d.pop("actor")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        digest = d.pop("digest")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        stage = d.pop("stage")

        digested_approval = cls(
            actor=actor,
            at=at,
            digest=digest,
            note=note,
            stage=stage,
        )

        return digested_approval
