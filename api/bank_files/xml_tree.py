"""XML from strangers: a tree of local names, without document types, and bounded."""

from __future__ import annotations

from xml.etree.ElementTree import (
    Element,
    ParseError,
    TreeBuilder,
    XMLParser,
)

from api.bank_files.values import Problems

MOST_ELEMENTS = 1_000_000
DEEPEST = 64


class _Refused(Exception):  # noqa: N818 - it says why reading stopped
    """Something that no statement contains, and an attack may."""


class _Tree(TreeBuilder):
    """Builds elements under their local names, for banks choose prefixes and versions."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.namespace = ""
        self._wanted = wanted
        self._depth = self._count = 0

    def doctype(self, *_: object) -> None:
        """Stop before an entity is declared: they expand without end, or name other files."""
        raise _Refused("a document without a document type")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Open an element, within bounds."""
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise _Refused(f"at most {MOST_ELEMENTS} elements, {DEEPEST} deep")
        namespace, _, name = tag.rpartition("}")
        if name == self._wanted:
            self.namespace = namespace
        return super().start(name, attrs)

    def end(self, tag: str) -> Element:
        """Close an element."""
        self._depth -= 1
        return super().end(tag.rpartition("}")[2])


def read_tree(raw: bytes, wanted: str, namespace: str, problems: Problems) -> Element | None:
    """Find an element of a document, whatever it is wrapped in; None for a problem.

    Its namespace must contain ``namespace``: other messages have elements of the same names.
    """
    tree = _Tree(wanted)
    parser = XMLParser(target=tree)  # noqa: S314 - the same
    try:
        parser.feed(raw)
        root: Element = parser.close()
    except _Refused as refused:
        problems.add("file", f"XML: {refused}")
        return None
    except (ParseError, ValueError, LookupError) as error:
        problems.add("file", f"XML: {error}")
        return None
    found = next(root.iter(wanted), None)
    if found is None or namespace not in tree.namespace:
        problems.add("file", f"XML: a {namespace}001 document is needed")
        return None
    return found
