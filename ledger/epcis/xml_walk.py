"""Walking an XML document: what it holds becomes JSON-LD values, and what does not belong becomes a problem.

An extension's element becomes the text it holds, or an object of its attributes and child elements. Elements of one
name become an array. Where an element has attributes and text as well, the text is the member ``rdf:value`` (the name
that RDF gives to the main value of a structured one).
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from ledger.epcis.limits import MOST_PROBLEMS
from ledger.epcis.problems import Problem, Problems, problem
from ledger.epcis.xml_content import ABSENT, Content, Path, Reader, Wrapped
from ledger.epcis.xml_names import EPCIS, EPCIS_QUERY, OURS, RDF, XSI, Names
from ledger.epcis.xml_text import Element, children, own_text, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BINDING: Final = (f"{{{EPCIS}}}", f"{{{EPCIS_QUERY}}}")
_SILENT_ATTRIBUTES: Final = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation", f"{{{OURS}}}")


class Walk:
    """The walk through one document: the problems met, and where each JSON-LD value came from.

    Args:
        names: the names in force at the root.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.problems: list[Problem] = []
        self.places: dict[Path, Element] = {}

    def report(self, element: Element, problems: Problems, inside: str = "") -> None:
        """Keep problems of an element, at its place."""
        if not problems or len(self.problems) > MOST_PROBLEMS:
            return
        self.problems.extend(replace(each, path=place(element, inside + each.path)) for each in problems)

    def placed(self, problems: Problems) -> Problems:
        """Problems of JSON-LD values, at the elements that these came from."""
        return tuple(self._placed(each) for each in problems)

    def _placed(self, each: Problem) -> Problem:
        segments = each.path.split("/")[1:]
        path: Path = tuple(int(segment) if segment.isdigit() else segment for segment in segments)
        for length in range(len(path), -1, -1):
            element = self.places.get(path[:length])
            if element is not None:
                rest = "".join(f"/{segment}" for segment in segments[length:])
                return replace(each, path=place(element, rest))
        return each

    def text(self, element: Element) -> str:
        """The text of an element that has no attributes and no child elements."""
        self.refuse_attributes(element)
        for child in children(element):
            message = f"<{_short(child.tag)}> stands where only text may stand"
            self.report(child, problem("xml.unknown-element", child.text or "", message, "Remove the element."))
        return own_text(element)

    def refuse_attributes(self, element: Element, known: Iterable[str] = ()) -> None:
        """Report the attributes that have no place at an element, which takes none but those known."""
        for name in element.attrib:
            if name not in known and not name.startswith(_SILENT_ATTRIBUTES):
                message = f"<{_short(element.tag)}> takes no attribute {_short(name)!r}"
                self.report(element, problem("xml.attribute", element.get(name), message, "Remove the attribute."))

    def refuse_text(self, element: Element) -> None:
        """Report text beside the child elements of an element that holds only these."""
        text = own_text(element).strip()
        if text:
            message = f"text stands in <{_short(element.tag)}>, where only elements may stand"
            self.report(element, problem("xml.text", text, message, "Remove the text."))

    def members(self, element: Element, model: Content, path: Path) -> dict[str, object]:
        """The JSON-LD object of an element with members."""
        self.places[path] = element
        self.refuse_text(element)
        found: dict[str, object] = {}
        self._attributes(element, model, found)
        known = [child for child in children(element) if child.tag in model.members]
        self._check_order(element, model)
        extensions = [child for child in children(element) if child.tag not in model.members]
        seen: set[str] = set()
        for child in known:
            _, name, reader = model.members[child.tag]
            if child.tag in model.repeating:
                listed = cast("list[object]", found.setdefault(name, []))
                listed.append(self._value(reader, child, (*path, name, len(listed))))
            elif name in seen:
                message = f"<{_short(child.tag)}> stands twice"
                self.report(child, problem("xml.repeated", child.text or "", message, "Keep one of the two."))
            else:
                value = self._value(reader, child, (*path, name))
                if isinstance(value, Wrapped):
                    extensions.extend(value.elements)
                elif value is not ABSENT:
                    found[name] = value
            seen.add(name)
        self._extend(found, extensions, model)
        return found

    def _check_order(self, element: Element, model: Content) -> None:
        position, extended = -1, False
        for child in children(element):
            known = model.members.get(child.tag)
            if known is None:
                extended = extended or self._is_extension(child, model)
            elif model.floating.get(child.tag) != -1:
                rank = model.floating.get(child.tag, known[0])
                if extended or (rank < position and child.tag not in model.floating):
                    self.report(child, _out_of_order(child.tag, model))
                position = max(position, rank)
        for needing, needed in model.needs:
            if element.find(needing) is not None and element.find(needed) is None:
                message = f"<{needing}> may stand only after <{needed}>"
                self.report(element, problem("xml.order", "", message, f"Add <{needed}>, or remove <{needing}>."))

    def _value(self, reader: Reader, element: Element, path: Path) -> object:
        self.places[path] = element
        return reader(self, element, path)

    def _attributes(self, element: Element, model: Content, found: dict[str, object]) -> None:
        for attribute, text in element.attrib.items():
            if attribute.startswith(_SILENT_ATTRIBUTES):
                continue
            reader = (model.attributes or {}).get(attribute)
            if reader is not None:
                value, problems = reader(text)
                self.report(element, problems, f"/@{attribute}")
                if value is not ABSENT:
                    found[attribute] = value
            elif attribute[0] == "{" and model.open_attributes and not attribute.startswith(f"{{{XSI}}}"):
                found[self.names.name_of_attribute(attribute, element)] = text
            else:
                message = f"<{_short(element.tag)}> takes no attribute {_short(attribute)!r}"
                mend = (
                    "Remove the attribute, or give it a namespace of your own."
                    if model.open_attributes
                    else "Remove the attribute."
                )
                self.report(element, problem("xml.attribute", text, message, mend))

    def _is_extension(self, child: Element, model: Content) -> bool:
        return model.extensible and child.tag[0] == "{" and not child.tag.startswith(_BINDING)

    def _extend(self, found: dict[str, object], extensions: list[Element], model: Content) -> None:
        gathered: dict[str, list[object]] = {}
        for child in extensions:
            if not self._is_extension(child, model):
                self.report(child, _unknown_element(child, model))
                continue
            name = self.names.name_of(child)
            if name in found:
                message = f"{_short(child.tag)} stands as an attribute and as an element"
                self.report(child, problem("xml.repeated", child.text or "", message, "Keep one of the two."))
            gathered.setdefault(name, []).append(self.extension(child))
        found.update({name: values[0] if len(values) == 1 else values for name, values in gathered.items()})

    def extension(self, element: Element) -> object:
        """The JSON-LD value of an extension's element."""
        attributes = {name: text for name, text in element.attrib.items() if not name.startswith(f"{{{OURS}}}")}
        return self.structure(element, attributes)

    def structure(self, element: Element, attributes: Mapping[str, str] = MappingProxyType({})) -> object:
        """The JSON-LD value of what an element holds, together with those of its attributes that are given."""
        inner = children(element)
        text = own_text(element)
        if not inner and not attributes:
            return text
        gathered: dict[str, list[object]] = {}
        for name, value in attributes.items():
            gathered.setdefault(self.names.name_of_attribute(name, element), []).append(value)
        attributed = frozenset(gathered)
        for child in inner:
            name = self.names.name_of(child)
            if name in attributed:
                message = f"{_short(child.tag)} stands as an attribute and as an element"
                self.report(child, problem("xml.extension", child.text or "", message, "Keep one of the two."))
            gathered.setdefault(name, []).append(self.extension(child))
        if text.strip():
            self._add_text(element, inner, gathered, text)
        return {name: values[0] if len(values) == 1 else values for name, values in gathered.items()}

    def _add_text(self, element: Element, inner: list[Element], gathered: dict[str, list[object]], text: str) -> None:
        if inner:
            message = f"text and elements are mixed in <{_short(element.tag)}>, which JSON-LD cannot express"
            self.report(
                element, problem("xml.extension", text.strip(), message, "Put the text into an element of its own.")
            )
            return
        gathered.setdefault(self.names.name_in(RDF, "value", "rdf"), []).append(text)

    def listed(self, element: Element, item: str, reader: Reader, path: Path) -> list[object]:
        """The JSON-LD array of an element that holds elements of one name."""
        self.refuse_attributes(element)
        self.refuse_text(element)
        self.places[path] = element
        values: list[object] = []
        for child in children(element):
            if child.tag != item:
                message = f"<{_short(child.tag)}> stands where only <{item}> may stand"
                self.report(child, problem("xml.unknown-element", child.text or "", message, "Remove the element."))
                continue
            at = (*path, len(values))
            values.append(self._value(reader, child, at))
        return values


def _out_of_order(tag: str, model: Content) -> Problems:
    rank = model.members[tag][0]
    before = next((name for name, (other, _, _) in model.members.items() if other == rank + 1), "")
    message = f"<{tag}> comes too late: the schema fixes the order of elements"
    return problem(
        "xml.order", "", message, f"Move it before <{before}> and any extension." if before else "Move it forward."
    )


def _unknown_element(child: Element, model: Content) -> Problems:
    message = f"the standard has no element <{_short(child.tag)}> here"
    if child.tag[0] != "{":
        message += ", and an extension has a namespace"
    if not model.extensible:
        return problem("xml.unknown-element", child.text or "", message, "Remove it; extensions are not allowed here.")
    return problem("xml.unknown-element", child.text or "", message, "Remove it, or give it a namespace of your own.")


def _short(name: str) -> str:
    """A name without its namespace, for messages."""
    return name.rpartition("}")[2][:64]
