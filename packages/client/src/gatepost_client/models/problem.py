from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_action import DeploymentAction
from ..models.deployment_status import DeploymentStatus
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.problem_error import ProblemError


T = TypeVar("T", bound="Problem")


@_attrs_define
class Problem:
    """An error (RFC 9457). The request changed nothing unless `detail` states otherwise."""

    allowed_actions: list[DeploymentAction] | None
    """ The actions that are possible instead. Null unless the action was refused because of the deployment's status
    or a gate. """
    code: str
    """ A stable, machine-readable code for the kind of problem. New versions can add codes. """
    deployment_status: DeploymentStatus | None
    """ The status of the deployment. Null unless the action was refused because of this status or a gate. """
    detail: str
    """ What went wrong and, if possible, how to fix it. """
    errors: list[ProblemError]
    """ The errors in the input. Empty if the input is valid. """
    instance: str
    """ The requested path. """
    request_id: None | str
    """ The id of the request, as in `X-Request-ID` and in the server's log. """
    status: int
    """ The HTTP status. """
    title: str
    """ A human-readable name for the kind of problem. """
    type_: str
    """ The kind of problem: the path of its description on this server, `/docs/problems#` followed by the code. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        allowed_actions: list[str] | None
        if isinstance(self.allowed_actions, list):
            allowed_actions = []
            for allowed_actions_type_0_item_data in self.allowed_actions:
                allowed_actions_type_0_item = to_json(allowed_actions_type_0_item_data)
                allowed_actions.append(allowed_actions_type_0_item)

        else:
            allowed_actions = self.allowed_actions

        code = self.code

        deployment_status: None | str
        if isinstance(self.deployment_status, DeploymentStatus):
            deployment_status = to_json(self.deployment_status)
        else:
            deployment_status = self.deployment_status

        detail = self.detail

        errors = []
        for errors_item_data in self.errors:
            errors_item = to_json(errors_item_data)
            errors.append(errors_item)

        instance = self.instance

        request_id: None | str
        request_id = self.request_id

        status = self.status

        title = self.title

        type_ = self.type_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "allowed_actions": allowed_actions,
                "code": code,
                "deployment_status": deployment_status,
                "detail": detail,
                "errors": errors,
                "instance": instance,
                "request_id": request_id,
                "status": status,
                "title": title,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.problem_error import ProblemError  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_allowed_actions(data: object) -> list[DeploymentAction] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                allowed_actions_type_0 = []
                _allowed_actions_type_0 = data
                for allowed_actions_type_0_item_data in _allowed_actions_type_0:
                    allowed_actions_type_0_item = DeploymentAction(allowed_actions_type_0_item_data)

                    allowed_actions_type_0.append(allowed_actions_type_0_item)

                return allowed_actions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[DeploymentAction] | None, data)

        allowed_actions = _parse_allowed_actions(d.pop("allowed_actions", None))

        code = d.pop("code")

        def _parse_deployment_status(data: object) -> DeploymentStatus | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployment_status_type_0 = DeploymentStatus(data)

                return deployment_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentStatus | None, data)

        deployment_status = _parse_deployment_status(d.pop("deployment_status", None))

        detail = d.pop("detail")

        errors = []
        _errors = d.pop("errors")
        for errors_item_data in _errors:
            errors_item = ProblemError.from_dict(errors_item_data)

            errors.append(errors_item)

        instance = d.pop("instance")

        def _parse_request_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        request_id = _parse_request_id(d.pop("request_id", None))

        status = d.pop("status")

        title = d.pop("title")

        type_ = d.pop("type")

        problem = cls(
            allowed_actions=allowed_actions,
            code=code,
            deployment_status=deployment_status,
            detail=detail,
            errors=errors,
            instance=instance,
            request_id=request_id,
            status=status,
            title=title,
            type_=type_,
        )

        problem.additional_properties = d
        return problem

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
