"""stepladder: from a security maturity assessment to a roadmap one can afford, defend and carry out."""

__version__ = "0.1.0"
