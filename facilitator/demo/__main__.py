"""python -m facilitator.demo FOLDER: play the demo meeting without a display."""

import os
import sys
from pathlib import Path

from facilitator.demo.play import play

if __name__ == "__main__":
    if len(sys.argv) > 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit("Use: python -m facilitator.demo [FOLDER]")
    os.umask(0o077)
    sys.exit(play(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")))
