"""What push and pull ask for: which tracker, which project of it, and where it is kept what was pushed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

To = Annotated[str, typer.Option("--to", metavar="TRACKER", help="redmine, github, jira or azure.", show_default=False)]


Project = Annotated[
    str,
    typer.Option(
        "--project",
        metavar="NAME",
        help="Its project; of GitHub owner/name, of Azure organisation/project.",
        show_default=False,
    ),
]


Url = Annotated[
    str, typer.Option("--url", metavar="URL", help="Address of the tracker.", show_default="GitHub's, Azure's")
]


StateFile = Annotated[
    Path | None,
    typer.Option(
        "--state", metavar="FILE", help="What was pushed before.", show_default="stepladder-TRACKER-PROJECT-PLAN.json"
    ),
]


System = Annotated[
    str,
    typer.Option(
        "--system", metavar="NAME", help="What the plan's only system is called in the items' ids.", show_default=False
    ),
]


Timezone = Annotated[
    str,
    typer.Option(
        "--timezone",
        metavar="NAME",
        help="The zone in which the tracker's moments become days, such as Europe/Berlin.",
        show_default="this machine's",
    ),
]


MapFile = Annotated[
    Path | None,
    typer.Option(
        "--map",
        metavar="FILE",
        help="How things are made there, and what its statuses mean.",
        show_default="the plan's",
    ),
]


def state_of(to: str, project: str, given: Path | None, plan: str | None) -> Path:
    """The file in which it is kept what was pushed: the one that was given, or one named after tracker, project and
    plan. One from before plans had ids is taken over by the first plan that finds it.
    """
    from stepladder.exchange.push.state import owner

    before = Path(f"stepladder-{to}-{project.replace('/', '-')}.json")
    if given is not None or plan is None:
        return given or before
    own = before.with_name(f"{before.stem}-{plan}.json")
    taken_over = not own.exists() and before.exists() and owner(before) in (None, plan)
    return before if taken_over else own
