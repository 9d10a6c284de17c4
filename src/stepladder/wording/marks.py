"""Text for other programs: each function takes away what its reader would act on instead of show, and nothing else."""

from __future__ import annotations

import re

#: What a spreadsheet takes for a formula, at the beginning of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: No markup, no link, no mention, no issue's number: a word joiner after a mark makes it a plain one.
_MARKDOWN = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "@\u2060",
        "#": "#\u2060",
        "!": "\\!",
        **{mark: "\\" + mark for mark in "\\`*_[]|~$"},
    }
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def markdown(text: str) -> str:
    """One line that Markdown, and trackers that read it, take for nothing else. It must not stand at the beginning
    of a line.
    """
    return re.sub(r"(?<=\bGH-)(?=\d)|(?<=:)(?=//)|(?<=www)(?=\.)", "\u2060", text.translate(_MARKDOWN))


def xml(text: str) -> str:
    """Without the characters that XML cannot hold; the writer escapes the rest."""
    return _NOT_XML.sub("\ufffd", text)


def cell(text: str) -> str:
    """A cell for people's spreadsheets: what looks like a formula is led by an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA) else text


def html(text: str) -> str:
    """For fields that hold HTML."""
    from html import escape

    return escape(text)


def textile(text: str) -> str:
    """One line that Redmine takes for nothing else: no macro, no image, no link to an issue, no markup."""
    quiet = re.sub(r"([#!@*_+^~%\-|\[\]{}<>&])", lambda match: f"&#{ord(match[1])};", text)
    return re.sub(r":(?=//)|(?<=www)\.", lambda match: f"&#{ord(match[0])};", quiet)
