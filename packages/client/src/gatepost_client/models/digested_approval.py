from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="DigestedApproval")


@_attrs_define
class DigestedApproval:
    """One reviewer's approval and the digest of what was approved."""

    actor: str
    """ Who approved. """
    at: datetime.datetime
    """ When the reviewer approved. """
    digest: str
    """ The digest of what was approved, at the time of the approval. """
    note: None | str
    """ The reviewer's note. Null if there is none. """
    stage: str
    """ The stage in which the reviewer approved. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = to_json(self.at)

        digest = self.digest

        note: None | str
        note = self.note

        stage = self.stage

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        note = _parse_note(d.pop("note", None))

        stage = d.pop("stage")

        digested_approval = cls(
            actor=actor,
            at=at,
            digest=digest,
            note=note,
            stage=stage,
        )

        digested_approval.additional_properties = d
        return digested_approval

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
