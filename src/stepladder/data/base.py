"""What all our file formats share: strict, frozen records and the few kinds of value they hold."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

#: Larger amounts are typing errors, and below this a sum of cents stays exact in a double.
LARGEST = 1e13

ID = r"[a-z][a-z0-9_]*"
#: ``system/`` is optional; the rest is dotted: practice, scale, level.
STEP_ID = r"^([a-z][a-z0-9_.-]*/)?[a-z][a-z0-9_.-]*$"

#: What a terminal, a CSV importer or a bidirectional renderer would act on instead of show.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class Record(BaseModel):
    """A strict, frozen mapping: an unknown key is an error, and nothing is converted silently.

    Validators are built when a record is first used, which short commands notice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True, defer_build=True)


def _printable(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("contains control characters; remove them")
    if not text.strip():
        raise ValueError("is empty; write something or leave the key out")
    return text


def _two_decimals(amount: float) -> float:
    if abs(amount * 100 - round(amount * 100)) > 1e-6 * max(1.0, abs(amount) * 1e-6):
        raise ValueError(f"{amount!r} has more than two decimals; money is counted in whole cents")
    return amount


def _level(key: Any) -> Any:
    """JSON knows only text as a key, so a level arrives as ``"3"``."""
    return int(key) if isinstance(key, str) and re.fullmatch(r"\d{1,3}", key) else key


def _share(value: Any) -> Any:
    """``"25%"`` and ``0.25`` are the same share."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", value)
        if not found:
            raise ValueError(f"{value!r} is not a share; write 25% or 0.25")
        return round(float(found[1]) / 100, 12)
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    return value


Text = Annotated[str, AfterValidator(_printable), Field(max_length=4000)]
Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=100)]
StepId = Annotated[str, Field(pattern=STEP_ID, max_length=300)]
Level = Annotated[int, BeforeValidator(_level), Field(ge=0, le=100)]
Amount = Annotated[float, Field(ge=0, le=LARGEST), AfterValidator(_finite)]
Money = Annotated[float, Field(ge=0, le=LARGEST), AfterValidator(_finite), AfterValidator(_two_decimals)]
Signed = Annotated[float, Field(ge=-LARGEST, le=LARGEST), AfterValidator(_finite)]
Share = Annotated[
    float,
    BeforeValidator(_share),
    Field(ge=0, lt=1),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "exclusiveMaximum": 1}, {"type": "string", "pattern": r"^\d{1,3}(\.\d+)? ?%$"}]}),
]
