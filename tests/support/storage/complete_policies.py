"""The reviewers and the policies of the complete history."""

from __future__ import annotations

from typing import Final

from gatepost_domain.access.roles import Role
from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.catalog.tier import Tier
from tests.support.builders import QA_THEN_DEVOPS, a_policy, a_stage, an_actor

QUINN: Final = an_actor("quinn", groups=["qa"], roles=[Role.REVIEWER])
MAX: Final = an_actor("max", groups=["qa"], roles=[Role.REVIEWER])
DORA: Final = an_actor("dora", groups=["devops"], roles=[Role.REVIEWER])
POLICIES: Final[dict[str, tuple[Tier, Policy]]] = {
    "test": (Tier.TEST, a_policy(promotes_to="production", auto_promote=True)),
    "farm": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER)),
    "staging": (Tier.STAGING, a_policy(a_stage("qa"))),
    "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
}
