from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.policy_body import PolicyBody


T = TypeVar("T", bound="PolicySimulationBody")


@_attrs_define
class PolicySimulationBody:
    """A policy to try on the history of an environment."""

    policy: PolicyBody
    """ The rules of an environment. """
    since: datetime.datetime | None | Unset = UNSET
    """ The start of the period. Default: 90 days before its end. """
    until: datetime.datetime | None | Unset = UNSET
    """ The end of the period, exclusive. Default: now. """

    def to_dict(self) -> dict[str, Any]:
        policy = to_json(self.policy)

        since: None | str | Unset
        if isinstance(self.since, Unset):
            since = UNSET
        elif isinstance(self.since, datetime.datetime):
            since = to_json(self.since)
        else:
            since = self.since

        until: None | str | Unset
        if isinstance(self.until, Unset):
            until = UNSET
        elif isinstance(self.until, datetime.datetime):
            until = to_json(self.until)
        else:
            until = self.until

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "policy": policy,
            }
        )
        if since is not UNSET:
            field_dict["since"] = since
        if until is not UNSET:
            field_dict["until"] = until

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.policy_body import PolicyBody  # noqa: PLC0415

        d = dict(src_dict)
        policy = PolicyBody.from_dict(d.pop("policy"))

        def _parse_since(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.datetime.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        since = _parse_since(d.pop("since", UNSET))

        def _parse_until(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                until_type_0 = datetime.datetime.fromisoformat(data)

                return until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        until = _parse_until(d.pop("until", UNSET))

        policy_simulation_body = cls(
            policy=policy,
            since=since,
            until=until,
        )

        return policy_simulation_body
