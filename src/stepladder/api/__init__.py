"""Every command as a function, for programs and notebooks: ``stepladder.plan("home_cameras")``.

A question is a path, the name of a shipped scenario, a mapping with the same keys as a file, or a record; a plan is a
path, a mapping, a record or an answer that holds one. What comes back is an ``Answer``: the record, which prints as the
command does.
"""

from stepladder.api.intake import import_, template
from stepladder.api.living import actuals, diff, export, history, plot, replan, report, schema
from stepladder.api.planning import (
    catalogue,
    check,
    init,
    next,  # noqa: A004 - a command's own name
    plan,
    repair,
    show,
    verify,
    why,
)
from stepladder.api.several import compare, frontier, stable, sweep

__all__ = [
    "actuals", "catalogue", "check", "compare", "diff", "export", "frontier", "history", "import_", "init", "next",
    "plan", "plot", "repair", "replan", "report", "schema", "show", "stable", "sweep", "template", "verify", "why",
]  # fmt: skip
