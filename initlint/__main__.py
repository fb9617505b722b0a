"""`python -m initlint` is the same as `initlint`."""

import sys

from initlint.cli import main

sys.exit(main())
