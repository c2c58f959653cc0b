from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.check_run import CheckRun
    from ..models.target_check import TargetCheck


T = TypeVar("T", bound="CheckTask")


@_attrs_define
class CheckTask:
    """A claimed check run and everything needed to run its checks."""

    base_url: str
    """ The base URL of the checks' paths. """
    check_run: CheckRun
    """ One run of a target's checks outside a deployment. """
    checks: list[TargetCheck]
    """ The checks in execution order. """
    deadline_at: datetime.datetime
    """ The time by which the results must have been reported. """
    fencing_token: int
    """ The fencing token to send with every report about the check run. Reports with a superseded token are
    refused. """
    id: UUID
    """ The check run's id. """
    lease_s: int
    """ The lease duration in seconds. """
    leased_until: datetime.datetime
    """ When the lease expires and another worker can take over. """
    outgoing_allow: list[str]
    """ The hosts and networks that the policy allows checks to call. """
    time_left_s: int
    """ The number of seconds until `deadline_at`, for workers whose clocks differ from the server's. """
    kind: Literal["check_run"] = "check_run"
    """ Identifies which of the alternatives the object is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        base_url = self.base_url

        check_run = to_json(self.check_run)

        checks = []
        for checks_item_data in self.checks:
            checks_item = to_json(checks_item_data)
            checks.append(checks_item)

        deadline_at = to_json(self.deadline_at)

        fencing_token = self.fencing_token

        id = str(self.id)

        kind = self.kind

        lease_s = self.lease_s

        leased_until = to_json(self.leased_until)

        outgoing_allow = self.outgoing_allow

        time_left_s = self.time_left_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "base_url": base_url,
                "check_run": check_run,
                "checks": checks,
                "deadline_at": deadline_at,
                "fencing_token": fencing_token,
                "id": id,
                "kind": kind,
                "lease_s": lease_s,
                "leased_until": leased_until,
                "outgoing_allow": outgoing_allow,
                "time_left_s": time_left_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_run import CheckRun  # noqa: PLC0415
        from ..models.target_check import TargetCheck  # noqa: PLC0415

        d = dict(src_dict)
        base_url = d.pop("base_url")

        check_run = CheckRun.from_dict(d.pop("check_run"))

        checks = []
        _checks = d.pop("checks")
        for checks_item_data in _checks:
            checks_item = TargetCheck.from_dict(checks_item_data)

            checks.append(checks_item)

        deadline_at = datetime.datetime.fromisoformat(d.pop("deadline_at"))

        fencing_token = d.pop("fencing_token")

        id = UUID(d.pop("id"))

        kind = cast(Literal["check_run"], d.pop("kind"))
        if kind != "check_run":
            raise ValueError(f"kind must match const 'check_run', got '{kind}'")

        lease_s = d.pop("lease_s")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        outgoing_allow = cast(list[str], d.pop("outgoing_allow"))

        time_left_s = d.pop("time_left_s")

        check_task = cls(
            base_url=base_url,
            check_run=check_run,
            checks=checks,
            deadline_at=deadline_at,
            fencing_token=fencing_token,
            id=id,
            kind=kind,
            lease_s=lease_s,
            leased_until=leased_until,
            outgoing_allow=outgoing_allow,
            time_left_s=time_left_s,
        )

        check_task.additional_properties = d
        return check_task

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
