"""The question to the solver and its answer in our own words."""

from stepladder.optimise.interruptible import settled
from stepladder.optimise.outcome import Keep, Learnt, Options, Outcome, Progress, stopping
from stepladder.optimise.search.optimise import another, optimise

__all__ = ["Keep", "Learnt", "Options", "Outcome", "Progress", "another", "optimise", "settled", "stopping"]
