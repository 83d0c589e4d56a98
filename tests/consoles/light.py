"""A light imitation of console Stata with vices, for tests: ``python light.py -q --vice NAME``."""

import os
import sys

# Started by path, often with -S -E: the folder above tests/ must be importable first.
if __name__ == "__main__":
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tests.consoles.program import main

if __name__ == "__main__":
    main(sys.argv[1:])
