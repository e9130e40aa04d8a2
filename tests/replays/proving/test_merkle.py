"""Merkle proofs beside the definitions of RFC 6962, section 2.1, written down as they stand there."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replays.proving import merkle
from replays.proving.merkle import Frontier, check_consistency, check_inclusion

LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
LEAVES += [bytes.fromhex("5051525354555657"), bytes(range(0x60, 0x70))]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The leaves on which implementations of Certificate Transparency agree, and the roots of the first n."""
MOST = 200


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"leaf %d" % number).digest()


def leaves(size: int) -> list[bytes]:
    return [leaf(number) for number in range(size)]


def below(size: int) -> int:
    """The largest power of two that is smaller than a size."""
    k = 1
    while 2 * k < size:
        k *= 2
    return k


@cache
def mth(start: int, end: int) -> bytes:
    """MTH(D[start:end])."""
    if start == end:
        return hashlib.sha256(b"").digest()
    if end - start == 1:
        return hashlib.sha256(b"\x00" + leaf(start)).digest()
    k = start + below(end - start)
    return hashlib.sha256(b"\x01" + mth(start, k) + mth(k, end)).digest()


def path(m: int, start: int, end: int) -> list[bytes]:
    """PATH(m, D[start:end]); m is counted from the first leaf of all."""
    if end - start == 1:
        return []
    k = start + below(end - start)
    if m < k:
        return [*path(m, start, k), mth(k, end)]
    return [*path(m, k, end), mth(start, k)]


def proof(m: int, start: int, end: int, *, known: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[start:end], known); with the defaults PROOF(m, D[end])."""
    if m == end:
        return [] if known else [mth(start, end)]
    k = start + below(end - start)
    if m <= k:
        return [*proof(m, start, k, known=known), mth(k, end)]
    return [*proof(m, k, end, known=False), mth(start, k)]


def sides(index: int, size: int) -> list[bool]:
    """On which side each hash of a path stands: all of the size that a path can tell."""
    found, start, end = [], 0, size
    while end - start > 1:
        k = start + below(end - start)
        found.append(index < k)
        start, end = (start, k) if index < k else (k, end)
    return found[::-1]


sizes = st.integers(1, MOST)


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(sizes)
    return draw(st.integers(0, size - 1)), size


@st.composite
def flipped(draw: st.DrawFn, texts: list[bytes]) -> list[bytes]:
    """The same hashes with a bit of one of them changed, or with one too many or too few."""
    how = draw(st.sampled_from(["change", "drop", "add", "swap"] if texts else ["add"]))
    at = draw(st.integers(0, max(0, len(texts) - 1)))
    if how == "drop":
        return texts[:at] + texts[at + 1 :]
    if how == "add":
        return [*texts[:at], draw(st.binary(min_size=32, max_size=32)), *texts[at:]]
    if how == "swap" and len(set(texts)) > 1:
        return [*texts[1:], texts[0]]
    bit = draw(st.integers(0, 255))
    changed = (int.from_bytes(texts[at], "big") ^ 1 << bit).to_bytes(32, "big")
    return [*texts[:at], changed, *texts[at + 1 :]]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_leaves_have_the_known_roots(size: int):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


@given(st.integers(0, MOST))
def test_a_root_is_that_of_the_definition(size: int):
    assert merkle.root(leaves(size)) == mth(0, size)


def test_a_frontier_tells_the_root_of_every_size_on_its_way_and_holds_little():
    tree = Frontier()

    for size in range(MOST + 1):
        assert (tree.size, tree.root()) == (size, mth(0, size))
        assert len(tree.peaks) <= MOST.bit_length()
        tree.push(leaf(size))


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_a_frontier_goes_on_from_its_peaks(old: int, more: int):
    first = Frontier()
    for one in leaves(old):
        first.push(one)
    second = Frontier(old, first.peaks)
    for number in range(old, old + more):
        second.push(leaf(number))

    assert second.root() == mth(0, old + more)


@pytest.mark.parametrize(("size", "peaks"), [(0, 1), (1, 0), (6, 1), (6, 3), (8, 2)])
def test_peaks_that_are_not_those_of_a_size_are_refused(size: int, peaks: int):
    with pytest.raises(ValueError, match="complete parts"):
        Frontier(size, leaves(peaks))


@given(places())
def test_a_path_is_that_of_the_definition_and_leads_to_the_root(place: tuple[int, int]):
    index, size = place
    found = merkle.inclusion(leaves(size), index)

    assert found == path(index, 0, size)
    assert check_inclusion(leaf(index), index, size, found, mth(0, size))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 100])
def test_all_paths_come_of_one_walk(size: int):
    tree = merkle.Paths((index, 1) for index in range(size))
    for one in leaves(size):
        tree.push(one)

    assert tree.close() == mth(0, size)
    assert [tree.path((index, 1)) for index in range(size)] == [
        path(index, 0, size) for index in range(size)
    ]


@given(st.data(), places())
def test_another_path_leaf_or_root_is_refused(data: st.DataObject, place: tuple[int, int]):
    index, size = place
    found, root = path(index, 0, size), mth(0, size)

    assert not check_inclusion(leaf(index), index, size, data.draw(flipped(found)), root)
    assert not check_inclusion(leaf(size), index, size, found, root)
    assert not check_inclusion(leaf(index), index, size, found, mth(0, size + 1))


@given(places(), st.integers(-1, MOST + 1))
def test_another_index_is_refused(place: tuple[int, int], other: int):
    index, size = place

    held = check_inclusion(leaf(index), other, size, path(index, 0, size), mth(0, size))
    assert held == (other == index)


@given(places(), st.integers(0, MOST + 1))
def test_another_size_is_refused_unless_the_path_has_the_same_shape(
    place: tuple[int, int], other: int
):
    index, size = place
    same = index < other and sides(index, other) == sides(index, size)

    held = check_inclusion(leaf(index), index, other, path(index, 0, size), mth(0, size))
    assert held == same


@given(places())
def test_a_proof_of_consistency_is_that_of_the_definition_and_holds(place: tuple[int, int]):
    old, size = place[0] + 1, place[1]
    found = merkle.consistency(leaves(size), old)

    assert found == proof(old, 0, size)
    assert check_consistency((old, size), (mth(0, old), mth(0, size)), found)


@given(st.data(), places())
def test_another_proof_of_consistency_or_another_root_is_refused(
    data: st.DataObject, place: tuple[int, int]
):
    old, size = place[0] + 1, place[1]
    found, roots = proof(old, 0, size), (mth(0, old), mth(0, size))

    assert not check_consistency((old, size), roots, data.draw(flipped(found)))
    assert not check_consistency((old, size), (mth(0, old + 1), roots[1]), found)
    assert not check_consistency((old, size), (roots[0], mth(0, size + 1)), found)


@settings(max_examples=200)
@given(places(), st.integers(-1, MOST + 1))
def test_another_older_size_is_refused(place: tuple[int, int], other: int):
    old, size = place[0] + 1, place[1]

    held = check_consistency((other, size), (mth(0, old), mth(0, size)), proof(old, 0, size))
    assert held == (other == old)


def test_nothing_is_consistent_with_an_older_tree_that_is_larger_or_empty():
    assert not check_consistency((0, 3), (mth(0, 0), mth(0, 3)), [])
    assert not check_consistency((4, 3), (mth(0, 4), mth(0, 3)), [])
    assert not check_consistency((2, 3), (mth(0, 2), mth(0, 3)), [])


@pytest.mark.parametrize("index", [-1, 3, 99])
def test_there_is_no_path_from_a_leaf_that_is_not_there(index: int):
    with pytest.raises(IndexError):
        merkle.inclusion(leaves(3), index)


@pytest.mark.parametrize("old", [-1, 0, 4])
def test_there_is_no_proof_from_an_older_tree_that_is_not_there(old: int):
    with pytest.raises(IndexError):
        merkle.consistency(leaves(3), old)


def test_a_text_that_is_no_digest_is_a_leaf_that_fits_nothing():
    assert merkle.leaf_of("00ff") == b"\x00\xff"
    assert merkle.leaf_of("no digest") == b"no digest"


def test_the_prefix_keeps_leaves_and_nodes_apart():
    left, right = (merkle.leaf_hash(one) for one in leaves(2))

    assert merkle.node_hash(left, right) != merkle.leaf_hash(left + right)
    assert mth(0, 2) == merkle.node_hash(left, right)


def test_nothing_of_the_walk_is_kept_but_the_proofs():
    tree = merkle.Paths([(5, 1)])
    held = []
    for number in range(64):
        tree.push(leaf(number))
        held.append(len(tree.peaks))
    tree.close()

    assert max(held) == 6
    assert len(tree.path((5, 1))) == 6
