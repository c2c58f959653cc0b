"""The tables for finding the range of numbers that contains the deployments in a period.

Every index for the list of deployments contains the number, so a filter on time can be translated
to a range of numbers. Triggers keep both tables up to date.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.columns import Serial

BLOCK_SIZE: Final = 512
"""How many consecutive numbers a block has. The triggers also contain this value."""


class CreationLagRow(Row):
    """How much earlier a deployment may have been created than one with a lower number, in seconds.

    The table has a single row. The order of numbers is that of creation unless a clock is set back,
    or several processes or requests create deployments at the same moment.
    """

    __tablename__ = "creation_lag"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seconds: Mapped[int] = mapped_column(Serial)


class DeploymentBlockRow(Row):
    """The earliest and latest deployment times in a block of consecutive deployment numbers.

    Imported records can have times in any order, but most files list them chronologically.
    """

    __tablename__ = "deployment_blocks"

    block: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    earliest: Mapped[str]
    latest: Mapped[str]
