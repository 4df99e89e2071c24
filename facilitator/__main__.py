"""python -m facilitator, and the program `facilitator`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Open the window; with arguments, the command line."""
    # A window sees to it itself: much is made and little dropped until it is there.
    gc.disable()
    if len(sys.argv) == 1:
        from facilitator.app import run

        sys.exit(run())
    gc.enable()
    from facilitator.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
