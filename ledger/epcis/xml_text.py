"""XML as other parties send it: parsed without entities, document types or network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types, and its stubs are not kept up to date

from ledger.epcis.problems import EpcisInvalid, Problems, problem

if TYPE_CHECKING:
    from ledger.epcis.limits import Limits

Element = Any
"""An lxml element; comments and processing instructions are not among its children."""

_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_WHITE_SPACE: Final = b" \t\r\n"


def parse_xml(data: bytes, limits: Limits) -> Element:
    """The root element of an XML text.

    Raises:
        EpcisInvalid: if the text is not well-formed, has a document type declaration, or nests too deeply.
    """
    if data.startswith(_UTF_16_MARKS):
        data, encoding = _from_utf_16(data), "utf-8"
    else:
        encoding = None
    if _has_doctype(data):
        raise EpcisInvalid(_doctype())
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        message = f"this is not well-formed XML: {error}"
        raise EpcisInvalid(problem("xml.syntax", "", message, "Correct the text there.")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise EpcisInvalid(_doctype())
    _refuse_depth(root, limits)
    return root


def children(element: Element) -> list[Element]:
    """The child elements, in order."""
    return [child for child in element if isinstance(child.tag, str)]


def own_text(element: Element) -> str:
    """The text of an element that stands outside its child elements."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def collapsed(text: str) -> str:
    """Text as XML Schema's white space facet "collapse" leaves it."""
    return " ".join(text.split())


def place(element: Element, inside: str = "") -> str:
    """Where a problem is: the path of elements, what is meant inside the last one, and the line."""
    path = element.getroottree().getpath(element)
    return f"{path}{inside} (line {element.sourceline})"


def _from_utf_16(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError as error:
        raise EpcisInvalid(problem("xml.syntax", "", "the text is not UTF-16", "Save it as UTF-8.")) from error


def _has_doctype(data: bytes) -> bool:
    """Whether a document type declaration comes before the root element; found before a parser acts on it."""
    position = data.find(b"<")
    while position >= 0:
        if data.startswith(b"<!--", position):
            position = data.find(b"-->", position + 4)
        elif data.startswith(b"<?", position):
            position = data.find(b"?>", position + 2)
        else:
            return data.startswith(b"<!DOCTYPE", position)
        position = data.find(b"<", position) if position >= 0 else position
    return False


def _doctype() -> Problems:
    message = "the document has a document type declaration (DOCTYPE), which can reach files and exhaust memory"
    return problem("xml.doctype", "", message, "Remove the declaration; EPCIS needs none.")


def _refuse_depth(root: Element, limits: Limits) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > limits.depth:
            message = f"the document nests more than {limits.depth} elements"
            raise EpcisInvalid(problem("limit.depth", "", message, "Flatten it."))
        level = [child for element in level for child in element]
