"""What a set of starts comes to on a problem: losses, money, effort, what each window holds, whole or step by step."""

from stepladder.evaluate.ledger import PRECISION, Evaluation, Ledger, Starts, apart, caps, effective, evaluate, exact, losses, weights

__all__ = ["PRECISION", "Evaluation", "Ledger", "Starts", "apart", "caps", "effective", "evaluate", "exact", "losses", "weights"]
