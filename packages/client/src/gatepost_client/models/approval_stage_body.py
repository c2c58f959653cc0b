from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.approval_rule_body import ApprovalRuleBody


T = TypeVar("T", bound="ApprovalStageBody")


@_attrs_define
class ApprovalStageBody:
    """One stage of a review."""

    name: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    rules: list[ApprovalRuleBody]
    """ The rules of the stage. All must be satisfied, and each approval counts toward only one rule. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        rules = []
        for rules_item_data in self.rules:
            rules_item = to_json(rules_item_data)
            rules.append(rules_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "rules": rules,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_rule_body import ApprovalRuleBody  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = ApprovalRuleBody.from_dict(rules_item_data)

            rules.append(rules_item)

        approval_stage_body = cls(
            name=name,
            rules=rules,
        )

        return approval_stage_body
