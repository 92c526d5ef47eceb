"""Which addresses our servers may call on a customer's behalf: the form of a URL (`check_url`) and the
network it leads to (`is_public`). Pure rules without a socket; `egress.py` applies them to every
connection."""

import re
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, quote, urlsplit

import idna

Address = IPv4Address | IPv6Address

MAX_URL_CHARACTERS = 2048
PUBLIC_PORTS = frozenset({443, 8443})
DEFAULT_PORTS = {"https": 443, "http": 80}
# Names that a resolver may answer from inside whatever the public DNS says (RFC 6761, RFC 6762, RFC 8375,
# RFC 9476 and the ICANN reservation of .internal).
INSIDE_SUFFIXES = ("localhost", "local", "internal", "home.arpa", "alt")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A last label that a resolver may read as a number makes the whole host an IPv4 address (WHATWG URL, "ends
# in a number").
NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
BAD_CHARACTER = re.compile(r"[\x00-\x20\x7f-\xa0\\]")

# IANA special-purpose registry for IPv4, multicast and reserved space, and Azure's host agent, which sits
# on an address that is public everywhere else.
REFUSED_V4: tuple[IPv4Network, ...] = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "168.63.129.16/32",
        ),
    )
)
# Only 2000::/3 is handed out for global unicast; everything outside it (::1, fc00::/7, fe80::/10, ff00::/8,
# 5f00::/16, 64:ff9b:1::/48, IPv4-compatible ::/96 …) is refused as a whole, and inside it the special
# blocks are.
GLOBAL_V6 = IPv6Network("2000::/3")
REFUSED_V6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
)
# Forms that a correct network translates to the IPv4 address inside: RFC 4291 mapped addresses, and RFC
# 6052 NAT64, which is how an IPv6-only host reaches every IPv4 receiver.
TRANSLATED_V6 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


class Forbidden(ValueError):
    """A customer's URL that is never called. The text is a sentence for that customer."""


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """A checked URL in the only spelling that is used from here on.

    `host` is lower-case ASCII without brackets or a final dot; `literal` is set when it is an address, not
    a name. `path` and `query` are percent-encoded and otherwise as given, because receivers sign and
    compare them.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str
    literal: Address | None

    @property
    def origin(self) -> str:
        """Scheme, host and port: the unit of connection reuse and of a callback endpoint."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def __str__(self) -> str:
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}" + (f"?{self.query}" if self.query else "")


def is_public(address: Address, *, own: tuple[IPv4Network | IPv6Network, ...] = ()) -> bool:
    """Whether an address belongs to the public internet and not to `own`, the operator's own networks.

    Stricter than `ipaddress.is_global`, which calls multicast, 6to4 and NAT64 addresses global: those carry
    an IPv4 address inside, so mapped and NAT64 forms are judged by it, and 6to4, Teredo and compatible
    forms are refused.
    """
    if isinstance(address, IPv6Address):
        if any(address in network for network in TRANSLATED_V6):
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF), own=own)
        allowed = address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)
    else:
        allowed = not any(address in network for network in REFUSED_V4)
    return allowed and not any(address.version == network.version and address in network for network in own)


def parse_networks(words: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The operator's own networks, such as `198.51.100.7` or `2a01:4f8::/32`. Raises ValueError on a bad
    one."""
    return tuple(ip_network(word, strict=False) for word in words)


def check_url(url: str, *, allow_private: bool) -> ParsedUrl:
    """The customer's `url`, parsed, or Forbidden with a sentence.

    Names are not resolved here: that happens at every delivery. With `allow_private` (development and tests
    only) http, any port, short names and addresses that are not public pass too; the other rules hold
    always.
    """
    if not 0 < len(url) <= MAX_URL_CHARACTERS:
        raise Forbidden(f"The URL must have between 1 and {MAX_URL_CHARACTERS} characters.")
    if BAD_CHARACTER.search(url):
        raise Forbidden("The URL must not contain spaces, control characters or backslashes.")
    try:
        parts = urlsplit(url)
        given_port = parts.port
    except ValueError as error:
        raise Forbidden("The URL is not well formed.") from error
    _check_frame(url, parts, allow_private)
    port = DEFAULT_PORTS[parts.scheme] if given_port is None else given_port
    if port == 0 or (port not in PUBLIC_PORTS and not allow_private):
        raise Forbidden("The port of the URL must be 443 or 8443.")
    host, literal = _host(parts, allow_private)
    return ParsedUrl(parts.scheme, host, port, _encoded(parts.path) or "/", _encoded(parts.query), literal)


def _check_frame(url: str, parts: SplitResult, allow_private: bool) -> None:
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise Forbidden("The URL must start with https://.")
    if "@" in parts.netloc:
        raise Forbidden("The URL must not contain a user name or a password.")
    if "#" in url:
        raise Forbidden("The URL must not contain a fragment (#).")


def _encoded(text: str) -> str:
    """Percent-encode what is not ASCII; all else stays as the customer wrote it, escapes included."""
    return text if text.isascii() else quote(text, safe="".join(map(chr, range(0x21, 0x7F))))


def _host(parts: SplitResult, allow_private: bool) -> tuple[str, Address | None]:
    if parts.netloc.startswith("["):
        return _literal_v6(parts.hostname or "", allow_private)
    host = _ascii_name((parts.hostname or "").removesuffix("."))
    labels = host.split(".")
    if NUMERIC_LABEL.fullmatch(labels[-1]):
        return _literal_v4(host, allow_private)
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise Forbidden("The host of the URL is not a valid name.")
    inside = len(labels) == 1 or any(f".{host}".endswith(f".{suffix}") for suffix in INSIDE_SUFFIXES)
    if inside and not allow_private:
        raise Forbidden("The host of the URL must be a public name.")
    return host, None


def _ascii_name(host: str) -> str:
    """The name as the DNS knows it (IDNA 2008 with UTS 46). Digits and dots of other scripts become ASCII
    here, so that an address cannot hide in them."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower().removesuffix(".")
    except idna.IDNAError as error:
        raise Forbidden("The host of the URL is not a valid name.") from error


def _literal_v4(host: str, allow_private: bool) -> tuple[str, Address]:
    try:
        address = IPv4Address(host)  # refuses octal, hexadecimal, short and single-number spellings
    except ValueError as error:
        raise Forbidden("An address in the URL must be four decimal numbers.") from error
    return str(address), _permitted(address, allow_private)


def _literal_v6(host: str, allow_private: bool) -> tuple[str, Address]:
    if "%" in host:
        raise Forbidden("The host of the URL must not contain a zone.")
    try:
        address = ip_address(host)
    except ValueError as error:
        raise Forbidden("The address in the URL is not valid.") from error
    return str(address), _permitted(address, allow_private)


def _permitted(address: Address, allow_private: bool) -> Address:
    if not allow_private and not is_public(address):
        raise Forbidden("The address in the URL is not public.")
    return address
