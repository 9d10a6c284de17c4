"""The answer, checked: a plan whose figures are recomputed, and the verifier that cannot reach the solver."""

from stepladder.solution.plan import make_plan

__all__ = ["make_plan"]
