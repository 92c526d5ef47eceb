"""P16, the form: no spelling of a URL leads inside, and ordinary addresses pass unchanged."""

from ipaddress import ip_address, ip_network

import pytest

from webhooks.addresses import Forbidden, check_url, is_public, parse_networks

PUBLIC = """
    8.8.8.8 196.200.1.4 172.15.255.255 172.32.0.1 100.63.255.255 223.255.255.255
    2001:4860:4860::8888 2a01:4f8::1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
"""
INSIDE = """
    0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1
    203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::8.8.8.8
    2002:7f00:1:: 2002:808:808::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2001:10::1
    3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 100::1 4000::1
"""


@pytest.mark.parametrize("text", PUBLIC.split())
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", INSIDE.split())
def test_private_reserved_translated_and_metadata_addresses_are_not(text: str) -> None:
    assert not is_public(ip_address(text))


def test_the_operators_own_networks_are_refused_in_every_form() -> None:
    own = parse_networks(("198.41.0.4", "2a01:4f8::/32"))
    assert own == (ip_network("198.41.0.4/32"), ip_network("2a01:4f8::/32"))
    for text in ["198.41.0.4", "::ffff:198.41.0.4", "64:ff9b::198.41.0.4", "2a01:4f8::9"]:
        assert is_public(ip_address(text))
        assert not is_public(ip_address(text), own=own)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/hook", "https://example.com/hook"),
        ("HTTPS://Example.COM:443/Hook", "https://example.com/Hook"),
        ("https://example.com:8443/a?b=c", "https://example.com:8443/a?b=c"),
        ("https://example.com./x", "https://example.com/x"),
        ("https://bücher.example/é?q=ü", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"),
        ("https://مثال.example/", "https://xn--mgbh0fb.example/"),
        ("https://a.example/p%2Fq?sig=a%2Bb+c&x=%20", "https://a.example/p%2Fq?sig=a%2Bb+c&x=%20"),
        ("https://_hooks.my-site.co.ma/", "https://_hooks.my-site.co.ma/"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
        ("https://[2001:4860:4860:0::8888]/x", "https://[2001:4860:4860::8888]/x"),
        ("https://example.com:/x", "https://example.com/x"),
    ],
)
def test_ordinary_urls_pass_and_keep_path_and_query(given: str, used: str) -> None:
    assert str(check_url(given, allow_private=False)) == used


NOT_HTTPS = "The URL must start with https://."
NOT_PUBLIC = "The address in the URL is not public."
ODD_ADDRESS = "An address in the URL must be four decimal numbers."
BAD_NAME = "The host of the URL is not a valid name."
INNER_NAME = "The host of the URL must be a public name."
BAD_CHARACTER = "The URL must not contain spaces, control characters or backslashes."
BAD_PORT = "The port of the URL must be 443 or 8443."
USER = "The URL must not contain a user name or a password."

REFUSED = {
    "http://example.com/": NOT_HTTPS,
    "ftp://example.com/": NOT_HTTPS,
    "//example.com/": NOT_HTTPS,
    "example.com": NOT_HTTPS,
    "javascript:alert(1)": NOT_HTTPS,
    "https://user@example.com/": USER,
    "https://user:pass@example.com/": USER,
    "https://@example.com/": USER,
    "https://example.com#@127.0.0.1/": "The URL must not contain a fragment (#).",
    "https://example.com/#": "The URL must not contain a fragment (#).",
    "https://example.com:80/": BAD_PORT,
    "https://example.com:22/": BAD_PORT,
    "https://example.com:0/": BAD_PORT,
    "https://example.com:99999/": "The URL is not well formed.",
    "https://example.com:４４３/": "The URL is not well formed.",
    "https://exa mple.com/": BAD_CHARACTER,
    " https://example.com/": BAD_CHARACTER,
    "https://example.com/\r\nX-A: b": BAD_CHARACTER,
    "https://example.com\\@127.0.0.1/": BAD_CHARACTER,
    "https://exam\tple.com/": BAD_CHARACTER,
    "": "The URL must have between 1 and 2048 characters.",
    "https://example.com/" + "a" * 2029: "The URL must have between 1 and 2048 characters.",
    "https:///path": BAD_NAME,
    "https://.example.com/": BAD_NAME,
    "https://a..example/": BAD_NAME,
    "https://-a.example/": BAD_NAME,
    "https://" + "a" * 64 + ".example/": BAD_NAME,
    "https://%6c%6f%63%61%6c.example/": BAD_NAME,
    "https://%31%32%37.0.0.1/": ODD_ADDRESS,
    "https://localhost/": INNER_NAME,
    "https://LOCALHOST./": INNER_NAME,
    "https://redis/": INNER_NAME,
    "https://app.localhost/": INNER_NAME,
    "https://printer.local/": INNER_NAME,
    "https://metadata.google.internal/": INNER_NAME,
    "https://ｌｏｃａｌｈｏｓｔ/": INNER_NAME,
    # literal addresses by every spelling
    "https://127.0.0.1/": NOT_PUBLIC,
    "https://127.0.0.1./": NOT_PUBLIC,
    "https://10.1.2.3:8443/": NOT_PUBLIC,
    "https://169.254.169.254/latest/meta-data/": NOT_PUBLIC,
    "https://2130706433/": ODD_ADDRESS,
    "https://017700000001/": ODD_ADDRESS,
    "https://0x7f000001/": ODD_ADDRESS,
    "https://0X7F000001/": ODD_ADDRESS,
    "https://0x7f.0.0.1/": ODD_ADDRESS,
    "https://0177.0.0.1/": ODD_ADDRESS,
    "https://127.1/": ODD_ADDRESS,
    "https://127.0.1/": ODD_ADDRESS,
    "https://0/": ODD_ADDRESS,
    "https://127.0.0.0x1/": ODD_ADDRESS,
    "https://127.0.0.0x/": ODD_ADDRESS,
    "https://127.0.0.01/": ODD_ADDRESS,
    "https://1.2.3.4.5/": ODD_ADDRESS,
    "https://256.0.0.1/": ODD_ADDRESS,
    "https://example.0x1/": ODD_ADDRESS,
    "https://１２７.０.０.１/": NOT_PUBLIC,
    "https://①②⑦.⓪.⓪.①/": NOT_PUBLIC,
    "https://127。0。0。1/": NOT_PUBLIC,
    "https://[::1]/": NOT_PUBLIC,
    "https://[0:0:0:0:0:0:0:1]:8443/": NOT_PUBLIC,
    "https://[::]/": NOT_PUBLIC,
    "https://[::ffff:127.0.0.1]/": NOT_PUBLIC,
    "https://[::ffff:7f00:1]/": NOT_PUBLIC,
    "https://[::127.0.0.1]/": NOT_PUBLIC,
    "https://[64:ff9b::7f00:1]/": NOT_PUBLIC,
    "https://[2002:7f00:1::]/": NOT_PUBLIC,
    "https://[fd00::1]/": NOT_PUBLIC,
    "https://[fe80::1%25eth0]/": "The host of the URL must not contain a zone.",
    "https://[fe80::1%eth0]/": "The host of the URL must not contain a zone.",
    "https://[2001:4860:4860::8888%1]/": "The host of the URL must not contain a zone.",
}


@pytest.mark.parametrize(("url", "sentence"), REFUSED.items(), ids=range(len(REFUSED)))
def test_a_url_that_could_lead_inside_or_astray_is_refused_with_its_reason(url: str, sentence: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        check_url(url, allow_private=False)
    assert str(refusal.value) == sentence


def test_allow_private_opens_http_ports_and_inner_hosts_but_no_odd_spelling() -> None:
    for url in ["http://127.0.0.1:9000/x", "https://localhost:1234/", "http://[::1]:80/", "http://receiver/"]:
        check_url(url, allow_private=True)
    for url in [
        "http://user@127.0.0.1/",
        "http://2130706433/",
        "http://127.1/",
        "ftp://localhost/",
        "http://a:0/",
    ]:
        with pytest.raises(Forbidden):
            check_url(url, allow_private=True)
