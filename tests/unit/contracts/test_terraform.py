"""The Terraform of a service: well formed, as `terraform fmt` has it, and granting little."""

import re
from pathlib import Path
from typing import Any

import pytest

from gatepost_contracts.generation import generate
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
Modules = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def modules() -> Modules:
    """The arguments of each module in the production environment of a harmless service."""
    return module_inputs(terraform_file(PAYMENTS))


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_any_name_is_a_text(name: str) -> None:
    """A service called on or 1e3 is no switch and no number."""
    modules = module_inputs(terraform_file(a_contract_input(service=name)))

    assert [modules[module]["service"] for module in MODULES] == [name] * len(MODULES)


def test_the_modules_are_the_platforms_own(modules: Modules) -> None:
    """They are found beside the environments, by a path that holds wherever the folder lies."""
    assert {module: given["source"] for module, given in modules.items()} == {
        module: f"../../../modules/{module}" for module in MODULES
    }


def test_a_missing_description_is_an_empty_one() -> None:
    """The modules are given the same inputs for every service."""
    modules = module_inputs(terraform_file(a_contract_input(description=None)))

    assert modules["service"]["description"] == ""


def test_rights_reach_the_images_of_the_service_alone(modules: Modules) -> None:
    """Every action is spelled out and bound to the service's own image repository: no wildcard."""
    iam = modules["iam"]

    actions = [*iam["push_actions"], *iam["pull_actions"]]
    assert all(re.fullmatch(r"ecr:[A-Z][A-Za-z]+", action) for action in actions)
    assert iam["image_repository_arn"] == "${module.ecr.repository_arn}"
    assert not any("*" in text for text in generate(PAYMENTS).files.values() if "module" in text)


def test_outputs_name_what_pipelines_and_people_need() -> None:
    """Addresses and roles come out of the modules; nothing secret is among them."""
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
    }


@pytest.mark.parametrize("name", ["main.tf", "outputs.tf"])
def test_equal_signs_of_neighbours_stand_below_each_other(name: str) -> None:
    """What `terraform fmt` would do to a contract is done, on machines without terraform too."""
    text = generate(PAYMENTS).files[f"terraform/envs/production/payments/{name}"]
    one_line = re.compile(r"^( +)(\w+) *= (?!\[$).+$")
    neighbours: set[int] = set()
    for line in text.splitlines():
        if not one_line.match(line):
            neighbours = set()
            continue
        neighbours.add(line.index("="))
        assert len(neighbours) == 1, line


@NEEDS_TERRAFORM
def test_terraform_finds_nothing_to_format(tmp_path: Path) -> None:
    """`terraform fmt -check` passes on tame, hostile and awkwardly named services alike."""
    write_files(generate(PAYMENTS).files, tmp_path)
    for name in AMBIGUOUS_NAMES:
        write_files(generate(a_contract_input(service=name)).files, tmp_path)
    for number, part in enumerate(HOSTILE_PARTS):
        hostile = a_contract_input(
            service=f"hostile-{number}", team=part, description=part, repo_url=part
        )
        write_files(generate(hostile).files, tmp_path)

    assert run_terraform(tmp_path, "fmt", "-check", "-recursive", "-list=true") == ""


@NEEDS_TERRAFORM
def test_terraform_accepts_the_wiring(tmp_path: Path, modules: Modules) -> None:
    """With modules that take and give what the contract says, `terraform validate` passes."""
    write_files(generate(PAYMENTS).files, tmp_path)
    for module in MODULES:
        taken = modules[module].keys() - {"source"}
        given_back = {
            "ecr": ["repository_arn", "repository_url"],
            "iam": ["delivery_role_arn", "runtime_role_arn"],
            "service": ["service_account"],
        }[module]
        text = [f'variable "{name}" {{}}\n' for name in taken]
        text += [f'output "{name}" {{\n  value = "{name}"\n}}\n' for name in given_back]
        write_files({f"terraform/modules/{module}/main.tf": "".join(text)}, tmp_path)
    folder = tmp_path / "terraform/envs/production/payments"

    run_terraform(folder, "init", "-backend=false")

    assert "The configuration is valid" in run_terraform(folder, "validate", "-no-color")
