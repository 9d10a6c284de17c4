"""How much of the large random suites is tried: a tenth, or with STEPLADDER_FULL=1 the whole."""

from __future__ import annotations

import os

FULL = os.environ.get("STEPLADDER_FULL", "") not in ("", "0")


def size(whole: int, least: int = 1) -> int:
    """The whole, or a tenth of it and no less than some."""
    return whole if FULL else max(least, whole // 10)
