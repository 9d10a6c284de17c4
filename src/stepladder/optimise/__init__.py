"""The question to the solver and its answer in our own words."""

from stepladder.optimise.outcome import Keep, Learnt, Options, Outcome, Progress
from stepladder.optimise.search import another, optimise
from stepladder.optimise.waiting import settled

__all__ = ["Keep", "Learnt", "Options", "Outcome", "Progress", "another", "optimise", "settled"]
