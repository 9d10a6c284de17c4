"""Which roadmap a plan is a version of."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from stepladder.data.formats.patterns import PLAN_ID

#: Length of an id, and of the checksum in one.
LONGEST, CHECKSUM = 40, 8


def roadmap_id(name: str) -> str:
    """The id of the roadmap whose question has this name, as that of its file without the ending: small letters,
    digits, - and _. Where letters are lost by that, a part of the name's SHA-256 tells it from others.
    """
    plain = unicodedata.normalize("NFKD", name.lower())
    lost = any(char.isalnum() and not char.isascii() for char in plain)
    slug = re.sub(r"[^a-z0-9_]+", "-", plain.encode("ascii", "ignore").decode()).strip("-_")
    if slug and not lost and len(slug) <= LONGEST:
        return slug
    short = slug[: LONGEST - CHECKSUM - 1].strip("-_") or "roadmap"
    return f"{short}-{hashlib.sha256(name.encode()).hexdigest()[:CHECKSUM]}"


def is_id(text: str) -> bool:
    """Whether a roadmap can have this id."""
    return re.fullmatch(PLAN_ID, text) is not None
