"""Reading the query parameters of an import that set the tiers of new environments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from gatepost_api.http.problems import BadInput, ProblemError
from gatepost_domain.catalog.service import NAME_PATTERN
from gatepost_domain.catalog.tier import Tier

PREFIX: Final = "tier."
"""The beginning of the parameter's name, followed by the name of the environment."""
TIER_PARAMETER_PATTERN: Final = rf"^tier\.{NAME_PATTERN.removeprefix('^')}"
"""The pattern of the parameter's name."""
_NAME: Final = re.compile(NAME_PATTERN.strip("^$"), re.ASCII)
_TIERS: Final = {str(tier): tier for tier in Tier}


def read_tiers(parameters: Iterable[tuple[str, str]]) -> dict[str, Tier]:
    """Return the tier of each environment that the parameters name.

    Raises:
        BadInput: a name or a tier is invalid, or the tier of an environment is given twice.
    """
    tiers: dict[str, Tier] = {}
    errors: list[ProblemError] = []
    for parameter, value in sorted(parameters):
        if not parameter.startswith(PREFIX):
            continue
        name = parameter.removeprefix(PREFIX)
        if _NAME.fullmatch(name) is None:
            detail = f"{name!a} is not the name of an environment."
        elif (tier := _TIERS.get(value)) is None:
            detail = f"{value!a} is not a tier; the tiers are {', '.join(_TIERS)}."
        elif tiers.setdefault(name, tier) is not tier:
            detail = f"The tier of {name} is given twice; give it once."
        else:
            continue
        errors.append(ProblemError(pointer=f"query/{ascii(parameter)[1:-1]}", detail=detail))
    if errors:
        error = BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", errors[0].pointer, errors[0].detail
        )
        error.errors = errors
        raise error
    return tiers
