"""The program `structlint`, and `python -m structlint`."""

import gc
import sys


def main() -> int:
    """Runs the command line and returns the exit status.

    What a command imports and makes it keeps to its end, and leaves hardly a cycle: looking for them takes
    a tenth of its time, at the end once more.
    """
    gc.disable()
    try:
        from structlint.cli import main as run

        return run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # nothing is imported from the directory it is started in
    sys.exit(main())
