"""The address of a tracker: what may be one, what is never repeated of one that may not, and whether a proxy stands
on the way to it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx

from stepladder.errors import UsageError

_DEFAULT = {"http": 80, "https": 443}
#: Where the trackers are that have one address for all.
HOMES = {"azure": "https://dev.azure.com", "github": "https://api.github.com"}


def checked(address: str) -> str:
    """The address as it is written of all that lead to one place: scheme and host in small letters, without a port that
    the scheme has anyway, without a slash at its end.

    Raises
    ------
    UsageError
        When it is none, would send the token in clear, or carries login data or a query, which are not repeated.
    """
    if "@" in address:
        raise UsageError(
            "the address has login data in it, before an @; leave them away, and set the token in the environment. They"
            " are not repeated here"
        )
    if "?" in address or "#" in address:
        raise UsageError(
            "the address has a ? or a # in it; give only https://, the host and, if there is one, the folder. It is not"
            " repeated here"
        )
    try:
        parts = urlsplit(address)
        well = (
            parts.scheme in _DEFAULT
            and parts.hostname
            and parts.port != 0
            and not re.search(r"[\s\\\x00-\x1f\x7f]", address)
        )
        httpx.URL(address)
    except (ValueError, httpx.InvalidURL):
        well = False
    if not well or any(part in (".", "..") for part in parts.path.split("/")):
        raise UsageError(f"{address!r} is no address of a tracker; write it as https://tracker.example")
    if parts.scheme == "http" and not loopback(parts.hostname or ""):
        raise UsageError(f"{address} is not encrypted, and would show the token to whoever listens; use https")
    return normal(parts)


def normal(parts: SplitResult) -> str:
    """One way to write an address without login data, query and fragment."""
    host = (parts.hostname or "").lower()
    port = "" if parts.port in (None, _DEFAULT.get(parts.scheme)) else f":{parts.port}"
    path = "/".join(part for part in parts.path.split("/") if part)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{f'/{path}' if path else ''}"


def same_place(one: str, other: str) -> bool:
    """Whether two addresses, as people write them, lead to one place."""
    try:
        return normal(urlsplit(one)) == normal(urlsplit(other))
    except ValueError:
        return False


def loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # An IPv4 address inside an IPv6 one is this machine's in the eyes of some Pythons only: it is refused by all.
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one scheme, host and port, and neither has login data in it."""
    try:
        return _origin(urlsplit(one)) == _origin(urlsplit(other))
    except ValueError:
        return False


def below(base: str, address: str) -> bool:
    """Whether an address is of the same host and below the same folder."""
    path = urlsplit(address).path
    if not same_host(base, address) or re.search(r"(^|/)(\.|%2e){1,2}(/|$)", path, re.IGNORECASE):
        return False
    return f"{path}/".startswith(f"{urlsplit(base).path.rstrip('/')}/")


def _origin(parts: SplitResult) -> tuple[str, str, int | None, bool]:
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT.get(parts.scheme), "@" in parts.netloc


@dataclass(frozen=True)
class Proxy:
    """A proxy on the way to a tracker.

    Attributes
    ----------
    url
        Its address, with its login data if it has any.
    shown
        The same without them.
    variable
        The environment variable that names it.
    """

    url: str
    shown: str
    variable: str


def proxy_for(address: str, environment: Mapping[str, str]) -> Proxy | None:
    """The environment's proxy, for https only and never for this machine: over http it would read the token.

    Raises
    ------
    UsageError
        When it names one that cannot be used.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or loopback(host):
        return None
    names = [name for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY") if environment.get(name)]
    excepted = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if not names or _excepted(host, parts.port or _DEFAULT["https"], excepted):
        return None
    value = environment[names[0]].strip()
    url = value if "://" in value else f"http://{value}"
    try:
        there = urlsplit(url)
        shown = f"{there.scheme}://{there.hostname}{f':{there.port}' if there.port else ''}"
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        raise UsageError(
            f"{names[0]} does not hold the address of a proxy; write it as http://proxy.example:3128. It is not"
            " repeated here"
        ) from None
    if there.scheme not in _DEFAULT or not there.hostname:
        raise UsageError(f"{names[0]} names a proxy that is neither http nor https; only these are known here")
    return Proxy(url, shown, names[0])


def _excepted(host: str, port: int, names: str) -> bool:
    """Whether ``no_proxy`` names a host: itself, a domain that it is in, or * for every one; with a port only at
    that port.
    """
    for name in (part.strip().lower() for part in names.split(",")):
        place, _, number = (
            name.rpartition(":") if name.rpartition(":")[2].isdigit() and name.count(":") == 1 else (name, "", "")
        )
        domain = place.removeprefix("*").removeprefix(".")
        if number and int(number) != port:
            continue
        if name == "*" or (domain and (host == domain or host.endswith(f".{domain}"))):
            return True
    return False
