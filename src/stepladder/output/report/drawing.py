"""Charts as SVG and PNG, the same bytes for the same chart."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stepladder.output.report.canvas import (
    BOX,
    DARK_FROM,
    HEAT,
    LETTER,
    LIGHT,
    LINE,
    NAMES,
    PANEL,
    ROW,
    SERIES,
    WIDTH,
    amounts,
    between,
    framed,
    named_above,
    names_height,
    quiet,
    times,
)
from stepladder.output.report.cells import shade
from stepladder.output.report.document import Chart, Columns, Drawing, Fall, Gantt, Heat, Lines, Network, Pairs
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.text import columns, cut, fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: How much of its colour a bar has whose work is done.
DONE = 0.45
_HEX = re.compile("|".join(LIGHT.values()))
_NAMES = {code: name for name, code in LIGHT.items()}


def svg(chart: Chart, *, inline: bool = False, named: bool = True) -> str:
    """A drawing as SVG.

    Parameters
    ----------
    chart
        What to draw.
    inline
        For a page: without a prolog.
    named
        There, colours by the names of the page's style, so that they follow its reader's choice of light or dark.
    """
    memory = io.BytesIO()
    with quiet():
        _drawn(chart.drawing).savefig(
            memory, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    text = re.sub(r"<metadata>.*?</metadata>", "", memory.getvalue().decode(), flags=re.DOTALL)
    # Of ids only those that something in the drawing refers to, and no other drawing on the same page. What people
    # wrote is not in tags, and stays.
    used = set(re.findall(r'(?:url\(|href=")#([\w-]+)', text))
    text = _in_tags(r' id="([^"]+)"', lambda match: f' id="{chart.name}-{match[1]}"' if match[1] in used else "", text)
    text = _in_tags(r'(url\(|href=")#([\w-]+)', lambda match: f"{match[1]}#{chart.name}-{match[2]}", text)
    if not inline:
        return text
    text = text[text.index("<svg") :]
    text = re.sub(
        r"<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>",
        r'<svg viewBox="\1" aria-hidden="true" focusable="false">',
        text,
        count=1,
    )
    text = _in_tags(r"\s*\n\s*", lambda _break: " ", _in_tags(r"(\d+\.\d{2})\d+", lambda match: match[1], text))
    return _in_tags(_HEX.pattern, lambda match: f"var(--{_NAMES[match[0]]})", text) if named else text


def _in_tags(pattern: str, new: Callable[[re.Match[str]], str], text: str) -> str:
    """Replace what matches inside tags; an attribute holds no ``>``."""
    return re.sub(r"<[^>]*>", lambda tag: re.sub(pattern, new, tag[0]), text)


def png(chart: Chart, dots: int = 200) -> bytes:
    """A drawing as PNG with so many dots per inch."""
    memory = io.BytesIO()
    with quiet():
        _drawn(chart.drawing).savefig(memory, format="png", dpi=dots, metadata={"Software": None})
    return memory.getvalue()


def _drawn(drawing: Drawing) -> Figure:
    how: dict[type, Callable[[Any], Figure]] = {
        Gantt: _gantt,
        Columns: _columns,
        Fall: _fall,
        Pairs: _pairs,
        Lines: _lines,
        Network: _network,
        Heat: _heat,
    }
    return how[type(drawing)](drawing)


def _gantt(chart: Gantt) -> Figure:
    rows = len(chart.bars) + len(chart.milestones)
    names = [
        *(fitted(bar.title, NAMES) for bar in chart.bars),
        *(cut(f"◆ {name}", NAMES) for name, _at in chart.milestones),
    ]
    legend = [(name or _("Steps"), SERIES[k % len(SERIES)], "patch") for k, name in enumerate(chart.kinds)]
    legend += [(_("Milestone"), "c5", "diamond")] if chart.milestones else []
    legend += [(_("Today"), "ink", "line")] if chart.today is not None else []
    top = names_height([name for name, *_how in legend]) + (LINE if chart.phases else 0)
    height = top + 34 + ROW * rows
    figure, (ax,) = framed(height, left=16 + LETTER * max(map(columns, names)), top=top)
    for k, (name, first, last) in enumerate(chart.phases):
        if k % 2 == 0:
            ax.axvspan(first, last + 1, color=LIGHT["band"], linewidth=0, zorder=0)
        ax.text(
            (first + last + 1) / 2,
            -0.75,
            cut(name, 14),
            ha="center",
            va="bottom",
            fontweight="bold",
            color=LIGHT["muted"],
        )
    for k, bar in enumerate(chart.bars):
        colour = LIGHT[SERIES[chart.kinds.index(bar.kind) % len(SERIES)]]
        alpha = DONE if bar.done else None
        width = bar.last + 1 - bar.first - 0.08
        ax.barh(k, width, left=bar.first + 0.04, height=0.62, color=colour, linewidth=0, alpha=alpha)
    if chart.today is not None:
        ax.axvline(chart.today, color=LIGHT["ink"], linewidth=1.2, zorder=3)
    for k, (_title, at) in enumerate(chart.milestones, start=len(chart.bars)):
        ax.axvline(at, color=LIGHT["c5"], linewidth=0.7, linestyle=":", zorder=1)
        ax.plot([at], [k], marker="D", markersize=6, color=LIGHT["c5"], linestyle="")
    ax.set_yticks(range(rows), names)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xlim(0, len(chart.labels))
    ax.set_xticks(range(len(chart.labels) + 1), [""] * (len(chart.labels) + 1))
    ax.grid(axis="x", color=LIGHT["grid"], linewidth=0.6)
    between(ax, chart.labels)
    named_above(figure, legend)
    return figure


def _columns(chart: Columns) -> Figure:
    count = len(chart.panels)
    parts = chart.panels[0].parts
    names = [name for name, _values in parts]
    limited = any(value is not None for panel in chart.panels for value in panel.most)
    legend = [(name, SERIES[k], "patch") for k, name in enumerate(names)] + (
        [(chart.mark or _("At most"), "ink", "line")] if limited else []
    )
    top = names_height([name for name, *_how in legend]) + (LINE if count > 1 else 4)
    height = PANEL * (0.62 if chart.low else 1.0) * (count if count > 1 else 1.4)
    figure, axes = framed(top + 30 + height, left=78, top=top, rows=count)
    for ax, panel in zip(axes, chart.panels, strict=True):
        base = [0.0] * len(chart.labels)
        for k, (_part, values) in enumerate(panel.parts):
            ax.bar(range(len(values)), values, bottom=base, width=0.72, color=LIGHT[SERIES[k]], linewidth=0)
            base = [one + other for one, other in zip(base, values, strict=True)]
        for t, most in enumerate(panel.most):
            if most is not None:
                ax.plot([t - 0.46, t + 0.46], [most, most], color=LIGHT["ink"], linewidth=1.6, solid_capstyle="butt")
        if count > 1:
            ax.set_title(cut(panel.title, 60), loc="left", fontsize=9, fontweight="bold", color=LIGHT["ink"], pad=4)
        top_of = max([*base, *(value for value in panel.most if value is not None)], default=0.0)
        ax.set_ylim(0, top_of * 1.08 or 1.0)
        ax.set_xlim(-0.6, len(chart.labels) - 0.4)
        ax.grid(axis="y", color=LIGHT["grid"], linewidth=0.6)
        unit = chart.unit
        amounts(ax.yaxis, "" if unit == "person-days" else unit, "amount" if unit == "person-days" else "money")
    times(axes[-1], chart.labels, range(len(chart.labels)))
    named_above(figure, legend)
    return figure


def _fall(chart: Fall) -> Figure:
    legend = [(name, SERIES[k % len(SERIES)], "patch") for k, (name, _values) in enumerate(chart.parts)]
    legend += [(_("Appetite"), "ink", "dashed")] if chart.caps else []
    top = names_height([name for name, *_how in legend]) + 4
    figure, (ax,) = framed(top + 30 + PANEL * 1.5, left=78, top=top)
    base = [0.0] * len(chart.labels)
    for k, (_threat, values) in enumerate(chart.parts):
        ax.bar(range(len(values)), values, bottom=base, width=0.8, color=LIGHT[SERIES[k % len(SERIES)]], linewidth=0)
        base = [one + other for one, other in zip(base, values, strict=True)]
    for _cap, first, last, loss in chart.caps:
        ax.plot([first - 0.45, last + 0.45], [loss, loss], color=LIGHT["ink"], linewidth=1.5, linestyle="--")
    ax.set_ylim(0, max([*base, *(cap[3] for cap in chart.caps)]) * 1.05 or 1.0)
    ax.set_xlim(-0.6, len(chart.labels) - 0.4)
    ax.grid(axis="y", color=LIGHT["grid"], linewidth=0.6)
    amounts(ax.yaxis, chart.unit)
    times(ax, chart.labels, range(len(chart.labels)))
    named_above(figure, legend)
    return figure


def _pairs(chart: Pairs) -> Figure:
    names = [fitted(name, NAMES) for name in chart.names]
    figure, (ax,) = framed(60 + 26.0 * len(names), left=16 + LETTER * max(map(columns, names)), right=24)
    for k, (before, after) in enumerate(zip(chart.before, chart.after, strict=True)):
        ax.barh(k - 0.2, before, height=0.36, color=LIGHT["c7"], linewidth=0)
        ax.barh(k + 0.2, after, height=0.36, color=LIGHT["c1"], linewidth=0)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0, max(*chart.before, *chart.after, 0.0) * 1.05 or 1.0)
    ax.grid(axis="x", color=LIGHT["grid"], linewidth=0.6)
    amounts(ax.xaxis, chart.unit)
    named_above(figure, [(chart.said[0], "c7", "patch"), (chart.said[1], "c1", "patch")])
    return figure


def _lines(chart: Lines) -> Figure:
    legend = [
        (name, SERIES[k % len(SERIES)], "line")
        for k, (name, _points) in enumerate(chart.curves)
        if len(chart.curves) > 1
    ]
    top = names_height([name for name, *_how in legend]) + LINE
    figure, (ax,) = framed(top + 46 + PANEL * 1.5, left=78, top=top, bottom=46)
    for k, (_curve, points) in enumerate(chart.curves):
        if points:
            ax.plot(
                *zip(*points, strict=True),
                color=LIGHT[SERIES[k % len(SERIES)]],
                marker="o",
                markersize=3.2,
                linewidth=1.5,
            )
    ax.set_ylim(bottom=0)
    ax.set_xlim(*((-0.5, len(chart.labels) - 0.5) if chart.labels else (0, None)))
    ax.grid(color=LIGHT["grid"], linewidth=0.6)
    ax.set_xlabel(chart.across)
    ax.set_title(chart.up, loc="left", fontsize=8.5, color=LIGHT["muted"], pad=4)
    if chart.labels:
        times(ax, chart.labels, range(len(chart.labels)))
    else:
        amounts(ax.xaxis, "", chart.kinds[0])
    amounts(ax.yaxis, "", chart.kinds[1])
    if legend:
        named_above(figure, legend)
    return figure


def _network(chart: Network) -> Figure:
    from matplotlib.patches import Rectangle

    layers, places = 1 + max(box[1] for box in chart.boxes), 1 + max(box[2] for box in chart.boxes)
    figure, (ax,) = framed(places * BOX + 34, left=4, right=4, top=26, bottom=4)
    for a, b in chart.lines:
        chain = a in chart.chain and b in chart.chain
        (_a, x, y), (_b, u, v) = chart.boxes[a], chart.boxes[b]
        ax.plot([x + 0.86, u], [y, v], color=LIGHT["c5" if chain else "c7"], linewidth=1.6 if chain else 0.8, zorder=1)
    letters = int((WIDTH - 8) / layers * 0.83 / 3.75)
    for k, (name, x, y) in enumerate(chart.boxes):
        chain = k in chart.chain
        ax.add_patch(
            Rectangle(
                (x, y - 0.38),
                0.86,
                0.76,
                facecolor=LIGHT["band"],
                edgecolor=LIGHT["c5" if chain else "muted"],
                linewidth=1.4 if chain else 0.7,
            )
        )
        ax.text(
            x + 0.03,
            y,
            _two(name, max(6, letters)),
            fontsize=6.8,
            va="center",
            ha="left",
            color=LIGHT["ink"],
            linespacing=1.05,
            clip_on=True,
        )
    ax.set_xlim(-0.02, layers - 0.1)
    ax.set_ylim(places - 0.5, -0.5)
    ax.axis("off")
    named_above(figure, [(_("On the longest chain"), "c5", "line"), (_("Needs"), "c7", "line")])
    return figure


def _two(name: str, width: int) -> str:
    """A title on at most two lines."""
    words, first = name.split(" "), ""
    while words and columns(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    return cut(name, width) if not first else f"{first}\n{cut(' '.join(words), width)}".strip()


def _heat(chart: Heat) -> Figure:
    from matplotlib.patches import Rectangle

    names = [fitted(row[1], NAMES) for row in chart.rows]
    top = 34.0 if chart.spans else 22.0
    key = 6 + 12.0 * len(chart.key)
    height = top + key + 8 + ROW * len(chart.rows)
    figure, (ax,) = framed(height, left=10 + LETTER * max(map(columns, names)), right=4, top=top, bottom=6 + key)
    for y, (_group, _name, values) in enumerate(chart.rows):
        for x, value in enumerate(values):
            if value is None:
                continue
            ax.add_patch(
                Rectangle(
                    (x, y - 0.5), 1, 1, facecolor=HEAT[shade(value, chart.most)], edgecolor=LIGHT["paper"], linewidth=1
                )
            )
            dark = shade(value, chart.most) >= DARK_FROM
            ax.text(
                x + 0.5,
                y,
                numbers.whole(value),
                ha="center",
                va="center",
                color="#ffffff" if dark else "#1d2733",
                fontweight="bold" if x in chart.wanted else None,
            )
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, len(chart.columns))
    ax.xaxis.set_ticks_position("top")
    ax.set_xticks([k + 0.5 for k in range(len(chart.columns))], [cut(name, 9) for name in chart.columns], fontsize=7.5)
    ax.spines["bottom"].set_visible(False)
    place = 0
    for name, count in chart.spans:
        ax.text(place + count / 2, -0.5 - 17 / ROW, cut(name, 40), ha="center", va="bottom", fontweight="bold")
        place += count
    for k, line in enumerate(reversed(chart.key)):
        figure.text(0.01, (4 + 12 * k) / height, line, color=LIGHT["muted"])
    return figure
