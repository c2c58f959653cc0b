from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="CheckRunLease")


@_attrs_define
class CheckRunLease:
    """The lease of a claim on a check run."""

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
    time_left_s: int
    """ The number of seconds until `deadline_at`, for workers whose clocks differ from the server's. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deadline_at = to_json(self.deadline_at)

        fencing_token = self.fencing_token

        id = str(self.id)

        lease_s = self.lease_s

        leased_until = to_json(self.leased_until)

        time_left_s = self.time_left_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deadline_at": deadline_at,
                "fencing_token": fencing_token,
                "id": id,
                "lease_s": lease_s,
                "leased_until": leased_until,
                "time_left_s": time_left_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deadline_at = datetime.datetime.fromisoformat(d.pop("deadline_at"))

        fencing_token = d.pop("fencing_token")

        id = UUID(d.pop("id"))

        lease_s = d.pop("lease_s")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        time_left_s = d.pop("time_left_s")

        check_run_lease = cls(
            deadline_at=deadline_at,
            fencing_token=fencing_token,
            id=id,
            lease_s=lease_s,
            leased_until=leased_until,
            time_left_s=time_left_s,
        )

        check_run_lease.additional_properties = d
        return check_run_lease

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
