"""The header of an XML document and the master data in it (EPCIS 2.0, section 9.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.epcis.xml_content import Content, Path, items, members, ordered, token, uri_text

if TYPE_CHECKING:
    from ledger.epcis.xml_text import Element
    from ledger.epcis.xml_walk import Walk


def _attribute(walk: Walk, element: Element, path: Path) -> object:
    """One attribute of a vocabulary element: its id, and text or elements."""
    walk.refuse_attributes(element, ("id",))
    walk.places[path] = element
    given = element.get("id")
    value: dict[str, object] = {} if given is None else {"id": given.strip()}
    value["attribute"] = walk.structure(element)
    return value


_ELEMENT: Final = Content(
    ordered(("attribute", "attributes", _attribute), ("children", "children", items("id", token))),
    repeating=frozenset({"attribute"}),
    open_attributes=True,
    attributes={"id": uri_text},
)
_VOCABULARY: Final = Content(
    ordered(("VocabularyElementList", "vocabularyElementList", items("VocabularyElement", members(_ELEMENT)))),
    open_attributes=True,
    attributes={"type": uri_text},
)

VOCABULARY_LIST: Final = items("Vocabulary", members(_VOCABULARY))
"""The reader of a list of vocabularies."""

_MASTER_DATA: Final = Content(ordered(("VocabularyList", "vocabularyList", VOCABULARY_LIST)), extensible=False)
_EXTENSION: Final = Content(
    ordered(("EPCISMasterData", "epcisMasterData", members(_MASTER_DATA))), extensible=False, open_attributes=True
)
_SBDH: Final = "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}StandardBusinessDocumentHeader"


def _structure(walk: Walk, element: Element, _: Path) -> object:
    return walk.extension(element)


_HEADER: Final = Content(
    ordered((_SBDH, _SBDH, _structure), ("extension", "extension", members(_EXTENSION))),
    extensible=False,
    open_attributes=True,
)


def header(walk: Walk, element: Element, path: Path) -> object:
    """The header.

    The XML schema wraps its master data into an ``<extension>`` that JSON-LD does not have. A Standard Business
    Document Header, for which JSON-LD has no place of its own, is kept as an extension; its content is not judged here.
    """
    value = walk.members(element, _HEADER, path)
    value.update(cast("dict[str, object]", value.pop("extension", {})))
    if _SBDH in value:
        value[walk.names.name_of(element.find(_SBDH))] = value.pop(_SBDH)
    return value
