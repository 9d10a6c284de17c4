"""A drawing of the rooms of the package: the layers that import-linter guards, and who imports whom, from the code."""

from __future__ import annotations

import ast
import tomllib
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "stepladder"
#: What each room is for, in as many words as fit.
FOR = {
    "__main__": "starts the program",
    "cli": "commands, screen, files",
    "api": "the same from Python",
    "answers": "records that print and give tables",
    "workflow": "one file a command; the layers meet here",
    "exchange": "other people's files and trackers",
    "output": "pages, tables, charts",
    "wording": "numbers and sentences, claims of proof",
    "analysis": "questions about plans",
    "solution": "the plan, every figure, the verifier",
    "optimise": "rules as formulas, the search, the bound",
    "evaluate": "losses, money, people of a set of starts",
    "data": "what was written, made exact",
    "graph": "who needs whom",
    "errors": "what can go wrong, with exit codes",
}
WIDE, HIGH, GAP, LEFT = 290, 56, 26, 48


def layers() -> list[list[str]]:
    """The rooms, layer by layer from the top, as the contract has them."""
    rows = next(one for one in contracts() if one["id"] == "layers")["layers"]
    return [[name.strip() for name in str(line).split("|")] for line in rows]


def contracts() -> list[dict[str, Any]]:
    """The contracts of import-linter."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["contracts"])


def guests() -> dict[str, list[str]]:
    """Libraries by the room that is their only home."""
    found: dict[str, list[str]] = {}
    for one in contracts():
        if one["type"] == "protected" and len(one["allowed_importers"]) == 1:
            room = one["allowed_importers"][0].rpartition(".")[2]
            found.setdefault(room, []).extend(one["protected_modules"])
    return found


def imports() -> dict[str, set[str]]:
    """By room the rooms that its modules import."""
    rooms = {name for row in layers() for name in row}
    found: dict[str, set[str]] = {name: set() for name in rooms}
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            parts = [name.split(".") for name in names]
            if room in rooms:
                found[room] |= {one[1] for one in parts if one[0] == "stepladder" and len(one) > 1} & (rooms - {room})
    return found


def nearest(found: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Of all imports those that do not follow from the others."""

    def below(room: str) -> set[str]:
        return found[room].union(*(below(name) for name in found[room]))

    return [
        (room, name)
        for row in layers()
        for room in row
        for name in sorted(found[room])
        if not any(name in below(other) for other in found[room] - {name})
    ]


def drawing() -> str:
    """The picture as SVG."""
    rows = layers()
    places = {
        name: (LEFT + k * (WIDE + GAP) + (0 if len(row) > 1 else (WIDE + GAP) // 2), GAP + j * (HIGH + GAP))
        for j, row in enumerate(rows)
        for k, name in enumerate(row)
    }
    full, high = 2 * (LEFT + WIDE) + GAP, GAP + len(rows) * (HIGH + GAP)
    font = 'font-family="system-ui, sans-serif" font-size="12" text-anchor="middle"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {high}" role="img" aria-labelledby="t" {font}>',
        '<title id="t">The rooms of the package in their layers; each imports only from rooms below it</title>',
        f'<rect width="{full}" height="{high}" fill="#ffffff"/>',
        *(arrow(places[room], places[name]) for room, name in nearest(imports())),
        *(box(name, *places[name]) for name in places),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def arrow(above: tuple[int, int], below: tuple[int, int]) -> str:
    """From a room to one that it imports; beside the rooms between them."""
    (x, y), (u, v) = above, below
    x, y, u = x + WIDE // 2, y + HIGH, u + WIDE // 2
    if v - y <= GAP:
        path = f"M{x} {y}L{u} {v}"
    else:
        # Out at the side of both, round what is between.
        side = -1 if min(x, u) < LEFT + WIDE else 1
        x, y, u, v = x + side * WIDE // 2, y - HIGH // 2, u + side * WIDE // 2, v + HIGH // 2
        out = max(x, u) + LEFT if side > 0 else min(x, u) - LEFT
        path = f"M{x} {y}C{out} {y} {out} {v} {u} {v}"
    return f'<path d="{path}" fill="none" stroke="#7a8794" stroke-width="1.5"/>'


def box(name: str, x: int, y: int) -> str:
    """One room: its name, what it is for, and the libraries that are used nowhere else."""
    middle, held = x + WIDE // 2, ", ".join(guests().get(name, []))
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" fill="#e8f0f7" stroke="#2b5c8a"/>'
        f'<text x="{middle}" y="{y + 17}" font-weight="bold">{escape(name)}</text>'
        f'<text x="{middle}" y="{y + 33}" font-size="11" fill="#333333">{escape(FOR[name])}</text>'
        f'<text x="{middle}" y="{y + 48}" font-size="10" fill="#8a4b00" font-style="italic">{escape(held)}</text>'
    )
