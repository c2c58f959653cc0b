"""Read generated Kubernetes and Terraform files as the tools they are written for read them."""

from typing import Any

import hcl2
import yaml

from gatepost_contracts.contract import ContractInput
from gatepost_contracts.generation import generate

VALUES = hcl2.SerializationOptions(
    with_comments=False, explicit_blocks=False, strip_string_quotes=True
)


def kubernetes_manifest(given: ContractInput, environment: str = "production") -> dict[str, Any]:
    """Return the deployment in one environment; more or fewer documents are an error."""
    path = f"kubernetes/envs/{environment}/{given.service}-deployment.yaml"
    # Kubernetes reads YAML by a port of libyaml, which is also ten times as fast.
    (document,) = yaml.load_all(generate(given).files[path], yaml.CSafeLoader)
    return dict(document)


def terraform_file(given: ContractInput, file: str = "main.tf") -> dict[str, Any]:
    """Return the values of a file of the production environment; python-hcl2 reads it."""
    text = generate(given).files[f"terraform/envs/production/{given.service}/{file}"]
    return dict(hcl2.loads(text, serialization_options=VALUES))


def module_inputs(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the arguments of each module."""
    return {name: body for block in document["module"] for name, body in block.items()}
