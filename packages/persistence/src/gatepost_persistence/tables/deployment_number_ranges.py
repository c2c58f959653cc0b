"""Tables that say which range of numbers contains the deployments of a period.

Every index of the list of deployments contains the number, so a period is restricted to a range of
numbers. Triggers keep both tables up to date.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial

BLOCK_SIZE: Final = 512
"""How many consecutive numbers a block has; the triggers contain it."""


class CreationLagRow(Row):
    """By how many seconds, at most, a deployment was created before one with a lower number.

    The table has a single row. Numbers follow the creation times unless a clock is set back, or
    several processes or requests create deployments at the same moment.
    """

    __tablename__ = "creation_lag"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[int] = mapped_column(Serial)


class DeploymentBlockRow(Row):
    """The first and the last time at which a deployment of a block of numbers was deployed.

    Records may be in any order of time, but most files list them by time.
    """

    __tablename__ = "deployment_blocks"

    block: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    earliest: Mapped[str]
    latest: Mapped[str]
