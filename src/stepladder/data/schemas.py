"""JSON Schemas (2020-12) of every file format, for editors and other programs.

They are generated from the records, published beside this package's code in ``schemas/``, and read from there; a test
holds the two together.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from stepladder.data.formats.actuals import Actuals
from stepladder.data.formats.catalogue import Catalogue
from stepladder.data.formats.mapping import TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.scenario import Profiles, Scenario

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
KINDS: dict[str, type[BaseModel]] = {
    "catalogue": Catalogue,
    "scenario": Scenario,
    "profiles": Profiles,
    "problem": Problem,
    "plan": Plan,
    "actuals": Actuals,
    "map": TrackerMap,
}


def published(name: str) -> str:
    """The schema of a format as it is shipped, as JSON text."""
    return (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")


def generate(name: str) -> str:
    """The schema of a format as the code has it, each key with the words that describe it in the code."""
    schema = KINDS[name].model_json_schema(by_alias=True, mode="validation")
    for title, record in _records(KINDS[name]).items():
        described = schema if title == schema["title"] else schema["$defs"][title]
        for field, words in _field_docs(record).items():
            info = record.model_fields[field]
            described["properties"][info.alias or field]["description"] = words
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_strict(schema)}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


#: What pydantic leaves as it is where a validator of ours stands before it, in JSON Schema's words.
_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def _strict(schema: Any, inside: str = "") -> Any:
    """The same as editors are to take it: bounds that they know, no unknown ids in tables by id, paragraphs in one
    line each.
    """
    if isinstance(schema, list):
        return [_strict(item, inside) for item in schema]
    if not isinstance(schema, dict):
        return schema
    # What stands under ``properties`` and the like is called by keys of ours, not by words of JSON Schema.
    named = inside in ("properties", "patternProperties", "$defs")
    strict = {key if named else _BOUNDS.get(key, key): _strict(inner, key) for key, inner in schema.items()}
    if not named and isinstance(strict.get("description"), str):
        strict["description"] = re.sub(r"(?<!\n)\n(?!\n)\s*", " ", strict["description"])
    if not named and "patternProperties" in strict:
        strict.setdefault("additionalProperties", False)
    return strict


def write() -> None:
    """Bring the shipped schemas up to date with the code."""
    FOLDER.mkdir(exist_ok=True)
    for name in KINDS:
        (FOLDER / f"{name}.schema.json").write_text(generate(name), encoding="utf-8")


def _records(top: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """All records that a schema speaks of, by the name that it has there: those that its fields hold, and theirs."""
    records: dict[str, type[BaseModel]] = {}
    queue: list[object] = [top]
    while queue:
        kind = queue.pop()
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            queue += get_args(kind)
        elif kind.__name__ not in records:
            records[kind.__name__] = kind
            queue += [info.annotation for info in kind.model_fields.values()]
    return records


def _field_docs(record: type[BaseModel]) -> dict[str, str]:
    """The text under each field of a record, its own and its parents' (pydantic could read it too, but at every
    start of the program).
    """
    docs: dict[str, str] = {}
    for kind in reversed(record.__mro__):
        if kind is BaseModel or not issubclass(kind, BaseModel) or kind.__module__.startswith("pydantic"):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
        assert isinstance(body, ast.ClassDef)
        for line, below in zip(body.body, body.body[1:], strict=False):
            if (
                isinstance(line, ast.AnnAssign)
                and isinstance(line.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                docs[line.target.id] = inspect.cleandoc(str(below.value.value))
    return docs
