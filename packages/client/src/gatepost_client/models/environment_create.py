from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.tier import Tier
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.policy_body import PolicyBody


T = TypeVar("T", bound="EnvironmentCreate")


@_attrs_define
class EnvironmentCreate:
    """An environment to create."""

    name: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    tier: Tier
    """ The importance of an environment. Rules depend on the tier, never on the name. """
    display_name: None | str | Unset = UNSET
    """ A human-readable name. Defaults to `name`. """
    policy: None | PolicyBody | Unset = UNSET
    """ The policy of the environment. Defaults to the policy of the tier. """
    rank: int | None | Unset = UNSET
    """ The position in promotion order, lowest first. Defaults to the rank of the tier. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.policy_body import PolicyBody  # noqa: PLC0415

        name = self.name

        tier = to_json(self.tier)

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        policy: dict[str, Any] | None | Unset
        if isinstance(self.policy, Unset):
            policy = UNSET
        elif isinstance(self.policy, PolicyBody):
            policy = to_json(self.policy)
        else:
            policy = self.policy

        rank: int | None | Unset
        if isinstance(self.rank, Unset):
            rank = UNSET
        else:
            rank = self.rank

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "tier": tier,
            }
        )
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if policy is not UNSET:
            field_dict["policy"] = policy
        if rank is not UNSET:
            field_dict["rank"] = rank

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.policy_body import PolicyBody  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        tier = Tier(d.pop("tier"))

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        def _parse_policy(data: object) -> None | PolicyBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                policy_type_0 = PolicyBody.from_dict(data)

                return policy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PolicyBody | Unset, data)

        policy = _parse_policy(d.pop("policy", UNSET))

        def _parse_rank(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        rank = _parse_rank(d.pop("rank", UNSET))

        environment_create = cls(
            name=name,
            tier=tier,
            display_name=display_name,
            policy=policy,
            rank=rank,
        )

        return environment_create
