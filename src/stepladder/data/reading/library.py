"""Where the shipped catalogues and scenarios are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def folder(kind: str) -> Path:
    """The folder ``models`` or ``scenarios``. A wheel carries them inside the package; an editable install has them
    at the root of the checkout.
    """
    inside = _PACKAGE / kind
    return inside if inside.is_dir() else _PACKAGE.parent.parent / kind


def names(kind: str) -> list[str]:
    """Names of the shipped files of a kind, sorted."""
    return sorted(path.stem for path in folder(kind).glob("*.yaml"))


def find(kind: str, name: str, near: Path | None = None) -> Path | None:
    """The file that ``name`` means: a path (relative to ``near``), or the name of a shipped file; None if there is
    none.
    """
    if is_path(name):
        return existing((near or Path()) / name)
    return existing(folder(kind) / f"{name}.yaml")


def is_path(name: str) -> bool:
    """Whether a name is that of a file, not of something shipped."""
    return name.endswith((".yaml", ".yml", ".json")) or "/" in name


def existing(path: Path) -> Path | None:
    """The path when it is a file; None also where no file can have such a name."""
    try:
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None
