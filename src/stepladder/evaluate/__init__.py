"""What a set of starts comes to on a problem: losses, money, effort, what each window holds, whole or step by step."""

from stepladder.evaluate.evaluation import PRECISION, Evaluation, evaluate, objectives, within
from stepladder.evaluate.ledger import Ledger, Starts, apart, exact, loss_weights, weights
from stepladder.evaluate.loss import alone, caps, ends, losses, over_time, remains, there

__all__ = [
    "PRECISION",
    "Evaluation",
    "Ledger",
    "Starts",
    "alone",
    "apart",
    "caps",
    "ends",
    "evaluate",
    "exact",
    "loss_weights",
    "losses",
    "objectives",
    "over_time",
    "remains",
    "there",
    "weights",
    "within",
]
