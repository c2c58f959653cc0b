"""The Kubernetes manifests that deploy a service, in one file per environment.

A single file for all environments would bypass the gates, because applying it would change all
environments together. In addition, environments of different tiers differ in size.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from gatepost_contracts.file_templates import TEMPLATE_VERSION, render
from gatepost_contracts.generation_input_output import ContractEnvironment, ContractInput
from gatepost_contracts.literal_quoting import quote_yaml
from gatepost_contracts.pod_sizing import SIZING_BY_TIER

MAX_LABEL_LENGTH: Final = 63
"""The maximum length of a Kubernetes label value."""

_HASH_DIGITS: Final = 8


def kubernetes_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """Yield the path and text of the file of each environment."""
    for environment in contract_input.environments:
        folder = f"kubernetes/envs/{environment.name}"
        yield (
            f"{folder}/{contract_input.service}-deployment.yaml",
            _deployment_yaml(contract_input, environment),
        )


def to_label_value(text: str) -> str:
    """Convert free text to a label value, which may contain only A-Z, a-z, 0-9, `-`, `_` and `.`.

    Text that has to be changed gets a hash suffix, so that similar texts stay distinct.
    """
    cleaned = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-_.")
    if cleaned == text and 0 < len(text) <= MAX_LABEL_LENGTH:
        return text
    prefix = cleaned[: MAX_LABEL_LENGTH - _HASH_DIGITS - 1].rstrip("-_.")
    hash_suffix = hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{prefix}-{hash_suffix}".lstrip("-")


def _deployment_yaml(contract_input: ContractInput, environment: ContractEnvironment) -> str:
    sizing = SIZING_BY_TIER[environment.tier]
    return render(
        "deployment.yaml",
        service=quote_yaml(contract_input.service),
        display_name=quote_yaml(contract_input.display_name),
        description=quote_yaml(contract_input.description or ""),
        team=quote_yaml(contract_input.team),
        team_label=quote_yaml(to_label_value(contract_input.team)),
        repo_url=quote_yaml(contract_input.repo_url),
        environment=quote_yaml(environment.name),
        tier=quote_yaml(environment.tier),
        version_of_template=quote_yaml(TEMPLATE_VERSION),
        image=quote_yaml(f"{contract_input.service}:set-by-the-rollout"),
        pod_count=sizing.pod_count,
        cpu_request=quote_yaml(sizing.cpu_request),
        cpu_limit=quote_yaml(sizing.cpu_limit),
        memory_request=quote_yaml(sizing.memory_request),
        memory_limit=quote_yaml(sizing.memory_limit),
    )
