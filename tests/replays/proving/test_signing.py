"""Signatures and notes beside the vectors of those who defined them."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from replays.proving import signing
from replays.proving.signing import KeyFileError, Signer
from replays.proving.verifier import ed25519
from replays.proving.verifier.notes import (
    Key,
    TreeHead,
    is_name,
    read_head,
    read_key,
    read_note,
    signers,
)

ABC = hashlib.sha512(b"abc").hexdigest()
RFC_8032 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        ABC,
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
"""Secret key, public key, message and signature of section 7.1."""

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_LINE = "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
"""The example of golang.org/x/mod/sumdb/note, after which the format was written down."""

VERIFIERS = [ed25519.verify, signing.verify]
HEAD = TreeHead("maker.example/log", 7, b"\x07" * 32, "ab" * 32, "2026-03-02T12:00:00.000000Z")


@pytest.fixture
def signer() -> Signer:
    return Signer("maker.example/log", Ed25519PrivateKey.from_private_bytes(b"\x05" * 32))


@pytest.mark.parametrize("verify", VERIFIERS)
@pytest.mark.parametrize("name", RFC_8032)
def test_the_signatures_of_rfc_8032_are_valid_and_those_beside_them_are_not(name: str, verify):
    secret, public, message, signature = map(bytes.fromhex, RFC_8032[name])

    assert Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw() == public
    assert verify(public, message, signature)
    assert not verify(public, message + b"\x00", signature)
    for at in (0, 31, 32, 63):
        changed = bytes(one ^ (place == at) for place, one in enumerate(signature))
        assert not verify(public, message, changed)


@settings(max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_what_the_library_signs_is_valid_without_it(secret: bytes, message: bytes, bit: int):
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)

    assert ed25519.verify(public, message, signature)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not ed25519.verify(public, message, changed)
    assert not signing.verify(public, message, changed)


@pytest.mark.parametrize("verify", VERIFIERS)
def test_a_signature_has_one_form_only(verify):
    _, public, message, signature = map(bytes.fromhex, RFC_8032["TEST 2"])
    scalar = int.from_bytes(signature[32:], "little") + ed25519.ORDER

    assert not verify(public, message, signature[:32] + scalar.to_bytes(32, "little"))
    assert not verify(public, message, signature[:63])
    assert not verify(public, message, signature + b"\x00")
    assert not verify(public[:31], message, signature)


@pytest.mark.parametrize(
    "text",
    [
        (ed25519.P + 1).to_bytes(32, "little"),  # y beyond the field
        (1 << 255 | 1).to_bytes(32, "little"),  # x = 0 with the sign of an odd one
        (2).to_bytes(32, "little"),  # no x belongs to this y
    ],
)
def test_what_is_no_point_is_no_key(text: bytes):
    assert ed25519.decoded(text) is None
    assert not ed25519.verify(text, b"", bytes(64))


def test_the_example_of_the_format_is_read_and_valid():
    key, note = read_key(GO_KEY), read_note(f"{GO_TEXT}\n{GO_LINE}\n")

    assert key.text == GO_KEY
    assert note.text == GO_TEXT
    assert note.written == f"{GO_TEXT}\n{GO_LINE}\n"
    for verify in VERIFIERS:
        assert signers(note, [key], verify) == [key]


def test_a_note_is_signed_and_read_again(signer: Signer):
    note = read_note(signer.sign(HEAD.text).written)

    assert read_head(note.text) == HEAD
    assert signers(note, [signer.key], ed25519.verify) == [signer.key]
    assert HEAD.text == (
        "maker.example/log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
        f"digest {'ab' * 32}\nsigned_at 2026-03-02T12:00:00.000000Z\n"
    )


def test_a_note_without_a_known_signature_has_no_signer(signer: Signer):
    note = signer.sign(HEAD.text)

    assert signers(note, [Key("other", signer.key.public)], signing.verify) == []
    assert signers(note, [Key(signer.key.name, bytes(32))], signing.verify) == []


def test_another_text_under_the_same_signature_is_refused(signer: Signer):
    note = signer.sign(HEAD.text)
    forged = note._replace(text=HEAD._replace(size=8).text)

    for verify in VERIFIERS:
        with pytest.raises(ValueError, match="not valid"):
            signers(forged, [signer.key], verify)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "text\n",
        "text\n\n",
        f"text\n\n{GO_LINE}",
        f"text\n{GO_LINE}\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n\u2014 name\n",
        "text\n\n\u2014 na+me AAAAAAAA\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name !\n",
        f"te\x00xt\n\n{GO_LINE}\n",
    ],
)
def test_what_is_no_note_is_not_read(raw: str):
    with pytest.raises(ValueError):
        read_note(raw)


@pytest.mark.parametrize(
    "text",
    [
        HEAD.text.replace("\n7\n", "\n07\n"),
        HEAD.text.replace("\n7\n", "\n0\n"),
        HEAD.text.replace("\n7\n", "\n-7\n"),
        HEAD.text.replace("BwcH", "Bwc", 1),
        HEAD.text.replace("wc=", "wd="),
        HEAD.text.replace("digest ab", "digest AB"),
        HEAD.text.replace("digest ", "digest  "),
        HEAD.text.replace("signed_at 2026", "signed_at 26"),
        HEAD.text.replace("00Z", "00+00:00"),
        HEAD.text + "more\n",
        HEAD.text.removesuffix("\n"),
        HEAD.text.replace("maker", "ma ker"),
        "",
    ],
)
def test_what_is_no_checkpoint_is_not_read(text: str):
    with pytest.raises(ValueError):
        read_head(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+c74f20a3",
        GO_KEY.replace("c74f", "c74e"),
        GO_KEY.replace("Peter", "Paul"),
        GO_KEY.replace("ARpc", "ABpc"),
        GO_KEY[:-4],
        f" +{'0' * 8}+{base64.b64encode(bytes(33)).decode()}",
    ],
)
def test_what_is_no_verifier_key_is_not_read(text: str):
    with pytest.raises(ValueError):
        read_key(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u3000b", "a\x00"])
def test_a_name_has_no_space_and_no_plus(name: str):
    assert not is_name(name)
    with pytest.raises(ValueError):
        Signer(name, Ed25519PrivateKey.generate())


def test_a_new_key_is_read_from_its_file(tmp_path: Path):
    path = tmp_path / "key.pem"
    path.write_bytes(signing.new_private_key())

    one, other = signing.load(path, "baton"), signing.load(path, "baton")

    assert one.key == other.key
    assert signers(one.sign("text\n"), [read_key(other.key.text)], ed25519.verify) == [one.key]
    assert signing.new_private_key() != path.read_bytes()


def test_what_holds_no_such_key_is_named_with_what_is_wrong(tmp_path: Path):
    wrong = ec.generate_private_key(ec.SECP256R1())
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    locked = Ed25519PrivateKey.generate().private_bytes(
        pem, pkcs8, serialization.BestAvailableEncryption(b"secret")
    )
    files = {
        "other": wrong.private_bytes(pem, pkcs8, serialization.NoEncryption()),
        "locked": locked,
        "text": b"no key",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    for name, said in (
        ("other", "another kind"),
        ("locked", "without a password"),
        ("text", "no private key without"),
        ("missing", "cannot be read"),
    ):
        with pytest.raises(KeyFileError, match=said):
            signing.load(tmp_path / name, "baton")
