"""The program `structlint`, and `python -m structlint`."""

import gc
import sys


def main() -> int:
    """Runs the command line and returns the exit status.

    Garbage collection is off: a command keeps what it creates until it ends and has hardly any cycles, and
    searching for them would take a tenth of its time.
    """
    gc.disable()
    try:
        from structlint.cli import main as run

        return run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # nothing is imported from the current directory
    sys.exit(main())
