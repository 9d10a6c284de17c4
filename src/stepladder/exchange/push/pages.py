"""Lists that come in pages, with an end whatever the tracker says."""

from __future__ import annotations

from stepladder.exchange.push.faults import Foreign
from stepladder.exchange.push.web import Web

#: Pages without anything on them that are borne in a row, though more is said to follow.
EMPTY = 3


class Pages:
    """Counts the pages of one list.

    Parameters
    ----------
    web
        The host.
    what
        What is listed.
    """

    def __init__(self, web: Web, what: str) -> None:
        self.web, self.what = web, what
        self.begun = web.received
        self.known: set[str] = set()
        self.empty = 0

    def turn(self, key: str, entries: int) -> None:
        """One more page has come, and more are said to follow.

        Parameters
        ----------
        key
            Where the next page begins, or what tells this one from the others.
        entries
            How much is on it.

        Raises
        ------
        Foreign
            When the list goes in a circle, says nothing, or is longer than may be.
        """
        limits = self.web.limits
        self.empty = 0 if entries else self.empty + 1
        if key in self.known:
            raise self._endless("gives the same page again and again")
        if self.empty >= EMPTY:
            raise self._endless("says that there are more, and sends empty pages")
        self.known.add(key)
        if len(self.known) >= limits.pages:
            raise self._endless(f"does not come to an end after {limits.pages:,} pages")
        if self.web.received - self.begun > limits.listed:
            raise self._endless(f"does not come to an end after {limits.listed >> 20:,} MB")

    def most(self, total: int, page: int) -> None:
        """As many entries are said to come, so many on a page.

        Raises
        ------
        Foreign
            When nobody has so many.
        """
        if total > self.web.limits.pages * page:
            raise self._endless(
                f"says that there are {total:,}, which is more than is read here ({self.web.limits.pages * page:,})"
            )

    def _endless(self, why: str) -> Foreign:
        return Foreign(f"{self.web.host}: the list of {self.what} {why}")
