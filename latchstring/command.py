"""The `latchstring` command. Every sub-command says what it does with `--help`.

Exit codes (contract.md): 0 done, 1 what was checked does not hold, 2 wrong usage, 3 some rows
were refused and the rest done.
"""

import argparse
import importlib
import sys
from typing import NoReturn

from latchstring.kernel.environment import WrongSetting
from latchstring.kernel.errors import Unavailable

# Which module knows which commands: only the one asked for is imported, so that `determine` does
# not pay for the web.
MODULES = {
    "latchstring.commands_rules": ("determine", "explain", "rules"),
    "latchstring.commands_ach": ("ach",),
    "latchstring.commands_programs": ("program",),
    "latchstring.commands_run": ("web", "worker", "migrate", "check"),
    "latchstring.commands_demo": ("demo", "demo-load"),
    "latchstring.commands_proof": ("ledger", "audit", "prove", "replay"),
}


class OneLineParser(argparse.ArgumentParser):
    """Wrong usage is told in one line that says how to mend it, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is."""
        self.exit(2, f"{self.prog}: {message}. See '{self.prog} --help'.\n")


def parser(asked: str | None = None) -> argparse.ArgumentParser:
    """Build the command line: of one command when it is known, of all otherwise."""
    top = OneLineParser(
        prog="latchstring",
        description="One front door to every assistance program of a state.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = [module for module, names in MODULES.items() if asked in names] or list(MODULES)
    for module in wanted:
        importlib.import_module(module).register(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; no traceback reaches a user."""
    given = sys.argv[1:] if arguments is None else arguments
    options = parser(given[0] if given else None).parse_args(given)
    try:
        return int(options.run(options) or 0)
    except (WrongSetting, Unavailable) as wrong:
        print(f"latchstring: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
