"""How the sheet to fill in is laid out: its parts, their columns, and by which words they are found again.

Whoever reads it looks for headings and codes, never for a place: rows may be moved, and columns put in another order.
"""

from __future__ import annotations

from typing import NamedTuple

#: What the hidden sheet says that the file is.
FORMAT = "stepladder-sheet/1"
HIDDEN = "stepladder"
ASSESSMENT, FRAME, LOSSES, READ_ME, LISTS = "Assessment", "Frame", "Losses", "Read me", "Lists"
TIERS = ("low", "medium", "high", "critical")
PERIODS = ("quarter", "month", "year")


class Field(NamedTuple):
    """A column of a table, or a line of the frame: its heading, what stands beside it for whoever fills it in, and how
    wide it is.
    """

    name: str
    hint: str
    width: float = 12


#: One row for each practice and scale.
ROWS = (
    Field("Code", "Which practice and scale this is. Leave it as it is.", 34),
    Field("Practice", "", 38),
    Field("Scale", "", 20),
    Field("Levels", "What the levels mean.", 40),
    Field("Current", "Where you are today; the lowest level where nothing stands.", 20),
    Field("Target", "Where you want to be; as today where nothing stands.", 20),
    Field("Importance", "How much it matters: low, medium, high or critical.", 12),
    Field("Once", "What it costs once to get from current to target, in all.", 12),
    Field("Per year", "What it costs every year from then on.", 12),
    Field("Days", "Person-days of the team to get there, in all.", 9),
    Field("Team", "Who does it, as in the sheet Frame.", 16),
    Field("Owner", "Who answers for it.", 18),
    Field("Not applicable because", "A reason here takes the practice out.", 26),
    Field("Note", "For yourself; nothing reads it.", 30),
)
#: Where there are several systems, a column more.
SYSTEM = Field("System", "Which line, product or site this is. Leave it as it is.", 18)
#: Lines of the frame: a word, its value, a hint.
LINES = (
    Field("Title", "What the plan is called."),
    Field("Currency", "Three letters, such as EUR."),
    Field("First day", "The day on which the plan begins."),
    Field("Years", "How many years are planned."),
    Field("Periods", "quarter, month or year."),
    Field("Money a year", "What may be spent in a year, running cost included."),
)
#: Tables of the frame and of the losses, each found by its first two headings.
TEAMS = (
    Field("Team", "Its name."),
    Field("Days a period", "Person-days that it has in each period; no limit where nothing stands."),
)
DATES = (
    Field("What must be there", "The name of a date that binds."),
    Field("By", "The day."),
    Field("Code", "Of a practice and scale, as in the sheet Assessment; several lines where there are several."),
    Field("Level", "The level that it has to reach; its target where nothing stands."),
    Field("Why", "Who says so."),
)
THREATS = (
    Field("Threat", "What can go wrong.", 40),
    Field("Kind", "A kind of threat of the model; it says what helps.", 32),
    Field("Times a year", "How often, on average: 0.1 is once in ten years.", 14),
    Field("Low", "What one costs at least.", 14),
    Field("Likely", "What one costs most likely.", 14),
    Field("High", "What one costs at most.", 14),
    Field("Source", "What the numbers rest on.", 40),
)


def level(number: int, title: str) -> str:
    """A level as it stands in a drop-down."""
    return f"{number} {title}"
