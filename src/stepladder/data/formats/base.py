"""What all our file formats share: strict, frozen records and the few kinds of value they hold."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

#: Larger amounts are typing errors, and below this every amount is exact in a double to a hundredth.
LARGEST = 1e13

#: What remains of a loss is kept to twelve decimals, so that no share takes more off it.
NEARLY_ALL = 0.999999999999

ID = r"[a-z][a-z0-9_]*"
#: ``system/`` is optional; the rest is dotted: practice, scale, level.
STEP_ID = r"^([a-z][a-z0-9_.-]*/)?[a-z][a-z0-9_.-]*$"

#: What a terminal, a CSV importer or a bidirectional renderer would act on instead of show.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Counts:
    """Stands beside a number's type and says what it counts: ``money``, in the file's currency, or ``days`` of work.

    How finely an amount may be written depends on the currency, so that ``amounts`` looks at it once the whole file is
    read.
    """

    what: Literal["money", "days"]


#: What stands beside a number to say of which currency it is.
_BESIDE = re.compile(r"^\s*(?:[A-Z]{3}|[€$£¥])?\s*|\s*(?:[A-Z]{3}|[€$£¥])?\s*$")


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


def _level(key: Any) -> Any:
    """JSON knows only text as a key, so a level arrives as ``"3"``."""
    return int(key) if isinstance(key, str) and re.fullmatch(r"\d{1,3}", key) else key


def meant(text: str) -> str:
    """The number that a text seems to be, as it is written here: nothing between thousands, a dot before decimals.
    Empty where it is none.
    """
    bare = re.sub("[\\s'\u2019_]", "", _BESIDE.sub("", text))
    if not re.fullmatch(r"[-+]?\d[\d.,]*", bare):
        return ""
    last = max(bare.rfind("."), bare.rfind(","))
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+)", bare):
        return re.sub("[.,]", "", bare)
    if last >= 0 and bare.count(bare[last]) > 1:
        return ""
    return bare if last < 0 else re.sub("[.,]", "", bare[:last]) + "." + bare[last + 1 :]


def share_of(value: Any, *, whole: bool = False) -> Any:
    """``"25%"`` and ``0.25`` are the same share; with ``whole``, all of it is one too."""
    share = value
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", value)
        if not match:
            raise ValueError(
                f"{value!r} is not a share; write"
                f" {_shares(float(meant(value.rstrip(' %')) or 25), percent='%' in value)}"
            )
        share = round(float(match[1]) / 100, 12)
    if isinstance(share, int | float) and not isinstance(share, bool) and 1 > share > NEARLY_ALL:
        raise ValueError(
            f"{value} is so near to the whole that next to nothing would be left; write at most {NEARLY_ALL}"
        )
    if isinstance(share, int | float) and not isinstance(share, bool) and share >= 1 and not (whole and share == 1):
        remedy = f": write {_shares(value)}" if share is value and value < 100 else ""
        most = "at most" if whole else "less than"
        raise ValueError(
            f"{value if isinstance(value, str) else f'{value:g}'} is too large; it must be {most} 1{remedy}"
        )
    return share


def _shares(number: float, *, percent: bool = False) -> str:
    """The two ways to write a share that was written as this number, of a hundred or of one."""
    of_hundred = number if percent or number >= 1 else number * 100
    return f"{of_hundred:.12g}% or {of_hundred / 100:.12g}" if 0 <= of_hundred < 100 else "25% or 0.25"


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    return value


def too_much(what: str, amount: float | Decimal, remedy: str) -> str | None:
    """What is wrong with a sum or product of amounts that are each as they may be; None where it may be too."""
    if amount <= LARGEST:
        return None
    return f"{what} {amount:,.0f}, more than {LARGEST:,.0f}, the largest amount that can be planned; {remedy}"


Text = Annotated[str, AfterValidator(_printable), Field(max_length=4000)]
Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=100)]
#: As long as a system, a practice, a scale and a level together may be.
StepId = Annotated[str, Field(pattern=STEP_ID, max_length=310)]
Level = Annotated[int, BeforeValidator(_level), Field(ge=0, le=100)]
#: A period, or a number of them.
Index = Annotated[int, Field(ge=0, le=100_000)]
Amount = Annotated[float, Field(ge=0, le=LARGEST), AfterValidator(_finite)]
Money = Annotated[float, Field(ge=0, le=LARGEST), AfterValidator(_finite), Counts("money")]
Days = Annotated[float, Field(ge=0, le=LARGEST), AfterValidator(_finite), Counts("days")]
Signed = Annotated[float, Field(ge=-LARGEST, le=LARGEST), AfterValidator(_finite)]
SignedMoney = Annotated[float, Field(ge=-LARGEST, le=LARGEST), AfterValidator(_finite), Counts("money")]
Share = Annotated[
    float,
    BeforeValidator(share_of),
    Field(ge=0, lt=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
                {"type": "string", "pattern": r"^\d{1,3}(\.\d+)? ?%$"},
            ]
        }
    ),
]


def nearest(name: object, known: object) -> str | None:
    """The valid name that is nearest to another, if one is near."""
    from difflib import get_close_matches

    names = _sorted(known)
    near = get_close_matches(str(name), [other for other in names if other != str(name)], n=1, cutoff=0.6)
    return near[0] if near else None


def _sorted(known: object) -> list[str]:
    return sorted(map(str, known)) if isinstance(known, (set, frozenset, dict, Counter, list, tuple)) else []


def unknown(kind: str, name: object, known: object) -> str:
    """``unknown step 'edr'; did you mean 'xdr'?`` with the nearest valid name, if one is near."""
    shown = repr(str(name) if len(str(name)) <= 60 else str(name)[:59] + "…")
    near = nearest(name, known)
    if near is not None:
        return f"unknown {kind} {shown}; did you mean {near!r}?"
    names = _sorted(known)
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return f"unknown {kind} {shown}; known: {listed or 'none'}"
