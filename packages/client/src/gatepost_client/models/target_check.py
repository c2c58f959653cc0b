from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.http_method import HttpMethod
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.target_check_expect_json import TargetCheckExpectJson


T = TypeVar("T", bound="TargetCheck")


@_attrs_define
class TargetCheck:
    """An HTTP request sent after the rollout and the expected response."""

    attempts: int
    """ The number of attempts before the check fails. """
    body: Any
    """ The JSON request body. Null if no body is sent. """
    expect_json: TargetCheckExpectJson
    """ Expected values in the JSON response, keyed by JSON pointer (RFC 6901). """
    expect_status: int
    """ The status that the response must have. """
    max_latency_ms: int | None
    """ The maximum response time in milliseconds. Null means no limit. """
    method: HttpMethod
    """ The HTTP method of the request that a check sends. """
    name: str
    """ The name of the check, unique in the target. """
    path: str
    """ The path below the base URL. """
    required: bool
    """ Whether the deployment fails if this check does not pass. """
    timeout_s: int
    """ The response timeout in seconds. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        body = self.body

        expect_json = to_json(self.expect_json)

        expect_status = self.expect_status

        max_latency_ms: int | None
        max_latency_ms = self.max_latency_ms

        method = to_json(self.method)

        name = self.name

        path = self.path

        required = self.required

        timeout_s = self.timeout_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "body": body,
                "expect_json": expect_json,
                "expect_status": expect_status,
                "max_latency_ms": max_latency_ms,
                "method": method,
                "name": name,
                "path": path,
                "required": required,
                "timeout_s": timeout_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.target_check_expect_json import TargetCheckExpectJson  # noqa: PLC0415

        d = dict(src_dict)
        attempts = d.pop("attempts")

        body = d.pop("body")

        expect_json = TargetCheckExpectJson.from_dict(d.pop("expect_json"))

        expect_status = d.pop("expect_status")

        def _parse_max_latency_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_latency_ms = _parse_max_latency_ms(d.pop("max_latency_ms", None))

        method = HttpMethod(d.pop("method"))

        name = d.pop("name")

        path = d.pop("path")

        required = d.pop("required")

        timeout_s = d.pop("timeout_s")

        target_check = cls(
            attempts=attempts,
            body=body,
            expect_json=expect_json,
            expect_status=expect_status,
            max_latency_ms=max_latency_ms,
            method=method,
            name=name,
            path=path,
            required=required,
            timeout_s=timeout_s,
        )

        target_check.additional_properties = d
        return target_check

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
