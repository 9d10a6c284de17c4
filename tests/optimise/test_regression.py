"""Fixed work must not come to worse plans, weaker bounds or more rounds of tangents than it once did. Seconds play no
part.

After a change for the better, put in the new figures: ``python -m tests.optimise.test_regression`` prints them.
"""

from __future__ import annotations

import pytest

from stepladder.optimise import Options, optimise
from stepladder.optimise.search.state import SearchState
from tests.benchmarks.instances import instance
from tests.support.sizes import FULL

#: What other versions of a solver may make of the same work.
SLACK = 1e-3
#: Problem, effort: value, bound, rounds of tangents.
HELD: dict[tuple[str, int], tuple[float, float, int]] = {
    ("smm/1/none/0", 6): (5688085.71, 5597638.66, 3),
    ("smm/1/year/0", 4): (6208659.90, 6180958.26, 3),
    ("smm/1/free/0", 4): (6191775.00, 6184412.45, 4),
    ("smm/10/year/0", 14): (57310339.66, 57183490.24, 7),
    ("case/bottling_line", 4): (1875104.85, 1869470.24, 4),
    ("case/automotive_gateway", 4): (5739877.82, 5731997.12, 6),
}


def measured(name: str, effort: int) -> tuple[float, float, int]:
    """Value, bound, and how often tangents were added."""
    rounds = 0
    before = SearchState.tighten

    def counted(self: SearchState, *args: object, **kwargs: object) -> bool:
        nonlocal rounds
        added = before(self, *args, **kwargs)  # type: ignore[arg-type]
        rounds += added
        return added

    SearchState.tighten = counted  # type: ignore[method-assign]
    try:
        made = instance(name)
        assert made is not None
        found = optimise(made, Options(gap=0.0, work=effort))
    finally:
        SearchState.tighten = before  # type: ignore[method-assign]
    assert found.value is not None
    assert found.bound is not None
    return found.value, found.bound, rounds


@pytest.mark.slow
@pytest.mark.parametrize(("name", "effort"), list(HELD) if FULL else list(HELD)[2::8])
def test_fixed_work_is_worth_what_it_was(name: str, effort: int) -> None:
    value, bound, rounds = measured(name, effort)
    before = HELD[name, effort]
    assert value <= before[0] + SLACK * abs(before[0])
    assert bound >= before[1] - SLACK * abs(before[1])
    assert rounds <= before[2] + 1


if __name__ == "__main__":
    import sys

    for key in HELD:
        value, bound, rounds = measured(*key)
        sys.stdout.write(f"    {key!r}: ({value:.2f}, {bound:.2f}, {rounds}),\n".replace("'", '"'))
