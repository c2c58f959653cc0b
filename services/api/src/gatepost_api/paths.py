"""What stands in the paths of operations."""

from __future__ import annotations

from typing import Annotated

from litestar.params import PathParameter

ServiceInPath = Annotated[str, PathParameter(description="The service's name.")]
EnvironmentInPath = Annotated[str, PathParameter(description="The environment's name.")]
UserInPath = Annotated[str, PathParameter(description="The user's name.")]
TokenInPath = Annotated[str, PathParameter(description="The token's id.")]
DeploymentInPath = Annotated[
    str, PathParameter(description="The deployment's id, or its number: `DEP-42` or `42`.")
]
