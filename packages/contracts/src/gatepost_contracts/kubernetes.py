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
from gatepost_contracts.quoting import yaml
from gatepost_contracts.sizing import DECLARED
from gatepost_contracts.template import TEMPLATE_VERSION, filled

LONGEST_LABEL: Final = 63
"""Kubernetes: a label's value has at most so many characters."""

_DIGITS: Final = 8


def kubernetes_files(given: ContractInput) -> Iterator[tuple[str, str]]:
    """A file for each environment, by path."""
    for environment in given.environments:
        folder = f"kubernetes/envs/{environment.name}"
        yield f"{folder}/{given.service}-deployment.yaml", _deployment(given, environment)


def label_value(text: str) -> str:
    """Free text as the value of a label, which may have only A-Z, a-z, 0-9, `-`, `_` and `.`.

    Text that has to be changed gets some digits of its hash, so that like names stay apart.
    """
    kept = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-_.")
    if kept == text and 0 < len(text) <= LONGEST_LABEL:
        return text
    beginning = kept[: LONGEST_LABEL - _DIGITS - 1].rstrip("-_.")
    digits = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    return f"{beginning}-{digits}".lstrip("-")


def _deployment(given: ContractInput, environment: ContractEnvironment) -> str:
    sizing = DECLARED[environment.tier]
    return filled(
        "deployment.yaml",
        service=yaml(given.service),
        display_name=yaml(given.display_name),
        description=yaml(given.description or ""),
        team=yaml(given.team),
        team_label=yaml(label_value(given.team)),
        repo_url=yaml(given.repo_url),
        environment=yaml(environment.name),
        tier=yaml(environment.tier),
        version_of_template=yaml(TEMPLATE_VERSION),
        image=yaml(f"{given.service}:set-by-the-rollout"),
        pod_count=sizing.pod_count,
        cpu_request=yaml(sizing.cpu_request),
        cpu_limit=yaml(sizing.cpu_limit),
        memory_request=yaml(sizing.memory_request),
        memory_limit=yaml(sizing.memory_limit),
    )
