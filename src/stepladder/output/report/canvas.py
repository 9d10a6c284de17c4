"""What all drawings have in common: colours, sizes, axes and legends."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stepladder.output.report.cells import ValueKind, shown
from stepladder.wording.text import columns, cut

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: By the names that a page's style gives them, which knows them for black as well.
LIGHT = {
    "paper": "#ffffff",
    "ink": "#1d2733",
    "muted": "#5a6572",
    "grid": "#d9dee4",
    "band": "#f2f4f7",
    "c1": "#1f5fa8",
    "c2": "#d97707",
    "c3": "#2a8c6e",
    "c4": "#8e4ec6",
    "c5": "#b8384a",
    "c6": "#6b7f1e",
    "c7": "#858b94",
}
SERIES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7")
#: Width of a drawing, a line of text and a letter in points; a title beside a bar has so many columns at most.
WIDTH, LINE, LETTER, NAMES = 720.0, 15.0, 4.75, 64
#: Heights in points: a row of bars, a panel of columns, a box of a network.
ROW, PANEL, BOX = 17.0, 150.0, 30.0
#: The shades of a heat map, and the first of them on which letters are white.
HEAT = ("#eef3f9", "#cfe0f1", "#a3c4e4", "#6ea0d0", "#3671ad", "#174a86")
DARK_FROM = 4


@contextmanager
def quiet() -> Iterator[None]:
    """The same for every user: no style files, no mathematics in titles, fonts by name, ids from the drawing; a
    missing letter is a box, not a warning.
    """
    # Where it may not keep a cache it says so at length; drawing is as good without.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "stepladder",
        "text.parse_math": False,
        "font.family": ["DejaVu Sans"],
        "font.size": 8.5,
        "axes.unicode_minus": False,
        "axes.edgecolor": LIGHT["muted"],
        "axes.labelcolor": LIGHT["muted"],
        "xtick.color": LIGHT["muted"],
        "ytick.color": LIGHT["muted"],
        "xtick.labelcolor": LIGHT["ink"],
        "ytick.labelcolor": LIGHT["ink"],
        "text.color": LIGHT["ink"],
        "hatch.color": LIGHT["paper"],
        "path.simplify": False,
    }
    settings = dict(mpl.rcParamsDefault) | {"backend": "agg"} | settings
    with warnings.catch_warnings(), mpl.rc_context(settings):
        warnings.simplefilter("ignore")
        yield


def framed(
    height: float, *, left: float = 60.0, right: float = 12.0, top: float = 26.0, bottom: float = 30.0, rows: int = 1
) -> tuple[Figure, list[Axes]]:
    """A figure of so many points in height, with margins in points around one or more axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor=LIGHT["paper"])
    grid = figure.subplots(rows, 1, squeeze=False, sharex=True)
    figure.subplots_adjust(
        left=left / WIDTH, right=1 - right / WIDTH, top=1 - top / height, bottom=bottom / height, hspace=0.35
    )
    axes = [row[0] for row in grid]
    for ax in axes:
        ax.set_facecolor(LIGHT["paper"])
        for side in ("top", "right", "left"):
            ax.spines[side].set_visible(False)
        ax.tick_params(length=0)
        ax.set_axisbelow(True)
    return figure, axes


def times(ax: Axes, labels: Sequence[str], at: Sequence[float]) -> None:
    """Labels below the axis, as many as there is room for."""
    room = max(1, math.ceil(len(labels) * (max(map(columns, labels)) + 1.5) * LETTER / (WIDTH - 80)))
    ax.set_xticks(list(at)[::room], [label for k, label in enumerate(labels) if k % room == 0])


def amounts(axis: Any, unit: str, kind: ValueKind = "money") -> None:
    """Few and short amounts along an axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=3))
    axis.set_major_formatter(FuncFormatter(lambda value, _: shown(float(value), kind, unit)))


def named_above(figure: Figure, entries: Sequence[tuple[str, str, str]]) -> None:
    """Above everything: a name for each colour, as a patch or a line."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for name, colour, how in entries:
        if how == "patch":
            handles.append(Patch(facecolor=LIGHT[colour], label=cut(name, 34)))
        else:
            style = {
                "line": {"linestyle": "-"},
                "dashed": {"linestyle": "--"},
                "diamond": {"linestyle": "", "marker": "D", "markersize": 5},
            }[how]
            handles.append(Line2D([], [], color=LIGHT[colour], label=cut(name, 34), **style))  # type: ignore[arg-type]
    across = max(
        1, min(len(handles), int((WIDTH - 20) / ((max(columns(entry.get_label()) for entry in handles) + 6) * LETTER)))
    )
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=across,
        frameon=False,
        handlelength=1.2,
        columnspacing=1.4,
        borderaxespad=0.2,
    )


def names_height(names: Sequence[str]) -> float:
    """What a legend of these names takes, in points."""
    across = max(1, int((WIDTH - 20) / ((min(34, max(map(columns, names), default=1)) + 6) * LETTER)))
    return 10 + 13.0 * math.ceil(len(names) / across)


def between(ax: Axes, labels: Sequence[str]) -> None:
    """Labels in the middle of periods, below the axis."""
    room = max(1, math.ceil(len(labels) * (max(map(columns, labels)) + 1) * LETTER / 400))
    ax.set_xticks([t + 0.5 for t in range(0, len(labels), room)], labels[::room], minor=True)
    ax.tick_params(axis="x", which="minor", length=0)
