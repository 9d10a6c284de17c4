"""What docs/generate.py makes of the code as it is."""

from __future__ import annotations

import runpy
from functools import cache

from tests.support.shown import ROOT


@cache
def generated() -> dict[str, str]:
    """Every generated page by its path under docs/."""
    made = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    return dict(made["pages"]())
