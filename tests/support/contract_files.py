"""Parsing of generated Kubernetes and Terraform files with the rules of those tools."""

import re
import textwrap
from typing import Any

import hcl2
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.generation_input_output import ContractInput

VALUES = hcl2.SerializationOptions(
    with_comments=False, explicit_blocks=False, strip_string_quotes=True
)


def kubernetes_manifest(
    contract_input: ContractInput, environment: str = "production"
) -> dict[str, Any]:
    """Return the Kubernetes deployment of an environment, checking that it is the only document."""
    path = f"kubernetes/envs/{environment}/{contract_input.service}-deployment.yaml"
    # Kubernetes uses a port of libyaml, which is also ten times as fast as the Python loader.
    (document,) = yaml.load_all(
        generate_contract_files(contract_input).files[path], yaml.CSafeLoader
    )
    return dict(document)


def terraform_file(contract_input: ContractInput, file: str = "main.tf") -> dict[str, Any]:
    """Return the values of a Terraform file for production, parsed by python-hcl2."""
    path = f"terraform/envs/production/{contract_input.service}/{file}"
    return terraform_document(generate_contract_files(contract_input).files[path])


def terraform_document(text: str) -> dict[str, Any]:
    """Return the values of a Terraform file, parsed by python-hcl2."""
    return dict(hcl2.loads(text, serialization_options=VALUES))


def module_inputs(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the arguments of each module."""
    return {name: body for block in document["module"] for name, body in block.items()}


def scripts_of(jenkinsfile: str) -> list[str]:
    """Return the multi-line shell scripts of a Jenkinsfile, with Groovy's escapes resolved."""
    scripts = re.findall(r"sh '''\n(.*?)'''", jenkinsfile, re.DOTALL)
    return [textwrap.dedent(script).replace("\\\\", "\\") for script in scripts]
