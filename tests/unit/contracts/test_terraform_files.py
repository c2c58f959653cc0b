"""The Terraform files of a service: syntax, formatting and minimal permissions."""

import re
from pathlib import Path
from typing import Any

import pytest

from gatepost_contracts.contract_file_generation import generate_contract_files
from tests.support.contract_files import module_inputs, terraform_file
from tests.support.contracts import (
    AMBIGUOUS_NAMES,
    HOSTILE_PARTS,
    NEEDS_TERRAFORM,
    PAYMENTS,
    a_contract_input,
    run_terraform,
    write_files,
)

MODULES = ["ecr", "iam", "service"]
TERRAFORM_FILES = [path for path in generate_contract_files(PAYMENTS).files if path.endswith(".tf")]
Modules = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def modules() -> Modules:
    """Return the arguments of each module in the production environment of an ordinary service."""
    return module_inputs(terraform_file(PAYMENTS))


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_ambiguous_name_is_a_string(name: str) -> None:
    """A service named `on` or `1e3` is read as a string, not as a boolean or a number."""
    modules = module_inputs(terraform_file(a_contract_input(service=name)))

    assert [modules[module]["service"] for module in MODULES] == [name] * len(MODULES)


def test_modules_have_relative_sources(modules: Modules) -> None:
    """Module paths are relative, so the repository can be in any folder."""
    assert {module: arguments["source"] for module, arguments in modules.items()} == {
        module: f"../../../modules/{module}" for module in MODULES
    }


def test_missing_description_is_empty() -> None:
    """A service without a description passes an empty string, so the argument is always set."""
    modules = module_inputs(terraform_file(a_contract_input(description=None)))

    assert modules["service"]["description"] == ""


def test_permissions_are_limited_to_the_image_repository(modules: Modules) -> None:
    """The role may perform only listed ECR actions on the repository, without wildcards."""
    iam = modules["iam"]

    actions = [*iam["push_actions"], *iam["pull_actions"]]
    assert all(re.fullmatch(r"ecr:[A-Z][A-Za-z]+", action) for action in actions)
    assert iam["image_repository_arn"] == "${module.ecr.repository_arn}"
    files = generate_contract_files(PAYMENTS).files
    assert not any(
        "*" in text for path, text in files.items() if path.startswith("terraform/envs/")
    )


def test_outputs_have_addresses_and_roles() -> None:
    """The outputs identify the image repository, roles and workload, and contain no secrets."""
    values = {
        name: body["value"]
        for block in terraform_file(PAYMENTS, "outputs.tf")["output"]
        for name, body in block.items()
    }

    assert values == {
        "image_repository_url": "${module.ecr.repository_url}",
        "delivery_role_arn": "${module.iam.delivery_role_arn}",
        "runtime_role_arn": "${module.iam.runtime_role_arn}",
        "service_account": "${module.service.service_account}",
        "service_account_manifest": "${module.service.service_account_manifest}",
        "workload": "${module.service.workload}",
    }


@pytest.mark.parametrize("path", TERRAFORM_FILES)
def test_adjacent_assignments_are_aligned(path: str) -> None:
    """The files follow `terraform fmt`, and this check also runs without Terraform installed."""
    text = generate_contract_files(PAYMENTS).files[path]
    assignment = re.compile(r"^( +)[\w./\"-]+ *= (?![\[{(]$|\w+\([\[{]?$).+$")
    columns: set[int] = set()
    for line in text.splitlines():
        if not assignment.match(line):
            columns = set()
            continue
        columns.add(line.index("="))
        assert len(columns) == 1, line


@NEEDS_TERRAFORM
def test_terraform_fmt_accepts_every_file(tmp_path: Path) -> None:
    """The files of ordinary, hostile and ambiguously named services need no formatting."""
    write_files(generate_contract_files(PAYMENTS).files, tmp_path)
    for name in AMBIGUOUS_NAMES:
        write_files(
            generate_contract_files(a_contract_input(service=name)).files,
            tmp_path,
        )
    for number, part in enumerate(HOSTILE_PARTS):
        hostile = a_contract_input(
            service=f"hostile-{number}", team=part, description=part, repo_url=part
        )
        write_files(generate_contract_files(hostile).files, tmp_path)

    assert run_terraform(tmp_path, "fmt", "-check", "-recursive", "-list=true") == ""
