from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.review_stage import ReviewStage


T = TypeVar("T", bound="Review")


@_attrs_define
class Review:
    """How far the review is, under the policy that the deployment was asked under."""

    digest: str
    """ What approvals bind to: SHA-256 of everything a reviewer consents to. """
    label: str
    """ `requested`, `approved_by_qa`, `approved_by_devops`, …; `approved_by_policy` where no review is asked for;
    `break_glass` where it was done without; `rejected`; `executed` once the deployment succeeded. """
    policy_version: int
    stages: list[ReviewStage]
    """ In order: a stage opens when the one before it is satisfied. """

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        label = self.label

        policy_version = self.policy_version

        stages = []
        for stages_item_data in self.stages:
            stages_item = stages_item_data.to_dict()
            stages.append(stages_item)

        field_dict: dict[str, Any] = {}

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

        return review
