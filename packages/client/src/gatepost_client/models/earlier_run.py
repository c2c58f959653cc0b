from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_status import DeploymentStatus
from ..models.tier import Tier
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.check_result import CheckResult


T = TypeVar("T", bound="EarlierRun")


@_attrs_define
class EarlierRun:
    """The latest deployment of the same version to another environment."""

    checks: list[CheckResult]
    """ The latest result of each check. """
    deployed_at: datetime.datetime
    """ When the version went live in that environment. """
    deployed_by: None | str
    """ Who carried out the deployment. Null if unknown. """
    deployment_id: UUID
    """ The id of the deployment. """
    environment: str
    """ The environment's name. """
    number: str
    """ The number of the deployment, as in `DEP-42`. """
    status: DeploymentStatus
    """ The current status of a deployment. """
    tier: Tier
    """ The importance of an environment. Rules depend on the tier, never on the name. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checks = []
        for checks_item_data in self.checks:
            checks_item = to_json(checks_item_data)
            checks.append(checks_item)

        deployed_at = to_json(self.deployed_at)

        deployed_by: None | str
        deployed_by = self.deployed_by

        deployment_id = str(self.deployment_id)

        environment = self.environment

        number = self.number

        status = to_json(self.status)

        tier = to_json(self.tier)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checks": checks,
                "deployed_at": deployed_at,
                "deployed_by": deployed_by,
                "deployment_id": deployment_id,
                "environment": environment,
                "number": number,
                "status": status,
                "tier": tier,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_result import CheckResult  # noqa: PLC0415

        d = dict(src_dict)
        checks = []
        _checks = d.pop("checks")
        for checks_item_data in _checks:
            checks_item = CheckResult.from_dict(checks_item_data)

            checks.append(checks_item)

        deployed_at = datetime.datetime.fromisoformat(d.pop("deployed_at"))

        def _parse_deployed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by", None))

        deployment_id = UUID(d.pop("deployment_id"))

        environment = d.pop("environment")

        number = d.pop("number")

        status = DeploymentStatus(d.pop("status"))

        tier = Tier(d.pop("tier"))

        earlier_run = cls(
            checks=checks,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            deployment_id=deployment_id,
            environment=environment,
            number=number,
            status=status,
            tier=tier,
        )

        earlier_run.additional_properties = d
        return earlier_run

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
