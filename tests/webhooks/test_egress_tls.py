"""TLS on the way to a customer: the certificate of the name is demanded, and the name is told (SNI)."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.stand_ins import receiver
from webhooks.egress import Answer, Egress

NAME = "hooks.example"


def certificate(folder: Path, name: str, *, days: int = 1) -> tuple[Path, Path]:
    """A self-made certificate of `name` and its key, which a context may be told to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return chain, private


def serving(chain: Path, private: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context


def post(port: int, trusted: Path | None) -> Answer:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> Answer:
        tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
        async with Egress(allow_private=True, resolve=resolve, tls=tls) as egress:
            return await egress.post(f"https://{NAME}:{port}/", b"{}", {}, 3.0)

    return asyncio.run(run())


def test_a_trusted_certificate_of_the_name_is_taken_and_the_name_is_told(tmp_path: Path) -> None:
    chain, private = certificate(tmp_path, NAME)
    with receiver.running(tls=serving(chain, private)) as there:
        answer = post(there.port, chain)
    assert (answer.status, answer.error) == (200, None)
    assert there.server_names == [NAME]
    assert there.requests[0].headers["host"] == f"{NAME}:{there.port}"


@pytest.mark.parametrize(
    ("name", "days", "trust", "reason"),
    [
        (NAME, 1, False, "self-signed certificate"),
        (NAME, -1, True, "certificate has expired"),
        ("other.example", 1, True, "Hostname mismatch, certificate is not valid for 'hooks.example'."),
    ],
)
def test_any_other_certificate_is_refused_before_the_request(
    tmp_path: Path, name: str, days: int, trust: bool, reason: str
) -> None:
    chain, private = certificate(tmp_path, name, days=days)
    with receiver.running(tls=serving(chain, private)) as there:
        answer = post(there.port, chain if trust else None)
    assert there.requests == []
    assert (answer.status, answer.error) == (
        None,
        f"The TLS certificate was not accepted: {reason.rstrip('.')}.",
    )


def test_a_receiver_without_tls_is_a_failed_handshake() -> None:
    with receiver.running() as there:
        there.answer(receiver.Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n"))
        answer = post(there.port, None)
    assert answer.status is None
    assert answer.error in {"The TLS handshake failed.", "No connection within 3 seconds."}
