from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.direction import Direction
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.changed_version import ChangedVersion
    from ..models.commit_range import CommitRange
    from ..models.earlier_run import EarlierRun
    from ..models.replaced_deployment import ReplacedDeployment


T = TypeVar("T", bound="DeploymentChanges")


@_attrs_define
class DeploymentChanges:
    """What a deployment changes."""

    commits: CommitRange | None
    """ The commits between the two versions. Null if the commit of this deployment's version is unknown. """
    direction: Direction
    """ Whether a deployment's version is later than the one it replaces. """
    earlier_runs: list[EarlierRun]
    """ The latest deployment of this version to each other environment where it went live. """
    from_: None | ReplacedDeployment
    """ The deployment that is replaced. Null if nothing was live. """
    has_more_versions: bool
    """ Whether there are more than 50 versions. """
    to: ChangedVersion
    """ A version that a deployment deploys, replaces, adds or removes. """
    versions: list[ChangedVersion]
    """ The versions that the deployment adds or, if it goes backward, removes, in reverse order of registration. At
    most 50. """
    work_references: list[str]
    """ The work references of the deployment, followed by those of all deployments of the versions in `versions`.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.commit_range import CommitRange  # noqa: PLC0415
        from ..models.replaced_deployment import ReplacedDeployment  # noqa: PLC0415

        commits: dict[str, Any] | None
        if isinstance(self.commits, CommitRange):
            commits = to_json(self.commits)
        else:
            commits = self.commits

        direction = to_json(self.direction)

        earlier_runs = []
        for earlier_runs_item_data in self.earlier_runs:
            earlier_runs_item = to_json(earlier_runs_item_data)
            earlier_runs.append(earlier_runs_item)

        from_: dict[str, Any] | None
        if isinstance(self.from_, ReplacedDeployment):
            from_ = to_json(self.from_)
        else:
            from_ = self.from_

        has_more_versions = self.has_more_versions

        to = to_json(self.to)

        versions = []
        for versions_item_data in self.versions:
            versions_item = to_json(versions_item_data)
            versions.append(versions_item)

        work_references = self.work_references

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "commits": commits,
                "direction": direction,
                "earlier_runs": earlier_runs,
                "from": from_,
                "has_more_versions": has_more_versions,
                "to": to,
                "versions": versions,
                "work_references": work_references,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.changed_version import ChangedVersion  # noqa: PLC0415
        from ..models.commit_range import CommitRange  # noqa: PLC0415
        from ..models.earlier_run import EarlierRun  # noqa: PLC0415
        from ..models.replaced_deployment import ReplacedDeployment  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_commits(data: object) -> CommitRange | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                commits_type_0 = CommitRange.from_dict(data)

                return commits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CommitRange | None, data)

        commits = _parse_commits(d.pop("commits", None))

        direction = Direction(d.pop("direction"))

        earlier_runs = []
        _earlier_runs = d.pop("earlier_runs")
        for earlier_runs_item_data in _earlier_runs:
            earlier_runs_item = EarlierRun.from_dict(earlier_runs_item_data)

            earlier_runs.append(earlier_runs_item)

        def _parse_from_(data: object) -> None | ReplacedDeployment:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                from_type_0 = ReplacedDeployment.from_dict(data)

                return from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReplacedDeployment, data)

        from_ = _parse_from_(d.pop("from", None))

        has_more_versions = d.pop("has_more_versions")

        to = ChangedVersion.from_dict(d.pop("to"))

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = ChangedVersion.from_dict(versions_item_data)

            versions.append(versions_item)

        work_references = cast(list[str], d.pop("work_references"))

        deployment_changes = cls(
            commits=commits,
            direction=direction,
            earlier_runs=earlier_runs,
            from_=from_,
            has_more_versions=has_more_versions,
            to=to,
            versions=versions,
            work_references=work_references,
        )

        deployment_changes.additional_properties = d
        return deployment_changes

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
