"""`gatepost version`: make a build of a service known, so that it can be deployed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.word import Word

if TYPE_CHECKING:
    from gatepost_cli.call import Call

_KNOWN_ALREADY: Final = "version_exists"


def arguments(parser: ArgumentParser) -> None:
    """Which build it is."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("version", metavar="VERSION", help="what the build is called, for ever")
    parser.add_argument("--commit", metavar="SHA", help="what it was built from")
    parser.add_argument("--artifact-digest", metavar="DIGEST", help="of what was built")
    parser.add_argument("--notes", metavar="TEXT", help="what else there is to say")
    parser.add_argument(
        "--known-is-fine",
        action="store_true",
        help="end well if it is known already, as when a pipeline runs again",
    )


def register(call: Call, given: Namespace) -> Exit:
    """Answer with the version."""
    from gatepost_client import GatepostProblem  # noqa: PLC0415
    from gatepost_client.models import VersionCreate  # noqa: PLC0415

    wanted = VersionCreate(
        version=given.version,
        commit_sha=given.commit,
        artifact_digest=given.artifact_digest,
        notes=given.notes,
    )
    try:
        call.gatepost.register_version(given.service, wanted)
    except GatepostProblem as problem:
        if problem.code != _KNOWN_ALREADY or not given.known_is_fine:
            raise
        call.answer(f"{given.service} {given.version} is known already.", exactly=call.heard)
        return Exit.DONE
    call.answer(f"{given.service} {given.version} can be deployed.", exactly=call.heard)
    return Exit.DONE


WORD: Final = Word(
    name="version",
    meaning="register a version of a service",
    arguments=arguments,
    run=register,
)
