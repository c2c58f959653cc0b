"""The entry point of the command."""

from __future__ import annotations

import subprocess
import sys

from tests.support.cli import CliRunner


def test_ctrl_c_ends_the_command_without_a_traceback(cli: CliRunner) -> None:
    """The exit code tells the shell that the user interrupted the command."""
    cli.prepare("GET /me", KeyboardInterrupt())

    result = cli("whoami")

    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


def test_help_does_not_import_the_client() -> None:
    """The help imports neither the client nor its HTTP library, which would delay it."""
    program = (
        "import sys\n"
        "from gatepost_cli.main import main\n"
        "for arguments in (['--help'], ['request', '--help']):\n"
        "    try: main(arguments)\n"
        "    except SystemExit: pass\n"
        "sys.exit(bool({'gatepost_client', 'httpx2'} & set(sys.modules)))"
    )

    process = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False
    )

    assert process.returncode == 0
