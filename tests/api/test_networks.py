"""Allow-lists compare addresses alike however they are spelled."""

from __future__ import annotations

import pytest

from accounts.networks import contains, normalise, read_network, within


def test_networks_get_one_spelling_each() -> None:
    given = [
        "196.200.1.4",
        "10.1.2.3/8",
        "::ffff:192.0.2.7",
        "::ffff:192.0.2.0/120",
        "2001:DB8::/32",
        "196.200.1.4/32",
    ]
    assert normalise(given) == ["196.200.1.4", "10.0.0.0/8", "192.0.2.7", "192.0.2.0/24", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("192.0.2.9", True),
        ("::ffff:192.0.2.9", True),
        ("192.0.3.1", False),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_an_address_is_in_the_list_or_not(address: str, inside: bool) -> None:
    networks = [read_network("192.0.2.0/24"), read_network("2001:db8::/32")]
    assert contains(networks, address) is inside


def test_a_network_lies_within_another_of_its_own_kind() -> None:
    outer = [read_network("10.0.0.0/8")]
    assert within(read_network("10.1.0.0/16"), outer)
    assert not within(read_network("0.0.0.0/0"), outer)
    assert not within(read_network("2001:db8::/32"), outer)
