"""The Terraform modules of the contracts, and how the files of an environment call them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from gatepost_contracts.contract_file_generation import generate_contract_files
from tests.support.contract_files import module_inputs, terraform_document
from tests.support.contracts import PAYMENTS, TEST, a_contract_input

FILES = generate_contract_files(PAYMENTS).files
ENVIRONMENT = "terraform/envs/production/payments"
MODULES = [f"terraform/modules/{module}" for module in ("ecr", "iam", "service")]
FOLDERS = [ENVIRONMENT, *MODULES]

META_ARGUMENTS = {"count", "lifecycle"}
ARGUMENTS = {
    "resource aws_ecr_repository": {
        "name",
        "image_tag_mutability",
        "encryption_configuration",
        "image_scanning_configuration",
        "tags",
    },
    "resource aws_ecr_lifecycle_policy": {"repository", "policy"},
    "resource aws_iam_role": {"name", "description", "assume_role_policy", "tags"},
    "resource aws_iam_role_policy": {"name", "role", "policy"},
    "data aws_ecr_repository": {"name"},
    "data aws_iam_openid_connect_provider": {"url"},
}
"""The arguments that are used, as the documentation of the AWS provider names them."""

REFERENCE = re.compile(
    r"(?<![\w.\"-])(?:(?P<kind>var|local|data\.\w+|module|aws_\w+)\.(?P<name>\w+))"
)


def texts_of(folder: str) -> list[str]:
    """Return the Terraform files in a folder, without their comments."""
    return [
        re.sub(r"(?m)(^|\s)# .*$", "", text)
        for path, text in FILES.items()
        if path.rpartition("/")[0] == folder
    ]


def blocks_of(folder: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the label and the body of each block of a kind, with the labels joined by a dot."""
    for text in texts_of(folder):
        for block in terraform_document(text).get(kind, []):
            for label, body in block.items():
                if kind in {"resource", "data"}:
                    yield from ((f"{label}.{name}", inner) for name, inner in body.items())
                else:
                    yield label, body


def names_in(folder: str, kind: str) -> set[str]:
    return {label for label, _ in blocks_of(folder, kind)}


def module_of(source: str) -> str:
    """Return the folder of a module that an environment refers to by a relative path."""
    parts = ENVIRONMENT.split("/")
    for step in source.split("/"):
        parts = parts[:-1] if step == ".." else [*parts, step]
    return "/".join(parts)


@pytest.mark.parametrize("module", MODULES)
def test_call_passes_the_variables_of_the_module(module: str) -> None:
    """A call passes every required variable of the module and no unknown argument."""
    (arguments,) = (
        arguments
        for arguments in module_inputs(terraform_document(FILES[f"{ENVIRONMENT}/main.tf"])).values()
        if module_of(arguments["source"]) == module
    )
    variables = dict(blocks_of(module, "variable"))
    required = {name for name, body in variables.items() if "default" not in body}

    assert required <= arguments.keys() - {"source"} <= variables.keys()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_reference_is_declared_and_every_declaration_is_used(folder: str) -> None:
    """References are to variables, locals, data, resources, and to outputs of called modules."""
    declared = {
        *(f"var.{name}" for name in names_in(folder, "variable")),
        *(f"local.{name}" for name in names_in(folder, "locals")),
        *(f"data.{name}" for name in names_in(folder, "data")),
    }
    optional = {
        *names_in(folder, "resource"),
        *(f"module.{name}" for name in names_in(folder, "module")),
    }
    code = re.sub(r'source += ".*"', "", "\n".join(texts_of(folder)))
    used = {f"{match['kind']}.{match['name']}" for match in REFERENCE.finditer(code)}

    assert declared <= used <= declared | optional


def test_outputs_of_modules_exist() -> None:
    """An environment uses only outputs that the modules have, and uses all of them."""
    used = set(re.findall(r"module\.(\w+)\.(\w+)", "\n".join(texts_of(ENVIRONMENT))))

    assert used == {
        (module.rpartition("/")[2], name)
        for module in MODULES
        for name in names_in(module, "output")
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_resources_have_documented_arguments(folder: str) -> None:
    """Every argument is one that the documentation of the AWS provider lists."""
    for kind in ("resource", "data"):
        for label, body in blocks_of(folder, kind):
            known = ARGUMENTS[f"{kind} {label.partition('.')[0]}"]
            assert body.keys() - META_ARGUMENTS <= known, label


@pytest.mark.parametrize("module", MODULES)
def test_module_has_versions_but_no_provider_or_backend(module: str) -> None:
    """A module names the provider that its resources need, and its callers configure it."""
    (settings,) = terraform_document(FILES[f"{module}/versions.tf"])["terraform"]
    resources = names_in(module, "resource") | names_in(module, "data")
    providers = {name for block in settings.get("required_providers", []) for name in block}

    assert settings.keys() <= {"required_version", "required_providers"}
    assert providers == {resource.partition("_")[0] for resource in resources}
    assert names_in(module, "provider") == set()


def test_only_the_sign_in_to_ecr_is_allowed_for_all_resources() -> None:
    """AWS supports `ecr:GetAuthorizationToken` for all resources only; no action is a wildcard."""
    wildcards = [
        (path, text[: match.start()].splitlines()[-2:], match[0])
        for path, text in FILES.items()
        if path.startswith("terraform/")
        for match in re.finditer(r'.*"\*".*|.*:\*.*', text)
    ]

    ((path, (_, action), resource),) = wildcards
    assert path == "terraform/modules/iam/main.tf"
    assert action.split() == ["Action", "=", '"ecr:GetAuthorizationToken"']
    assert resource.split() == ["Resource", "=", '"*"']


def test_image_repository_is_immutable_scanned_encrypted_and_kept() -> None:
    """Tags cannot be moved, images are scanned when pushed, and Terraform does not delete them."""
    repository = dict(blocks_of("terraform/modules/ecr", "resource"))["aws_ecr_repository.service"]

    assert repository["image_tag_mutability"] == "IMMUTABLE"
    assert repository["image_scanning_configuration"] == [{"scan_on_push": True}]
    assert repository["encryption_configuration"] == [{"encryption_type": "KMS"}]
    assert repository["lifecycle"] == [{"prevent_destroy": True}]


def test_services_share_their_modules() -> None:
    """Contracts of several services can be written to one repository: the modules are the same."""
    other = generate_contract_files(
        a_contract_input(service="refunds", team="${team}", repo_url='"', environments=(TEST,))
    ).files

    shared = {path: text for path, text in FILES.items() if path.startswith("terraform/modules/")}
    assert len(shared) == 4 * len(MODULES)
    assert shared.items() <= other.items()
