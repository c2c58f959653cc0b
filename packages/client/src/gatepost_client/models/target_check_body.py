from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.http_method import HttpMethod
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.target_check_body_expect_json import TargetCheckBodyExpectJson


T = TypeVar("T", bound="TargetCheckBody")


@_attrs_define
class TargetCheckBody:
    """An HTTP request sent after the rollout and the expected response."""

    name: str
    """ One line of text with at least one visible character, and without control or format characters. """
    path: str
    """ The path below the base URL, with an optional query. """
    attempts: int | Unset = UNSET
    """ The number of attempts before the check fails. """
    body: Any | Unset = UNSET
    """ A JSON request body. If this field is null or omitted, no body is sent. """
    expect_json: TargetCheckBodyExpectJson | Unset = UNSET
    """ Expected values in the JSON response, keyed by JSON pointer (RFC 6901). """
    expect_status: int | Unset = UNSET
    """ The expected HTTP status. """
    max_latency_ms: int | None | Unset = UNSET
    """ The maximum response time in milliseconds. The check fails if the response takes longer. Null means no
    limit. """
    method: HttpMethod | Unset = UNSET
    """ The HTTP method of the request that a check sends. """
    required: bool | Unset = UNSET
    """ Whether the deployment fails if this check does not pass. """
    timeout_s: int | Unset = UNSET
    """ The response timeout in seconds. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        path = self.path

        attempts = self.attempts

        body = self.body

        expect_json: dict[str, Any] | Unset = UNSET
        if not isinstance(self.expect_json, Unset):
            expect_json = to_json(self.expect_json)

        expect_status = self.expect_status

        max_latency_ms: int | None | Unset
        if isinstance(self.max_latency_ms, Unset):
            max_latency_ms = UNSET
        else:
            max_latency_ms = self.max_latency_ms

        method: str | Unset = UNSET
        if not isinstance(self.method, Unset):
            method = to_json(self.method)

        required = self.required

        timeout_s = self.timeout_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "path": path,
            }
        )
        if attempts is not UNSET:
            field_dict["attempts"] = attempts
        if body is not UNSET:
            field_dict["body"] = body
        if expect_json is not UNSET:
            field_dict["expect_json"] = expect_json
        if expect_status is not UNSET:
            field_dict["expect_status"] = expect_status
        if max_latency_ms is not UNSET:
            field_dict["max_latency_ms"] = max_latency_ms
        if method is not UNSET:
            field_dict["method"] = method
        if required is not UNSET:
            field_dict["required"] = required
        if timeout_s is not UNSET:
            field_dict["timeout_s"] = timeout_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.target_check_body_expect_json import TargetCheckBodyExpectJson  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        path = d.pop("path")

        attempts = d.pop("attempts", UNSET)

        body = d.pop("body", UNSET)

        _expect_json = d.pop("expect_json", UNSET)
        expect_json: TargetCheckBodyExpectJson | Unset
        if isinstance(_expect_json, Unset):
            expect_json = UNSET
        else:
            expect_json = TargetCheckBodyExpectJson.from_dict(_expect_json)

        expect_status = d.pop("expect_status", UNSET)

        def _parse_max_latency_ms(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_latency_ms = _parse_max_latency_ms(d.pop("max_latency_ms", UNSET))

        _method = d.pop("method", UNSET)
        method: HttpMethod | Unset
        if isinstance(_method, Unset):
            method = UNSET
        else:
            method = HttpMethod(_method)

        required = d.pop("required", UNSET)

        timeout_s = d.pop("timeout_s", UNSET)

        target_check_body = cls(
            name=name,
            path=path,
            attempts=attempts,
            body=body,
            expect_json=expect_json,
            expect_status=expect_status,
            max_latency_ms=max_latency_ms,
            method=method,
            required=required,
            timeout_s=timeout_s,
        )

        return target_check_body
