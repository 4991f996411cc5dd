"""Names across the bindings: an XML element's namespace and local name, and JSON-LD's ``prefix:word``.

The XML binding and the JSON-LD context spell two namespaces differently; :func:`namespace_iri` translates. Prefixes
that XML declares become definitions of the JSON-LD context, at the document or at the event.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.epcis.context import EPCIS_CONTEXT, STANDARD_PREFIXES, STANDARD_TERMS, Context, too_many_prefixes
from ledger.epcis.limits import MOST_PREFIXES
from ledger.epcis.problems import EpcisInvalid
from ledger.epcis.uris import is_uri
from ledger.epcis.vocabulary import GS1_IRI, GS1_IRIS
from ledger.epcis.xml_text import Element, own_text

if TYPE_CHECKING:
    from collections.abc import Mapping

EPCIS: Final = "urn:epcglobal:epcis:xsd:2"
EPCIS_QUERY: Final = "urn:epcglobal:epcis-query:xsd:2"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
OURS: Final = "urn:smartborder:epcis-xml:"
"""The namespace of the attributes by which this project keeps in XML what only JSON-LD can say: see docs/epcis.md."""
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_SILENT: Final = frozenset(
    {
        EPCIS,
        EPCIS_QUERY,
        XSI,
        OURS,
        "urn:epcglobal:epcis-masterdata:xsd:2",
        "urn:epcglobal:xsd:1",
        "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
        "http://www.w3.org/2001/XMLSchema",
        "http://www.w3.org/XML/1998/namespace",
    }
)
"""Namespaces of the XML binding itself: no names of theirs reach JSON-LD unless an extension uses them."""

_MASTER_DATA: Final = STANDARD_PREFIXES["cbvmda"]
_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9.\-]*")


def namespace_iri(namespace: str) -> str:
    """The IRI that JSON-LD uses for an XML namespace."""
    if namespace == _MASTER_DATA.rstrip(":"):
        return _MASTER_DATA
    return GS1_IRI if namespace in GS1_IRIS else namespace


class Names:
    """The prefixes in force at one place of an XML document, and those that its elements add.

    Args:
        outer: the prefixes of the places around it, with their IRIs.
        spoken: the prefixes that no name may have (:func:`spoken_prefixes`).
    """

    def __init__(self, outer: Mapping[str, str], spoken: frozenset[str] = frozenset()) -> None:
        self._outer = outer
        self.spoken = spoken
        self.own: dict[str, str] = {}
        self._prefix_of: dict[str, str] | None = None

    @property
    def all(self) -> Mapping[str, str]:
        """Every prefix in force, with its IRI."""
        return {**self._outer, **self.own}

    def declare(self, element: Element) -> None:
        """Take over what the element declares, as far as a JSON-LD context can hold it."""
        for prefix, namespace in sorted((prefix or "", uri) for prefix, uri in element.nsmap.items()):
            if prefix and namespace not in _SILENT and is_uri(namespace) and self._is_free(prefix):
                iri = namespace_iri(namespace)
                if self._bound(prefix) != iri:
                    self._bind(prefix, iri)

    def name_of(self, element: Element) -> str:
        """The JSON-LD name of an element."""
        return self._name(element.tag, element.prefix, element)

    def name_of_attribute(self, attribute: str, element: Element) -> str:
        """The JSON-LD name of an attribute."""
        return self._name(attribute, None, element)

    def name_in(self, namespace: str, local: str, prefix: str) -> str:
        """The JSON-LD name of a word of a namespace, under the given prefix if that is free."""
        if self._prefix_of is None:
            self._prefix_of = {bound: known for known, bound in reversed(list(self.all.items()))}
        known = self._prefix_of.get(namespace)
        if known is None:
            known = self._fresh(prefix)
            self._bind(known, namespace)
        return f"{known}:{local}"

    def _bind(self, prefix: str, iri: str) -> None:
        if len(self._outer) + len(self.own) >= MOST_PREFIXES:
            raise EpcisInvalid(too_many_prefixes())
        self.own[prefix] = iri
        self._prefix_of = None

    def _name(self, tag: str, prefix: str | None, element: Element) -> str:
        if tag[0] != "{":
            return tag
        namespace, _, local = tag[1:].partition("}")
        iri = namespace_iri(namespace)
        if prefix is not None and self._bound(prefix) == iri:
            return f"{prefix}:{local}"
        wanted = sorted(name for name, uri in element.nsmap.items() if uri == namespace and name)
        return self.name_in(iri, local, prefix or (wanted[0] if wanted else "ext"))

    def _fresh(self, wanted: str) -> str:
        clean = wanted if _PREFIX.fullmatch(wanted) else "ext"
        candidate, count = clean, 1
        while not self._is_free(candidate) or self._bound(candidate) is not None:
            candidate, count = f"{clean}{count}", count + 1
        return candidate

    def _bound(self, prefix: str) -> str | None:
        return self.own.get(prefix) or self._outer.get(prefix)

    def _is_free(self, prefix: str) -> bool:
        return (
            _PREFIX.fullmatch(prefix) is not None
            and prefix not in self.spoken
            and prefix not in STANDARD_PREFIXES
            and prefix not in STANDARD_TERMS
        )


def document_names(root: Element, spoken: frozenset[str]) -> Names:
    """The names in force at the root of a document."""
    names = Names(STANDARD_PREFIXES, spoken)
    names.declare(root)
    return names


def spoken_prefixes(root: Element) -> frozenset[str]:
    """What stands before the colon of the values of a document, where that could be a prefix.

    XML has no compact IRIs in values: ``type="ext:Shock"`` is a URI of the scheme ``ext`` to it, and so it is to the
    event hash. JSON-LD would read it as compact if its context bound ``ext``, so names take other prefixes there.
    """
    values = (value for element in root.iter("*") for value in (own_text(element), *element.attrib.values()))
    parts = (value.partition(":") for value in values)
    return frozenset(head.strip() for head, colon, rest in parts if colon and not rest.startswith("//"))


def context_of(names: Names) -> Context:
    """The JSON-LD context that binds the same prefixes."""
    return Context(MappingProxyType(dict(names.all)), (EPCIS_CONTEXT,))


def document_context(names: Names) -> list[object]:
    """The ``@context`` member of a document that binds the same prefixes."""
    return [EPCIS_CONTEXT, dict(names.own)] if names.own else [EPCIS_CONTEXT]
