"""stepladder: from a security maturity assessment to a roadmap one can afford, defend and carry out.

Every command is a function here, loaded when it is first named:

>>> import stepladder
>>> cameras = stepladder.plan("home_cameras")      # doctest: +SKIP
>>> cameras.to_pandas("steps")                     # doctest: +SKIP
"""

from __future__ import annotations

# This file is read before anybody listens to who stops the program: it imports nothing that takes time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.2.0"

#: The functions of ``stepladder.api``, and the errors that they raise.
_FUNCTIONS = (
    "actuals", "catalogue", "check", "compare", "diff", "export", "frontier", "history", "import_", "init", "next",
    "plan", "plot", "repair", "replan", "report", "schema", "show", "stable", "sweep", "template", "verify", "why",
)  # fmt: skip
_ERRORS = ("Infeasible", "InvalidInput", "NoPlanFound", "NotVerified", "StepladderError", "UsageError")

__all__ = [*_FUNCTIONS, *_ERRORS, "__version__"]  # noqa: PLE0604 - names are loaded when they are asked for


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _FUNCTIONS:
        return getattr(import_module("stepladder.api"), name)
    if name in _ERRORS:
        return getattr(import_module("stepladder.errors"), name)
    raise AttributeError(f"module 'stepladder' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__} - {"TYPE_CHECKING"})
