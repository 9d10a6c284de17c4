"""The reference is complete, and what of it follows from the code is what the code says now.

After a change that is meant: make golden, and read what changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.reference import generated
from tests.support.shown import NAV, PAGES, ROOT

DOCS = ROOT / "docs"
SCHEMAS = sorted((ROOT / "src/stepladder/schemas").glob("*.schema.json"))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_generated_pages_are_what_the_code_makes_of_them() -> None:
    assert [name for name, text in generated().items() if page(name) != text] == [], "make golden"


def test_there_is_no_catalogue_that_does_not_ship() -> None:
    shipped = {path.stem for path in (ROOT / "models").glob("*.yaml")}
    assert {path.stem for path in (DOCS / "reference/catalogues").glob("*.md")} == shipped | {"index"}
    assert all(f"]({name}.md)" in page("reference/catalogues/index.md") for name in shipped)


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page() -> None:
    assert sorted(PAGES) == sorted(DOCS.rglob("*.md"))
    beside = {str(path.relative_to(ROOT)) for path in (ROOT / "examples").glob("*.md")}
    beside |= {"CONTRIBUTING.md", "CHANGELOG.md", "tests/benchmarks/full.md"}
    assert {name for name in NAV if not (DOCS / name).exists()} == beside
    assert len(NAV) == len(set(NAV))


def test_every_command_is_in_the_reference_with_all_its_options() -> None:
    import typer

    from stepladder.cli.main import app

    text = page("reference/commands.md")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert len(commands) > 20
    for name, command in commands.items():
        # A row of the table, and what it says of itself.
        assert f"| `{name} " in text
        said = text.split(f"\n### {name}\n")[1].split("\n### ")[0]
        for parameter in command.params:
            if parameter.param_type_name == "option" and not parameter.hidden:
                assert all(option in said for option in (*parameter.opts, *parameter.secondary_opts)), name


def test_every_exit_code_is_in_the_reference() -> None:
    from stepladder.cli.guard import INTERRUPTED
    from stepladder.errors import StepladderError

    text = page("reference/exit_codes.md")
    every: list[type[StepladderError]] = [StepladderError, *StepladderError.__subclasses__()]
    kinds = [kind for kind in every if kind.__module__ == "stepladder.errors"]
    assert len(kinds) == 7
    for code in (0, INTERRUPTED, *(kind.exit_code for kind in kinds)):
        assert re.search(rf"^\| {code} \| \S", text, re.MULTILINE), code


def keys(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every key of a format with the record that it is in."""
    for key in schema["properties"]:
        yield "The file", key
    for title, record in schema.get("$defs", {}).items():
        for key in record.get("properties", {}):
            yield title, key


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name.partition(".")[0])
def test_every_key_of_every_file_is_in_the_reference(path: Path) -> None:
    text = page(f"reference/files/{path.name.partition('.')[0]}.md")
    found = list(keys(json.loads(path.read_text(encoding="utf-8"))))
    assert len(found) > 2
    for title, key in found:
        section = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
        row = re.search(rf"^\| `{key}` \| .+ \| .+ \| (.+) \|$", section, re.MULTILINE)
        assert row, (title, key)
        assert row[1].strip(), (title, key)


def test_every_public_function_and_error_is_in_the_reference() -> None:
    import stepladder

    text = page("reference/api.md")
    for name in vars(stepladder)["__all__"]:
        home = "errors" if name[0].isupper() else "api"
        assert name == "__version__" or f"::: stepladder.{home}.{name}\n" in text, name


def test_every_record_that_a_function_returns_is_in_the_reference() -> None:
    text = page("reference/api.md")
    # What is text is described by Python.
    returned = {
        name
        for path in (ROOT / "src/stepladder/api").glob("*.py")
        for name in re.findall(r"Answer\[([A-Z]\w+)\]:$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(returned) > 10
    assert {name for name in returned if not re.search(rf"^::: stepladder\.\S+\.{name}$", text, re.MULTILINE)} == set()


def test_every_rule_that_is_verified_is_in_the_reference() -> None:
    from stepladder.data.formats.plan import REASONS
    from stepladder.solution.verify import RULES

    text = page("reference/verify.md")
    assert all(f"| `{name}` | " in text for name in [*RULES, *REASONS])


def test_catalogues_are_named_with_every_id_that_a_scenario_may_write() -> None:
    from stepladder.output.model_data import model_json
    from stepladder.workflow.catalogue import catalogues

    for held in map(json.loads, map(model_json, catalogues())):
        text = page(f"reference/catalogues/{held['name']}.md")
        for kind in ("scales", "practices", "threats", "profiles"):
            assert all(f"`{one['id']}`" in text or f"profile: {one['id']}`" in text for one in held[kind]), kind
        assert all(f"`{role}`" in text for role in held["roles"])
        assert all(level["title"] in text for scale in held["scales"] for level in scale["levels"])


def test_nothing_in_the_pages_is_fetched_from_anywhere() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in settings
    assert "://" not in settings
    for path in DOCS.rglob("*"):
        if path.suffix in (".md", ".css", ".svg"):
            text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
            assert not re.search(r"!\[[^\]]*\]\(https?:|@import|url\(|<script|<img|<iframe", text), path
