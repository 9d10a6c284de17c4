"""Sentences in the language of a reader. The source has them in English; every other language is a catalogue of gettext
in ``languages/``, one file each, read as translators write it.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

    from babel import Locale

#: The locale in which text is written now; None outside all of them.
LOCALE: ContextVar[Locale | None] = ContextVar("locale", default=None)
#: The languages of which every sentence is there: a page in two languages is worse than one in English. A test holds
#: that of these none is missing.
COMPLETE: set[str] = {"de"}


def _(message: str, /, **values: object) -> str:
    """A sentence in the reader's language.

    Parameters
    ----------
    message
        In English, with the names of its values in braces. It is a literal, so that it can be collected.
    values
        What stands in their places, as text that is already in the reader's language.
    """
    catalogue = _catalogue()
    return _filled(message if catalogue is None else catalogue.gettext(message), values)


def plural(one: str, many: str, number: float, /, **values: object) -> str:
    """The one sentence or the other, by a number, in the reader's language; see ``_``."""
    # A part of one, and one and a half, are counted like many.
    whole = int(number) if number == int(number) else 2
    catalogue = _catalogue()
    english = one if whole == 1 else many
    return _filled(english if catalogue is None else catalogue.ngettext(one, many, whole), values)


def mark(message: str) -> str:
    """A sentence that is translated where it is used, not where it stands: for tables that are made once."""
    return message


def pair(one: str, many: str) -> tuple[str, str]:
    """One of something and many, translated by ``plural`` where they are used."""
    return one, many


def translated() -> bool:
    """Whether text is in another language than the source's now."""
    return _catalogue() is not None


def _filled(message: str, values: dict[str, object]) -> str:
    return message.format(**values) if values else message


def spoken() -> str:
    """The language that sentences are in now, such as ``en``."""
    locale = LOCALE.get()
    return "en" if locale is None or _catalogue() is None else str(locale.language)


def _catalogue() -> GNUTranslations | None:
    """The sentences of the reader's language; None where they are those of the source."""
    locale = LOCALE.get()
    return read(locale.language) if locale is not None and locale.language in COMPLETE else None


@lru_cache(maxsize=8)
def read(language: str) -> GNUTranslations:
    """The sentences of a language, such as ``de``.

    Raises
    ------
    FileNotFoundError
        When there is no catalogue of it.
    """
    from gettext import GNUTranslations
    from importlib import resources
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (resources.files("stepladder") / "languages" / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
