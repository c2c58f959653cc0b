"""The OpenAPI document satisfies the rules of other people's linters and validators.

They are the rules of Spectral (`spectral:oas`) and Redocly (`recommended-strict`) that the document
has broken before, and those that clients in other languages depend on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs
import pytest

from gatepost_api.openapi.document import openapi_document
from gatepost_api.problem_catalog.problem_lookup import PROBLEMS

Json = Any
DOCUMENT: Final = openapi_document()
SCHEMAS: Final[dict[str, Json]] = DOCUMENT["components"]["schemas"]
OPERATIONS: Final[list[Json]] = [
    operation for path in DOCUMENT["paths"].values() for operation in path.values()
]
PROBLEM_RESPONSES: Final[list[tuple[str, str, Json]]] = [
    (operation["operationId"], status, response)
    for operation in OPERATIONS
    for status, response in operation["responses"].items()
    if "application/problem+json" in response.get("content", {})
]
ADDED_BY: Final = {"401": {"WWW-Authenticate"}, "429": {"Retry-After"}, "503": {"Retry-After"}}
"""The headers that a status always has."""


def nodes(node: Json) -> Iterator[dict[str, Json]]:
    """Return all objects in a part of the document."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for element in node:
            yield from nodes(element)


def schema_nodes() -> Iterator[dict[str, Json]]:
    """Return all schemas of components and parameters, with those inside of them."""
    yield from nodes(
        [
            {name: value for name, value in schema.items() if name != "examples"}
            for schema in SCHEMAS.values()
        ]
    )
    for operation in OPERATIONS:
        yield from nodes([each["schema"] for each in operation.get("parameters", ())])


def test_schema_is_named_after_its_type_alone() -> None:
    """Two types with the same name would get the names of their modules, also in the client."""
    assert [name for name in SCHEMAS if "gatepost" in name] == []


def test_document_names_its_license_and_contact() -> None:
    """Readers know under which terms the API is offered, and by whom."""
    assert DOCUMENT["info"]["license"] == {
        "identifier": "Apache-2.0",
        "name": "Apache License 2.0",
    }
    assert DOCUMENT["info"]["contact"]["name"]


def test_document_states_how_operations_are_deprecated() -> None:
    """Clients know which header fields announce that something will be removed."""
    description = " ".join(DOCUMENT["info"]["description"].split())

    for text in ("`Deprecation`", "RFC 9745", "`Sunset`", "RFC 8594"):
        assert text in description


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation["operationId"])
def test_operation_declares_success_and_errors(operation: Json) -> None:
    """Every operation has a successful response and an error that the client causes."""
    statuses = {status[0] for status in operation["responses"]}

    assert {"2", "4"} <= statuses


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation["operationId"])
def test_parameter_is_described(operation: Json) -> None:
    """Every parameter is described, and those of the path have an example."""
    for parameter in operation.get("parameters", ()):
        assert parameter["description"], parameter["name"]
        if parameter["in"] == "path":
            assert parameter["examples"], parameter["name"]


def test_every_property_is_described() -> None:
    """A property has a description of its own, or is of a described type of its own."""
    undescribed = [
        f"{name}.{field}"
        for name, schema in SCHEMAS.items()
        for field, declaration in schema.get("properties", {}).items()
        if not (
            declaration.get("description")
            or SCHEMAS[declaration["$ref"].rpartition("/")[2]].get("description")
        )
    ]

    assert undescribed == []


def test_integers_have_a_format() -> None:
    """Generators for languages with several integer types choose one that is large enough."""
    integers = [node for node in schema_nodes() if node.get("type") == "integer"]

    assert integers
    assert {node.get("format") for node in integers} <= {"int32", "int64"}
    for node in integers:
        assert node["format"] == "int64" or node["maximum"] < 2**31


def test_patterns_are_read_alike_by_all_engines() -> None:
    """No pattern has a character that an engine without Unicode mode reads as two."""
    patterns = [node["pattern"] for node in schema_nodes() if isinstance(node.get("pattern"), str)]

    assert patterns
    for pattern in patterns:
        re.compile(pattern)
        assert all(ord(character) <= 0xFFFF for character in pattern), pattern


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_alternatives_are_alternatives(keyword: str) -> None:
    """A schema has no list of alternatives with a single one."""
    assert [node for node in schema_nodes() if len(node.get(keyword, (1, 2))) < 2] == []


def test_references_lead_to_components_that_are_used() -> None:
    """Every reference leads to a component, and every example and header is used."""
    references = {node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)}
    components = {
        f"#/components/{kind}/{name}"
        for kind in ("examples", "headers", "schemas")
        for name in DOCUMENT["components"][kind]
    }

    assert references <= components
    assert {name for name in components if "/schemas/" not in name} <= references


def test_examples_are_valid() -> None:
    """Every example of a model and of a problem conforms to its schema."""
    examples = [
        (name, example)
        for name, schema in SCHEMAS.items()
        for example in schema.get("examples", ())
    ]
    examples += [
        ("Problem", example["value"]) for example in DOCUMENT["components"]["examples"].values()
    ]

    assert {name for name, _ in examples} >= {"DeploymentCreate", "Health", "Problem", "Service"}
    for name, example in examples:
        schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
        jsonschema_rs.validate(schema, example)


@pytest.mark.parametrize(
    ("status", "response"),
    [(status, response) for _, status, response in PROBLEM_RESPONSES],
    ids=[f"{operation}-{status}" for operation, status, _ in PROBLEM_RESPONSES],
)
def test_problem_response_lists_its_codes(status: str, response: Json) -> None:
    """An error response lists codes of its status, with examples, and declares its headers."""
    codes = re.findall("`([a-z_]+)`", response["description"].partition("`code`")[2])
    examples = [
        DOCUMENT["components"]["examples"][name]["value"]
        for name in response["content"]["application/problem+json"]["examples"]
    ]

    assert codes
    for code in codes:
        assert int(status) in PROBLEMS[code].statuses
    assert examples
    for example in examples:
        assert (example["status"], example["type"]) == (
            int(status),
            f"/docs/problems#{example['code']}",
        )
    assert response.get("headers", {}).keys() >= ADDED_BY.get(status, set())


def test_problem_lists_all_codes() -> None:
    """The code of a problem is an open list of all codes."""
    assert SCHEMAS["Problem"]["properties"]["code"]["x-extensible-enum"] == list(PROBLEMS)
