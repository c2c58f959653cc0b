from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="VersionCreate")


@_attrs_define
class VersionCreate:
    """A version to register."""

    version: str
    """ An opaque version identifier without whitespace or invisible characters. """
    artifact_digest: None | str | Unset = UNSET
    """ The digest of the artifact, such as `sha256:…`. """
    commit_sha: None | str | Unset = UNSET
    """ The commit that the version was built from. """
    committed_at: datetime.datetime | None | Unset = UNSET
    """ When the commit was created. """
    notes: None | str | Unset = UNSET
    """ Free text about the version. """

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        artifact_digest: None | str | Unset
        if isinstance(self.artifact_digest, Unset):
            artifact_digest = UNSET
        else:
            artifact_digest = self.artifact_digest

        commit_sha: None | str | Unset
        if isinstance(self.commit_sha, Unset):
            commit_sha = UNSET
        else:
            commit_sha = self.commit_sha

        committed_at: None | str | Unset
        if isinstance(self.committed_at, Unset):
            committed_at = UNSET
        elif isinstance(self.committed_at, datetime.datetime):
            committed_at = to_json(self.committed_at)
        else:
            committed_at = self.committed_at

        notes: None | str | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        else:
            notes = self.notes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
            }
        )
        if artifact_digest is not UNSET:
            field_dict["artifact_digest"] = artifact_digest
        if commit_sha is not UNSET:
            field_dict["commit_sha"] = commit_sha
        if committed_at is not UNSET:
            field_dict["committed_at"] = committed_at
        if notes is not UNSET:
            field_dict["notes"] = notes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        def _parse_artifact_digest(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        artifact_digest = _parse_artifact_digest(d.pop("artifact_digest", UNSET))

        def _parse_commit_sha(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        commit_sha = _parse_commit_sha(d.pop("commit_sha", UNSET))

        def _parse_committed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                committed_at_type_0 = datetime.datetime.fromisoformat(data)

                return committed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        committed_at = _parse_committed_at(d.pop("committed_at", UNSET))

        def _parse_notes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

        version_create = cls(
            version=version,
            artifact_digest=artifact_digest,
            commit_sha=commit_sha,
            committed_at=committed_at,
            notes=notes,
        )

        return version_create
