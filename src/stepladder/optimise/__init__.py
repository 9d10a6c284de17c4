"""The question to the solver and its answer in our own words."""

from stepladder.optimise.outcome import Learnt, Options, Outcome, Progress
from stepladder.optimise.search import optimise

__all__ = ["Learnt", "Options", "Outcome", "Progress", "optimise"]
