from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.tier import Tier

T = TypeVar("T", bound="Environment")


@_attrs_define
class Environment:
    """A place where versions run."""

    created_at: datetime.datetime
    created_by: str
    display_name: str
    name: str
    policy_version: int
    """ The version of its policy in force. """
    rank: int
    tier: Tier
    """ How much an environment matters. Rules key on the tier, never on the name. """

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        created_by = self.created_by

        display_name = self.display_name

        name = self.name

        policy_version = self.policy_version

        rank = self.rank

        tier = self.tier.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "created_at": created_at,
                "created_by": created_by,
                "display_name": display_name,
                "name": name,
                "policy_version": policy_version,
                "rank": rank,
                "tier": tier,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        display_name = d.pop("display_name")

        name = d.pop("name")

        policy_version = d.pop("policy_version")

        rank = d.pop("rank")

        tier = Tier(d.pop("tier"))

        environment = cls(
            created_at=created_at,
            created_by=created_by,
            display_name=display_name,
            name=name,
            policy_version=policy_version,
            rank=rank,
            tier=tier,
        )

        return environment
