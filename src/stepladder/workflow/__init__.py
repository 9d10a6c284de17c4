"""The commands as functions of records, and the only place where the layers meet; ``stepladder.api`` takes whatever
there is and answers in words.

>>> from stepladder.workflow import plan, next_step
>>> roadmap = plan("bottling_line")            # doctest: +SKIP
>>> next_step(roadmap).steps[0].reason          # doctest: +SKIP
"""

from stepladder.workflow.catalogue import catalogue
from stepladder.workflow.check import CheckReport, check
from stepladder.workflow.init import cases, init
from stepladder.workflow.next import NextStep, next_step
from stepladder.workflow.plan import answer, ask, plan
from stepladder.workflow.report import Asked, plot, report
from stepladder.workflow.schema import schema
from stepladder.workflow.show import show
from stepladder.workflow.verify import verify

__all__ = [
    "Asked",
    "CheckReport",
    "NextStep",
    "answer",
    "ask",
    "cases",
    "catalogue",
    "check",
    "init",
    "next_step",
    "plan",
    "plot",
    "report",
    "schema",
    "show",
    "verify",
]
