"""Addresses and allow-lists: one spelling for each network, so that IPv4, IPv6 and IPv4-mapped IPv6 (RFC 4291
section 2.5.5.2) compare alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from accounts.refusals import Code, Refused

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
MAPPED = IPv6Network("::ffff:0:0/96")
MOST_NETWORKS = 100


def read_address(text: str) -> Address:
    """An address in its plain form: IPv4-mapped ones become IPv4.

    Raises ValueError if it is none.
    """
    address = ip_address(text.strip())
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def read_network(text: str) -> Network:
    """A network or single address in CIDR form; host bits are dropped, IPv4-mapped ones become IPv4.

    Raises ValueError if it is neither.
    """
    network = ip_network(text.strip(), strict=False)
    if isinstance(network, IPv6Network) and network.prefixlen >= 96 and network.subnet_of(MAPPED):
        mapped = network.network_address.ipv4_mapped
        return ip_network(f"{mapped}/{network.prefixlen - 96}")
    return network


def show_network(network: Network) -> str:
    """The form that is stored and shown: a single address without its prefix length."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def normalise(texts: Iterable[object], *, param: str = "ip_whitelist") -> list[str]:
    """An allow-list as it is stored: each entry in its one spelling, once, in the given order.

    Raises `Refused(INVALID_FIELD)` naming the entry that is no address and no CIDR network, or a list over
    100 long."""
    entries = list(texts)
    if len(entries) > MOST_NETWORKS:
        raise Refused(
            Code.INVALID_FIELD, f"An allow-list holds at most {MOST_NETWORKS} networks.", param=param
        )
    shown: dict[str, None] = {}
    for index, text in enumerate(entries):
        try:
            if not isinstance(text, str):
                raise ValueError(text)
            shown[show_network(read_network(text))] = None
        except ValueError:
            sentence = "Each entry is an IPv4 or IPv6 address or a CIDR network, for example 196.200.1.0/24."
            raise Refused(Code.INVALID_FIELD, sentence, param=f"{param}[{index}]") from None
    return list(shown)


def contains(networks: Sequence[Network], address: str) -> bool:
    """Whether an address lies in one of the networks. What is no address lies in none."""
    try:
        read = read_address(address)
    except ValueError:
        return False
    return any(read in network for network in networks)


def within(inner: Network, outer: Sequence[Network]) -> bool:
    """Whether every address of `inner` lies in one network of `outer`."""
    for network in outer:
        if isinstance(inner, IPv4Network) and isinstance(network, IPv4Network) and inner.subnet_of(network):
            return True
        if isinstance(inner, IPv6Network) and isinstance(network, IPv6Network) and inner.subnet_of(network):
            return True
    return False
