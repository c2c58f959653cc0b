from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="ChangedVersion")


@_attrs_define
class ChangedVersion:
    """A version that a deployment deploys, replaces, adds or removes."""

    commit_sha: None | str
    """ The commit that the version was built from. Null if unknown. """
    committed_at: datetime.datetime | None
    """ When the commit was created. Null if unknown. """
    notes: None | str
    """ Free text. Null if there is none. """
    registered_at: datetime.datetime
    """ When the version was registered. """
    version: str
    """ The name of the version. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        commit_sha: None | str
        commit_sha = self.commit_sha

        committed_at: None | str
        if isinstance(self.committed_at, datetime.datetime):
            committed_at = to_json(self.committed_at)
        else:
            committed_at = self.committed_at

        notes: None | str
        notes = self.notes

        registered_at = to_json(self.registered_at)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "commit_sha": commit_sha,
                "committed_at": committed_at,
                "notes": notes,
                "registered_at": registered_at,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_commit_sha(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        commit_sha = _parse_commit_sha(d.pop("commit_sha", None))

        def _parse_committed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                committed_at_type_0 = datetime.datetime.fromisoformat(data)

                return committed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        committed_at = _parse_committed_at(d.pop("committed_at", None))

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes", None))

        registered_at = datetime.datetime.fromisoformat(d.pop("registered_at"))

        version = d.pop("version")

        changed_version = cls(
            commit_sha=commit_sha,
            committed_at=committed_at,
            notes=notes,
            registered_at=registered_at,
            version=version,
        )

        changed_version.additional_properties = d
        return changed_version

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
