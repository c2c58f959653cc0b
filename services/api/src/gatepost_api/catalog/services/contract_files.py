"""Generation of a service's contracts from its catalog entry and the environments.

Contracts are the Terraform, Kubernetes and pipeline files with which a service is deployed.
"""

from __future__ import annotations

from functools import lru_cache

from gatepost_api.http.pagination import MAX_PAGE_SIZE
from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.generation_input_output import (
    ContractEnvironment,
    ContractFiles,
    ContractInput,
)
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.service import ContractsDigest, Service
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel


async def load_contracts(reads: ReadModel, name: str) -> ContractFiles:
    """Return the contracts of a service for all environments that are not archived.

    Raises:
        NotFound: the service does not exist.
    """
    service = await reads.service(name)
    environments: list[Environment] = []
    after: str | None = None
    while True:
        page = await reads.environments(PageRequest(limit=MAX_PAGE_SIZE, after=after))
        environments += page.items
        after = page.next_key
        if after is None:
            return generate_contracts(service, tuple(environments))


def generate_contracts(service: Service, environments: tuple[Environment, ...]) -> ContractFiles:
    """Return the contracts of a service for the given environments."""
    return _generate_cached(
        ContractInput(
            service=service.name,
            display_name=service.display_name,
            team=service.team,
            repo_url=service.repo_url,
            description=service.description,
            environments=tuple(
                ContractEnvironment(name=environment.name, tier=environment.tier)
                for environment in environments
            ),
        )
    )


def generate_contracts_digest(
    service: Service, environments: tuple[Environment, ...]
) -> ContractsDigest:
    """Return the template version and digest of a service's contracts, for events to record."""
    contracts = generate_contracts(service, environments)
    return ContractsDigest(template_version=contracts.template_version, digest=contracts.digest)


# cached: a write needs the same contracts three times
_generate_cached = lru_cache(maxsize=256)(generate_contract_files)
