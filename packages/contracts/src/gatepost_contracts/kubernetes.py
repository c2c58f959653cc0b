"""The Kubernetes deployment of a service, a file for each environment.

Not one file for all: applying it would touch every environment at once, past every gate, and
environments of different tiers differ in size.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from gatepost_contracts.contract import ContractEnvironment, ContractInput
from gatepost_contracts.literals import quote_yaml
from gatepost_contracts.rendering import TEMPLATE_VERSION, render
from gatepost_contracts.sizes import SIZING_BY_TIER

MAX_LABEL_LENGTH: Final = 63
"""Kubernetes: a label's value has at most so many characters."""

_HASH_DIGITS: Final = 8


def kubernetes_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """A file for each environment, by path."""
    for environment in contract_input.environments:
        folder = f"kubernetes/envs/{environment.name}"
        yield (
            f"{folder}/{contract_input.service}-deployment.yaml",
            _deployment_yaml(contract_input, environment),
        )


def label_value(text: str) -> str:
    """Free text as the value of a label, which may have only A-Z, a-z, 0-9, `-`, `_` and `.`.

    Text that has to be changed gets some digits of its hash, so that like names stay apart.
    """
    kept = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-_.")
    if kept == text and 0 < len(text) <= MAX_LABEL_LENGTH:
        return text
    beginning = kept[: MAX_LABEL_LENGTH - _HASH_DIGITS - 1].rstrip("-_.")
    digits = hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{beginning}-{digits}".lstrip("-")


def _deployment_yaml(contract_input: ContractInput, environment: ContractEnvironment) -> str:
    sizing = SIZING_BY_TIER[environment.tier]
    return render(
        "deployment.yaml",
        service=quote_yaml(contract_input.service),
        display_name=quote_yaml(contract_input.display_name),
        description=quote_yaml(contract_input.description or ""),
        team=quote_yaml(contract_input.team),
        team_label=quote_yaml(label_value(contract_input.team)),
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
