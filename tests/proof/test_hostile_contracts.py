"""A thousand services with hostile texts: no text changes the structure of a generated file."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # the package has no types
import pytest
from hypothesis import given, settings

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.generation_input_output import ContractInput
from gatepost_contracts.kubernetes_files import to_label_value
from tests.support.contract_files import kubernetes_manifest, module_inputs, terraform_file
from tests.support.contracts import PAYMENTS, hostile_inputs, hostile_text, structure

LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
PIPELINES = [".github/workflows/payments.yml", "jenkins/payments.Jenkinsfile"]
HARMLESS_FILES = generate_contract_files(PAYMENTS).files
HARMLESS_MANIFEST = kubernetes_manifest(PAYMENTS)


@pytest.fixture(scope="module")  # python-hcl2 builds its parser at the first use: seconds
def harmless_file() -> dict[str, Any]:
    """Return the Terraform file of a harmless service."""
    return terraform_file(PAYMENTS)


@pytest.fixture(scope="module")
def schemas() -> Iterator[None]:
    """Read each schema once; the package reads two for each manifest, which takes most time."""
    with pytest.MonkeyPatch.context() as patch:
        utils = kubernetes_validate.utils
        patch.setattr(utils, "schema_contents", cache(utils.schema_contents))
        yield


@given(hostile_inputs)
@settings(max_examples=400)
def test_no_text_changes_the_structure_of_a_kubernetes_manifest(hostile: ContractInput) -> None:
    """The structure matches that of a harmless service's manifest, and every text is read back."""
    document = kubernetes_manifest(hostile)

    assert structure(document) == structure(HARMLESS_MANIFEST)
    assert document["metadata"]["annotations"] == {
        "gatepost/display-name": hostile.display_name,
        "gatepost/description": hostile.description,
        "gatepost/team": hostile.team,
        "gatepost/repo-url": hostile.repo_url,
        "gatepost/template-version": "4",
    }
    assert LABEL.fullmatch(document["metadata"]["labels"]["gatepost/team"])


@pytest.mark.usefixtures("schemas")
@given(hostile_inputs)
@settings(max_examples=100)
def test_every_manifest_passes_the_strict_schema_of_kubernetes(hostile: ContractInput) -> None:
    """Every field is known to Kubernetes and has the expected type."""
    for environment in ("test", "production"):
        document = kubernetes_manifest(hostile, environment)
        kubernetes_validate.validate(document, "1.37", strict=True)


@given(hostile_text(200))
@settings(max_examples=1000)
def test_every_team_label_is_valid(team: str) -> None:
    """Labels have at most 63 characters and a letter or digit at either end.

    See Kubernetes, Labels and Selectors.
    """
    assert LABEL.fullmatch(to_label_value(team))


@given(hostile_inputs)
@settings(max_examples=200)
def test_no_text_changes_the_structure_of_a_terraform_file(
    harmless_file: dict[str, Any], hostile: ContractInput
) -> None:
    """The structure matches that of a harmless service's file, and every text is read back."""
    document = terraform_file(hostile)
    modules = module_inputs(document)

    assert structure(document) == structure(harmless_file)
    assert modules["service"]["display_name"] == hostile.display_name
    assert modules["service"]["description"] == hostile.description
    assert {modules[module]["team"] for module in ("ecr", "iam", "service")} == {hostile.team}
    assert modules["service"]["repo_url"] == modules["iam"]["repo_url"] == hostile.repo_url


@given(hostile_inputs)
@settings(max_examples=400)
def test_no_free_text_reaches_a_pipeline(hostile: ContractInput) -> None:
    """Pipelines contain only names, so they are identical to those of a harmless service."""
    files = generate_contract_files(hostile).files

    for pipeline in PIPELINES:
        assert files[pipeline] == HARMLESS_FILES[pipeline]
