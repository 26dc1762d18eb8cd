"""The benchmark: each figure of the product against its floor, in one run (design §4)."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "setup"))  # as pytest.ini does
