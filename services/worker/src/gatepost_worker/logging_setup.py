"""What a worker writes for people, without the secrets that it works with."""

from __future__ import annotations

import logging
import re
from typing import Final

_SECRETS: Final = re.compile(
    r"(?P<ours>gp_[a-z]_)[0-9A-Za-z]{8,}"  # a token of Gatepost, or a good part of one
    r"|(?P<signing>whsec_)[0-9A-Za-z+/=]{8,}"  # what webhooks are signed with
    r"|(?P<sent>(?:bearer|basic)\s+)[^\s\"',;]+",  # an Authorization header
    re.IGNORECASE,
)


class RedactingFormatter(logging.Formatter):
    """Blots secrets out of whole lines, so of messages, arguments and tracebacks alike."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        written = super().format(record)
        return _SECRETS.sub(lambda found: f"{next(filter(None, found.groups()))}***", written)


def log_to_the_terminal() -> None:
    """Write what happens to the standard error stream, a line each."""
    terminal = logging.StreamHandler()
    terminal.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[terminal])
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells every address it asks
