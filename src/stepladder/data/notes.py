"""Notes of a question whose words are known again by those who show them."""

from __future__ import annotations

_BECAUSE = "it is implied by"


def implied(step: str, because: str) -> str:
    """That a step is above its target, and which other needs it; with titles."""
    return f"{step} is above its target; {_BECAUSE} {because}."


def implies(note: str) -> bool:
    """Whether a note says that a step is implied by another; the step's own lines say so too."""
    return f" {_BECAUSE} " in note
