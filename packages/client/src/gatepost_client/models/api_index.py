from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.api_index_links import ApiIndexLinks


T = TypeVar("T", bound="ApiIndex")


@_attrs_define
class ApiIndex:
    """The version of the API, and where to find its documentation and its lists."""

    documentation: str
    """ The path of the human-readable documentation. """
    links: ApiIndexLinks
    """ The path of each GET operation that has no path parameters, by operation id. """
    openapi: str
    """ The path of the OpenAPI document. """
    problems: str
    """ The path of the list of all problem codes. """
    version: str
    """ The version of the server and of the API. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        documentation = self.documentation

        links = to_json(self.links)

        openapi = self.openapi

        problems = self.problems

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "documentation": documentation,
                "links": links,
                "openapi": openapi,
                "problems": problems,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.api_index_links import ApiIndexLinks  # noqa: PLC0415

        d = dict(src_dict)
        documentation = d.pop("documentation")

        links = ApiIndexLinks.from_dict(d.pop("links"))

        openapi = d.pop("openapi")

        problems = d.pop("problems")

        version = d.pop("version")

        api_index = cls(
            documentation=documentation,
            links=links,
            openapi=openapi,
            problems=problems,
            version=version,
        )

        api_index.additional_properties = d
        return api_index

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
