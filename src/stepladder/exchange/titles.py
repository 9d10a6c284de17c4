"""How long a title each reader takes; files and pushes cut at the same place."""

from __future__ import annotations

from stepladder.wording import text

#: In the units in which most readers count (UTF-16).
JIRA = AZURE = GITLAB = REDMINE = PROJECT = 255
GITHUB = 256
CISO_ASSISTANT = 200
#: Names of Redmine's versions, and of GitHub's milestones.
REDMINE_VERSION, GITHUB_MILESTONE = 60, 255


def fitted(title: str, most: int, lead: str = "") -> str:
    """The lead, whole, and the title, as far as both fit into ``most`` units.

    Parameters
    ----------
    title
        Clean text; what stands before its last colon is cut first.
    most
        Length of both together.
    lead
        A mark and what follows it.
    """
    return lead + text.fitted(title, most - length(lead), length)


def length(text: str) -> int:
    """Length as most readers count it: a character beyond the first plane counts twice."""
    return len(text) + sum(char > "\uffff" for char in text)
