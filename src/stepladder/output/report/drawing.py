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
from stepladder.wording.text import columns, cut, fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    text = _in_tags(r' id="([^"]+)"', lambda found: f' id="{chart.name}-{found[1]}"' if found[1] in used else "", text)
    text = _in_tags(r'(url\(|href=")#([\w-]+)', lambda found: f"{found[1]}#{chart.name}-{found[2]}", text)
    if not inline:
        return text
    text = text[text.index("<svg") :]
    text = re.sub(
        r"<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>",
        r'<svg viewBox="\1" aria-hidden="true" focusable="false">',
        text,
        count=1,
    )
    text = _in_tags(r"\s*\n\s*", lambda _: " ", _in_tags(r"(\d+\.\d{2})\d+", lambda found: found[1], text))
    return _in_tags(_HEX.pattern, lambda found: f"var(--{_NAMES[found[0]]})", text) if named else text


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


def _gantt(held: Gantt) -> Figure:
    rows = len(held.bars) + len(held.milestones)
    names = [fitted(bar.title, NAMES) for bar in held.bars] + [cut(f"◆ {name}", NAMES) for name, _ in held.milestones]
    legend = [(name or "Steps", SERIES[k % len(SERIES)], "patch") for k, name in enumerate(held.kinds)]
    legend += [("Milestone", "c5", "diamond")] if held.milestones else []
    top = names_height([name for name, _, _ in legend]) + (LINE if held.phases else 0)
    height = top + 34 + ROW * rows
    figure, (ax,) = framed(height, left=16 + LETTER * max(map(columns, names)), top=top)
    for k, (name, first, last) in enumerate(held.phases):
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
    for k, bar in enumerate(held.bars):
        colour = LIGHT[SERIES[held.kinds.index(bar.kind) % len(SERIES)]]
        ax.barh(k, bar.last + 1 - bar.first - 0.08, left=bar.first + 0.04, height=0.62, color=colour, linewidth=0)
    for k, (_, at) in enumerate(held.milestones, start=len(held.bars)):
        ax.axvline(at, color=LIGHT["c5"], linewidth=0.7, linestyle=":", zorder=1)
        ax.plot([at], [k], marker="D", markersize=6, color=LIGHT["c5"], linestyle="")
    ax.set_yticks(range(rows), names)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xlim(0, len(held.labels))
    ax.set_xticks(range(len(held.labels) + 1), [""] * (len(held.labels) + 1))
    ax.grid(axis="x", color=LIGHT["grid"], linewidth=0.6)
    between(ax, held.labels)
    named_above(figure, legend)
    return figure


def _columns(held: Columns) -> Figure:
    count = len(held.panels)
    parts = held.panels[0].parts
    names = [name for name, _ in parts]
    limited = any(value is not None for panel in held.panels for value in panel.most)
    legend = [(name, SERIES[k], "patch") for k, name in enumerate(names)] + (
        [("At most", "ink", "line")] if limited else []
    )
    top = names_height([name for name, _, _ in legend]) + (LINE if count > 1 else 4)
    figure, axes = framed(top + 30 + PANEL * (count if count > 1 else 1.4), left=78, top=top, rows=count)
    for ax, panel in zip(axes, held.panels, strict=True):
        base = [0.0] * len(held.labels)
        for k, (_, values) in enumerate(panel.parts):
            ax.bar(range(len(values)), values, bottom=base, width=0.72, color=LIGHT[SERIES[k]], linewidth=0)
            base = [one + other for one, other in zip(base, values, strict=True)]
        for t, most in enumerate(panel.most):
            if most is not None:
                ax.plot([t - 0.46, t + 0.46], [most, most], color=LIGHT["ink"], linewidth=1.6, solid_capstyle="butt")
        if count > 1:
            ax.set_title(cut(panel.title, 60), loc="left", fontsize=9, fontweight="bold", color=LIGHT["ink"], pad=4)
        top_of = max([*base, *(value for value in panel.most if value is not None)], default=0.0)
        ax.set_ylim(0, top_of * 1.08 or 1.0)
        ax.set_xlim(-0.6, len(held.labels) - 0.4)
        ax.grid(axis="y", color=LIGHT["grid"], linewidth=0.6)
        unit = held.unit
        amounts(ax.yaxis, "" if unit == "person-days" else unit, "amount" if unit == "person-days" else "money")
    times(axes[-1], held.labels, range(len(held.labels)))
    named_above(figure, legend)
    return figure


def _fall(held: Fall) -> Figure:
    legend = [(name, SERIES[k % len(SERIES)], "patch") for k, (name, _) in enumerate(held.parts)]
    legend += [("Appetite", "ink", "dashed")] if held.caps else []
    top = names_height([name for name, _, _ in legend]) + 4
    figure, (ax,) = framed(top + 30 + PANEL * 1.5, left=78, top=top)
    base = [0.0] * len(held.labels)
    for k, (_, values) in enumerate(held.parts):
        ax.bar(range(len(values)), values, bottom=base, width=0.8, color=LIGHT[SERIES[k % len(SERIES)]], linewidth=0)
        base = [one + other for one, other in zip(base, values, strict=True)]
    for _, first, last, loss in held.caps:
        ax.plot([first - 0.45, last + 0.45], [loss, loss], color=LIGHT["ink"], linewidth=1.5, linestyle="--")
    ax.set_ylim(0, max([*base, *(cap[3] for cap in held.caps)]) * 1.05 or 1.0)
    ax.set_xlim(-0.6, len(held.labels) - 0.4)
    ax.grid(axis="y", color=LIGHT["grid"], linewidth=0.6)
    amounts(ax.yaxis, held.unit)
    times(ax, held.labels, range(len(held.labels)))
    named_above(figure, legend)
    return figure


def _pairs(held: Pairs) -> Figure:
    names = [fitted(name, NAMES) for name in held.names]
    figure, (ax,) = framed(60 + 26.0 * len(names), left=16 + LETTER * max(map(columns, names)), right=24)
    for k, (before, after) in enumerate(zip(held.before, held.after, strict=True)):
        ax.barh(k - 0.2, before, height=0.36, color=LIGHT["c7"], linewidth=0)
        ax.barh(k + 0.2, after, height=0.36, color=LIGHT["c1"], linewidth=0)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0, max(*held.before, *held.after, 0.0) * 1.05 or 1.0)
    ax.grid(axis="x", color=LIGHT["grid"], linewidth=0.6)
    amounts(ax.xaxis, held.unit)
    named_above(figure, [(held.said[0], "c7", "patch"), (held.said[1], "c1", "patch")])
    return figure


def _lines(held: Lines) -> Figure:
    legend = [
        (name, SERIES[k % len(SERIES)], "line") for k, (name, _) in enumerate(held.curves) if len(held.curves) > 1
    ]
    top = names_height([name for name, _, _ in legend]) + LINE
    figure, (ax,) = framed(top + 46 + PANEL * 1.5, left=78, top=top, bottom=46)
    for k, (_, points) in enumerate(held.curves):
        if points:
            ax.plot(
                *zip(*points, strict=True),
                color=LIGHT[SERIES[k % len(SERIES)]],
                marker="o",
                markersize=3.2,
                linewidth=1.5,
            )
    ax.set_ylim(bottom=0)
    ax.set_xlim(*((-0.5, len(held.labels) - 0.5) if held.labels else (0, None)))
    ax.grid(color=LIGHT["grid"], linewidth=0.6)
    ax.set_xlabel(held.across)
    ax.set_title(held.up, loc="left", fontsize=8.5, color=LIGHT["muted"], pad=4)
    if held.labels:
        times(ax, held.labels, range(len(held.labels)))
    else:
        amounts(ax.xaxis, "", held.kinds[0])
    amounts(ax.yaxis, "", held.kinds[1])
    if legend:
        named_above(figure, legend)
    return figure


def _network(held: Network) -> Figure:
    from matplotlib.patches import Rectangle

    layers, places = 1 + max(layer for _, layer, _ in held.boxes), 1 + max(place for _, _, place in held.boxes)
    figure, (ax,) = framed(places * BOX + 34, left=4, right=4, top=26, bottom=4)
    for a, b in held.lines:
        chain = a in held.chain and b in held.chain
        (_, x, y), (_, u, v) = held.boxes[a], held.boxes[b]
        ax.plot([x + 0.86, u], [y, v], color=LIGHT["c5" if chain else "c7"], linewidth=1.6 if chain else 0.8, zorder=1)
    letters = int((WIDTH - 8) / layers * 0.83 / 3.75)
    for k, (name, x, y) in enumerate(held.boxes):
        chain = k in held.chain
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
    named_above(figure, [("On the longest chain", "c5", "line"), ("Needs", "c7", "line")])
    return figure


def _two(name: str, width: int) -> str:
    """A title on at most two lines."""
    words, first = name.split(" "), ""
    while words and columns(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    return cut(name, width) if not first else f"{first}\n{cut(' '.join(words), width)}".strip()


def _heat(held: Heat) -> Figure:
    from matplotlib.patches import Rectangle

    names = [fitted(name, NAMES) for _, name, _ in held.rows]
    top = 34.0 if held.spans else 22.0
    key = 6 + 12.0 * len(held.key)
    height = top + key + 8 + ROW * len(held.rows)
    figure, (ax,) = framed(height, left=10 + LETTER * max(map(columns, names)), right=4, top=top, bottom=6 + key)
    for y, (_, _, values) in enumerate(held.rows):
        for x, value in enumerate(values):
            if value is None:
                continue
            ax.add_patch(
                Rectangle(
                    (x, y - 0.5), 1, 1, facecolor=HEAT[shade(value, held.most)], edgecolor=LIGHT["paper"], linewidth=1
                )
            )
            dark = shade(value, held.most) >= DARK_FROM
            ax.text(
                x + 0.5,
                y,
                numbers.whole(value),
                ha="center",
                va="center",
                color="#ffffff" if dark else "#1d2733",
                fontweight="bold" if x in held.wanted else None,
            )
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, len(held.columns))
    ax.xaxis.set_ticks_position("top")
    ax.set_xticks([k + 0.5 for k in range(len(held.columns))], [cut(name, 9) for name in held.columns], fontsize=7.5)
    ax.spines["bottom"].set_visible(False)
    place = 0
    for name, count in held.spans:
        ax.text(place + count / 2, -0.5 - 17 / ROW, cut(name, 40), ha="center", va="bottom", fontweight="bold")
        place += count
    for k, line in enumerate(reversed(held.key)):
        figure.text(0.01, (4 + 12 * k) / height, line, color=LIGHT["muted"])
    return figure
