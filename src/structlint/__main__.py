"""`python -m structlint`, which must not import anything from the directory it is started in."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]

from structlint.cli import main

sys.exit(main())
