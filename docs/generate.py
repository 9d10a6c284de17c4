"""What of the documentation follows from the code: commands, file formats, catalogues, rules, a drawing of the house.

``pages()`` gives the text of each by its path under docs/; ``python docs/generate.py`` writes them. A test compares.
Some pages are made as a whole; of others only what stands between two marks, and people write the rest.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from stepladder.cli.main import COMMANDS, app
from stepladder.data.formats.plan import REASONS
from stepladder.data.schemas import KINDS, published
from stepladder.output.model_data import model_json
from stepladder.solution.verify import RULES
from stepladder.workflow.catalogue import catalogues

FOLDER = Path(__file__).parent
Schema = Mapping[str, Any]

#: What each file format is, above its keys, and an example where no other page has one.
FORMATS = {
    "scenario": "A scenario is one organisation's question, as YAML or JSON. Everything but `format`, `catalogue`,"
    " `horizon` and `budget` may be left out.",
    "catalogue": "A catalogue is a maturity model as data: practices in groups, scales with levels, default costs and"
    " effects, prerequisites, and targets. A scenario names one that ships, or a file of your own.",
    "profiles": "Stored targets in a file of their own. A scenario reads it with `profiles_from`.",
    "problem": "A problem is a question in plain numbers, every default filled in. `stepladder check … --json` prints"
    " it, and `stepladder plan problem.json` plans from it, so other programs can hand in work.",
    "plan": "A plan's file holds the starts, every figure, why the other steps are left out, and the whole question."
    " `stepladder verify` checks it. What `verify` looks at and what it cannot know stands in"
    " [what verify checks](../verify.md).",
    "actuals": "What has happened since a plan was made. `stepladder replan` reads it, and `stepladder pull` writes"
    " it.",
    "map": "How the items of a plan are made in a tracker, and what the tracker's statuses mean. `stepladder push` and"
    " `stepladder pull` read it with `--map`, and `push --show-map` prints the one that is in force. Which tracker has"
    " a place for which key stands in [how to push](../../how_to/tools.md#how-things-are-made-there).",
}
#: What the keys of a record mean together, below its table.
MEANINGS = {
    "Events": """\
Events come by chance, `per_year` of them in a year on average (a Poisson process). What one costs is lognormal: half of
them cost less than `median`, and `sigma` is the standard deviation of the logarithm, so that the mean is
`median · exp(sigma² / 2)`. All three hold with what is in place today. `per_year` times that mean is the threat's
`expected_loss_per_year`, to the smallest coin and a millionth; a file in which it is not is refused (`SL313`).

A step in place multiplies `median` by its factor where the threat names it under `cheaper`, and `per_year` where it
does not: with `factors: {a: 0.5, b: 0.8}` and `cheaper: [b]`, both leave half of the events, each at 0.8 of its cost.

No plan, no bound and no figure of a plan rests on events: plans count expected losses. Events say how these are spread
over years. A threat of which only the loss of a year is known has no `events`, and is written without both keys.
""",
}
#: Texts with these patterns have a name.
PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "id",
    r"^([a-z][a-z0-9_.-]*/)?[a-z][a-z0-9_.-]*$": "step id",
    r"^\d{4}(-(Q[1-4]|H[12]|\d{2}|\d{2}-\d{2}))?$": "date or label of a period",
    r"^[A-Z]{3}$": "three capital letters",
}


def pages() -> dict[str, str]:
    """Every generated file by its path under docs/."""
    made = {
        "reference/commands.md": between("reference/commands.md", "help", helps()),
        "reference/verify.md": between("reference/verify.md", "rules", rules()),
        "reference/catalogues/index.md": shelf(),
        "explanation/house.svg": house(),
    }
    made |= {f"reference/files/{name}.md": format_page(name) for name in KINDS}
    made |= {f"reference/catalogues/{held['name']}.md": catalogue_page(held) for held in models()}
    return made


def between(page: str, name: str, text: str) -> str:
    """A page with a text between its two marks."""
    before, _, rest = (FOLDER / page).read_text(encoding="utf-8").partition(f"<!-- made: {name} -->")
    _, _, after = rest.partition("<!-- end of made -->")
    return f"{before}<!-- made: {name} -->\n\n{text}\n<!-- end of made -->{after}"


def row(*cells: object) -> str:
    """One line of a table."""
    return "| " + " | ".join(re.sub(r"\s+", " ", str(cell)).replace("|", "\\|").strip() for cell in cells) + " |\n"


def table(*heads: str) -> str:
    """The head of a table."""
    return row(*heads) + row(*("---" for _ in heads))


# -- commands ----------------------------------------------------------------------------------------------------------


def helps() -> str:
    """What every command says of itself with ``--help``."""
    return "\n".join(f"### {name}\n\n```text\n{said(name)}```\n" for name in COMMANDS)


def said(name: str) -> str:
    """The help of one command at 80 columns."""
    done = CliRunner().invoke(app, [name, "--help"], prog_name="stepladder", terminal_width=80)
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines()) + "\n"


# -- file formats ------------------------------------------------------------------------------------------------------


def format_page(name: str) -> str:
    """Every key of a file format, from its schema."""
    schema = json.loads(published(name))
    parts = [
        f"# The keys of a {name}\n" if name not in ("profiles", "actuals") else f"# The keys of {name}\n",
        f"{FORMATS[name]}\n",
        f"An unknown key is an error. `stepladder schema {name}` prints all this as a JSON Schema.\n",
        *section("The file", schema),
    ]
    for title, record in sorted(schema.get("$defs", {}).items()):
        if "properties" in record:
            parts += section(title, record)
        else:
            parts += [f"## {title}\n", f"{plain(record.get('description', ''))} {kind(record)}.\n"]
    return "\n".join(parts)


def section(title: str, record: Schema) -> list[str]:
    """One record: a sentence, and a row for each key."""
    wanted = set(record.get("required", ()))
    rows = "".join(
        row(
            f"`{key}`",
            kind(told),
            "must be there" if key in wanted else default(told),
            plain(told.get("description", "")),
        )
        # What says what the file is stands first.
        for key, told in sorted(record["properties"].items(), key=lambda item: item[0] not in ("format", "catalogue"))
    )
    return [
        f"## {title}\n",
        f"{plain(record.get('description', ''))}\n",
        table("Key", "Holds", "Left out", "Meaning") + rows,
        *([MEANINGS[title]] if title in MEANINGS else ()),
    ]


def plain(text: str) -> str:
    """A docstring as Markdown."""
    return re.sub(r"\s+", " ", text.replace("``", "`")).strip()


def default(told: Schema) -> str:
    """What holds when a key is left out."""
    held = told.get("default")
    if isinstance(held, dict) and held:
        return "its own defaults"
    return "–" if held is None or held in ([], {}, "") else f"`{json.dumps(held)}`"


def kind(told: Schema) -> str:
    """What a key may hold, in words."""
    if "$ref" in told:
        name = told["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for key in ("anyOf", "oneOf"):
        if key in told:
            return " or ".join(dict.fromkeys(kind(one) for one in told[key] if one.get("type") != "null"))
    if "const" in told or "enum" in told:
        return ", ".join(f"`{value}`" for value in told.get("enum", [told.get("const")]))
    simple = {"string": text_of, "number": number, "integer": number, "array": several, "object": mapping}
    return (
        simple[told["type"]](told)
        if told.get("type") in simple
        else {"boolean": "yes or no"}.get(told.get("type", ""), "anything")
    )


def text_of(told: Schema) -> str:
    """A text, by its pattern."""
    if told.get("format") == "date":
        return "date"
    return PATTERNS.get(told.get("pattern", ""), "text")


def number(told: Schema) -> str:
    """A number and its limits."""
    if "ge" in told:
        return "level"
    low, high = told.get("minimum"), told.get("maximum")
    limits = [f"≥ {low:,g}"] if low is not None and low > -1e9 else []
    limits += [f"> {told['exclusiveMinimum']:,g}"] if "exclusiveMinimum" in told else []
    limits += [f"≤ {high:,g}"] if high is not None and high < 1e9 else []
    return " ".join(["whole number" if told["type"] == "integer" else "number", ", ".join(limits)]).strip()


def several(told: Schema) -> str:
    """A list."""
    if "prefixItems" in told:
        return "list of " + ", ".join(kind(one) for one in told["prefixItems"])
    return f"list of {kind(told.get('items', {}))}"


def mapping(told: Schema) -> str:
    """A mapping, by what it leads to."""
    held = [*told.get("patternProperties", {}).values(), told.get("additionalProperties")]
    inner = [kind(one) for one in held if isinstance(one, Mapping)]
    return f"mapping to {inner[0]}" if inner else "mapping"


# -- catalogues --------------------------------------------------------------------------------------------------------


def models() -> list[dict[str, Any]]:
    """What ``catalogue NAME --json`` prints, of each that ships."""
    return [json.loads(model_json(held)) for held in catalogues()]


def shelf() -> str:
    """The list of catalogues."""
    rows = "".join(
        row(
            f"[`{held['name']}`]({held['name']}.md)",
            held["title"],
            held.get("version", ""),
            len(held["practices"]),
            len(held["steps"]),
            len(held["threats"]),
        )
        for held in models()
    )
    return (
        "# The catalogues that ship\n\n"
        "A scenario names one of them with `catalogue:`. `stepladder catalogue NAME` prints the same in a terminal,\n"
        "`--json` for programs, and `--csv` the default cost of every step. A catalogue of your own is a file; its keys"
        "\nare [here](../files/catalogue.md).\n\n"
        + table("Name", "Model", "Version", "Practices", "Steps", "Threat types")
        + rows
        + "\n## Whose they are\n\n"
        "Structure and codes are the publishers', and none of them has looked at what is here. What of a file is this\n"
        "project's own, such as every cost and every effect, is said at its head and has this project's licence.\n\n"
        + "".join(f"- **{held['title']}.** {held.get('source') or ''}\n" for held in models())
    )


def catalogue_page(held: dict[str, Any]) -> str:
    """One catalogue: groups with their practices, scales, roles, threat types, profiles."""
    parts = [
        f"# {held['title']}\n",
        f"`catalogue: {held['name']}`, version {held.get('version', '–')}. {held.get('description') or ''}\n",
        f"Source: {held.get('source') or '–'}\n",
        f"*{held.get('illustrative') or 'Figures are those of the source.'}*\n",
        "## Practices, by group\n",
        practices(held),
        "## Scales and levels\n",
        scales(held),
        "## Roles\n",
        "Whose time steps take: " + ", ".join(f"`{role}`" for role in held["roles"]) + ".\n",
        "## Threat types\n",
        threat_types(held),
        "## Profiles\n",
        *profiles(held),
        "## Prerequisites\n",
        f"{len(held['prerequisites'])} in all; advice is reported when a plan breaks it, and is no rule.\n",
        table("Step", "Needs", "", "Why")
        + "".join(
            row(f"`{one['step']}`", f"`{one['needs']}`", "advice" if one.get("soft") else "", one["why"])
            for one in held["prerequisites"]
        ),
    ]
    return "\n".join(parts)


def threat_types(held: dict[str, Any]) -> str:
    """Every kind of threat with what helps against it."""
    if not held["threats"]:
        return "None: a scenario's threats say by themselves what reduces them, and `importance` does without.\n"
    return table("Type", "What happens", "Practices that help") + "".join(
        row(
            f"`{one['id']}`",
            f"**{one['title']}.** {one.get('description') or ''}",
            ", ".join(f"`{name}`" for name in one["reduced_by"]),
        )
        for one in held["threats"]
    )


def called(one: dict[str, Any]) -> str:
    """A title, with the model's own code before it."""
    return f"{one['ref']} {one['title']}" if one.get("ref") else str(one["title"])


def practices(held: dict[str, Any]) -> str:
    """Groups, nested, and the practices in each."""
    known = {one["id"]: one for one in held["practices"]}

    def lines(groups: list[dict[str, Any]], depth: int) -> Iterator[str]:
        for group in groups:
            yield row(f"{'↳ ' * depth}**{called(group)}**", f"`{group['id']}`", group.get("description") or "")
            for name in group["practices"]:
                one = known[name]
                yield row(f"{'↳ ' * (depth + 1)}{called(one)}", f"`{name}`", one.get("description") or "")
            yield from lines(group["groups"], depth + 1)

    return table("Group or practice", "Id", "What it is for") + "".join(lines(held["groups"], 0))


def scales(held: dict[str, Any]) -> str:
    """Every scale with its levels."""
    return "\n".join(
        f"**{scale['title']}** (`{scale['id']}`): {scale.get('description') or ''}\n\n"
        + table("Level", "Name", "Meaning")
        + "".join(row(one["level"], called(one), one.get("description") or "") for one in scale["levels"])
        for scale in held["scales"]
    )


def profiles(held: dict[str, Any]) -> Iterator[str]:
    """Every stored target."""
    for one in held["profiles"]:
        yield f"**{one['title']}** (`profile: {one['id']}`). {one.get('description') or ''}\n"
        wanted: dict[str, list[str]] = {}
        for name, levels in one["levels"].items():
            wanted.setdefault(spoken(levels), []).append(f"`{name}`")
        yield table("Levels", "Practices and groups") + "".join(
            row(levels, ", ".join(names)) for levels, names in wanted.items()
        )
    if not held["profiles"]:
        yield "None.\n"


def spoken(levels: dict[str, int] | int) -> str:
    """Levels by scale, or the one level where a practice has one scale."""
    return str(levels) if isinstance(levels, int) else ", ".join(f"{name} {levels[name]}" for name in sorted(levels))


# -- rules and the house -----------------------------------------------------------------------------------------------


def rules() -> str:
    """What the verifier checks, and the reasons that it knows."""
    return (
        table("Rule", "What must hold")
        + "".join(row(f"`{name}`", told) for name, told in RULES.items())
        + "\n"
        + table("Why a step is left out", "What that states")
        + "".join(row(f"`{name}`", told) for name, told in REASONS.items())
    )


def house() -> str:
    """The drawing of the rooms."""
    sys.path.insert(0, str(FOLDER))
    try:
        from house import drawing
    finally:
        sys.path.pop(0)
    return drawing()


def write() -> None:
    """Bring every generated file up to date."""
    for name, text in pages().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
