"""A certificate authority of this machine alone, so that phones on the network get a secure context (make run HTTPS=1)."""

import os
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.core.clock import utcnow

CA_DAYS, LEAF_DAYS = 3650, 397


class Files(NamedTuple):
    """Where things lie: the authority's certificate (for phones), the server's certificate and key."""

    authority: Path
    certificate: Path
    key: Path


def prepare(folder: Path, addresses: list[str]) -> Files:
    """Make the authority once, and a fresh server certificate for these names and addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    ca_key_file = folder / "ca.key"
    if not (files.authority.exists() and ca_key_file.exists()):
        _make_authority(files.authority, ca_key_file)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    ca_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{ca_key_file} holds another kind of key")
    key = ec.generate_private_key(ec.SECP256R1())
    _write_key(files.key, key)
    names = [_general(address) for address in addresses]
    leaf = (
        _builder(_name(addresses[0]), authority.subject, key.public_key(), LEAF_DAYS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    files.certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    return files


def _make_authority(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    _write_key(key_file, key)
    name = _name("LinBan local CA")
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    authority = (
        _builder(name, name, key.public_key(), CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(authority.public_bytes(serialization.Encoding.PEM))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
    now = utcnow()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    raw = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
