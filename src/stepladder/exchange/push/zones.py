"""Time zones, in which the moments of a tracker become days."""

from __future__ import annotations

import difflib
import zoneinfo

from stepladder.errors import UsageError


def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """A time zone by its IANA name; None for the empty one, which is the machine's own zone.

    Raises
    ------
    UsageError
        When there is none of that name; says which are near.
    """
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # A folder of zones, such as Europe, is an OSError.
        near = _near(name)
        advice = f"did you mean {' or '.join(map(repr, near))}?" if near else "write it as Europe/Berlin or UTC"
        raise UsageError(f"unknown time zone {name[:60]!r}; {advice}") from None


def _near(name: str) -> list[str]:
    """At most three: by the city, which is what most people write, then by the whole name."""
    names = sorted(zoneinfo.available_timezones())
    wanted = name.casefold().replace(" ", "_")
    cities: dict[str, str] = {}
    for known in names:
        cities.setdefault(known.rpartition("/")[2].casefold(), known)
    whole = {known.casefold(): known for known in names}
    near = [cities[city] for city in difflib.get_close_matches(wanted.rpartition("/")[2], cities, n=3, cutoff=0.75)]
    near += [whole[other] for other in difflib.get_close_matches(wanted, whole, n=3, cutoff=0.75)]
    return list(dict.fromkeys(near))[:3]
