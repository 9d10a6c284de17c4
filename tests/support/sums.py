"""For mypy: the package adds numbers with fractions up with ``math.fsum``.

From Python 3.12 on ``sum`` adds them in another way than before, so that the same question would come to other bytes.
As ``sum`` has several forms, mypy words what it is told here as it does where none fits: ``incompatible item type
"float"; expected "bool"``.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import FunctionContext, Plugin
from mypy.types import Instance, Type, UnionType, get_proper_type


class Sums(Plugin):
    """Looks at every call of ``sum``."""

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return _sum if fullname == "builtins.sum" else None


def _sum(call: FunctionContext) -> Type:
    if "src/stepladder/" in call.api.path.replace("\\", "/") and _is_float(call.default_return_type):
        call.api.fail("sum of numbers with fractions; use math.fsum, which is the same in every Python", call.context)
    return call.default_return_type


def _is_float(kind: Type) -> bool:
    proper = get_proper_type(kind)
    if isinstance(proper, UnionType):
        return any(map(_is_float, proper.items))
    return isinstance(proper, Instance) and proper.type.fullname == "builtins.float"


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    del version
    return Sums
