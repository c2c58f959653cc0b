from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.review_stage import ReviewStage


T = TypeVar("T", bound="Review")


@_attrs_define
class Review:
    """The progress of the review that the deployment's policy version requires."""

    digest: str
    """ The SHA-256 digest of everything a reviewer approves. Approvals are bound to it. """
    label: str
    """ The label of the review: `requested`; `approved_by_<stage>` for the last satisfied stage;
    `approved_by_policy` if the policy requires no approval; `break_glass` if approval was bypassed; `rejected`;
    `executed` once the deployment has succeeded, even if it was rolled back later. """
    policy_version: int
    stages: list[ReviewStage]
    """ The stages in order. A stage opens when the previous one is satisfied. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        label = self.label

        policy_version = self.policy_version

        stages = []
        for stages_item_data in self.stages:
            stages_item = stages_item_data.to_dict()
            stages.append(stages_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "digest": digest,
                "label": label,
                "policy_version": policy_version,
                "stages": stages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.review_stage import ReviewStage  # noqa: PLC0415

        d = dict(src_dict)
        digest = d.pop("digest")

        label = d.pop("label")

        policy_version = d.pop("policy_version")

        stages = []
        _stages = d.pop("stages")
        for stages_item_data in _stages:
            stages_item = ReviewStage.from_dict(stages_item_data)

            stages.append(stages_item)

        review = cls(
            digest=digest,
            label=label,
            policy_version=policy_version,
            stages=stages,
        )

        review.additional_properties = d
        return review

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
