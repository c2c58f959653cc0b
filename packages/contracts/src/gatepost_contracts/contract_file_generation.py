"""Generation of a service's contracts: its Terraform, Kubernetes and pipeline files."""

from __future__ import annotations

from gatepost_contracts.file_templates import TEMPLATE_VERSION
from gatepost_contracts.generation_input_output import (
    ContractFiles,
    ContractInput,
    validate_input,
)
from gatepost_contracts.kubernetes_files import kubernetes_files
from gatepost_contracts.pipeline_files import pipeline_files
from gatepost_contracts.terraform_files import terraform_files


def generate_contract_files(
    contract_input: ContractInput,
) -> ContractFiles:
    """Return the contract files of a service: Terraform, Kubernetes manifests and pipelines.

    The same input produces identical bytes on every machine, whatever the order of its
    environments. A service without environments has no files.

    Raises:
        ValidationFailed: a name is not a DNS label, an environment is listed twice, or a text is
            not Unicode.
    """
    validate_input(contract_input)
    files: dict[str, str] = {}
    if contract_input.environments:
        files.update(terraform_files(contract_input))
        files.update(kubernetes_files(contract_input))
        files.update(pipeline_files(contract_input))
    return ContractFiles(template_version=TEMPLATE_VERSION, files=dict(sorted(files.items())))
