"""What a set of starts comes to on a problem: losses, money, effort, what each window holds, whole or step by step."""

from stepladder.evaluate.evaluation import PRECISION, Evaluation, caps, evaluate, losses, objectives
from stepladder.evaluate.ledger import Ledger, Starts, apart, exact, weights

__all__ = [
    "PRECISION",
    "Evaluation",
    "Ledger",
    "Starts",
    "apart",
    "caps",
    "evaluate",
    "exact",
    "losses",
    "objectives",
    "weights",
]
