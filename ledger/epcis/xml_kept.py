"""What XML cannot say, kept in attributes of our own namespace (docs/epcis.md): read, and held against the elements.

``sbl:json`` holds members as JSON text, ``sbl:context`` a JSON-LD context. Who does not know these attributes reads the
elements alone, so the two must not tell different stories: a kept member has to be what the elements are a rendering
of, and a kept context has to bind the declared prefixes as the declarations do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.epcis.json_text import parse_json
from ledger.epcis.limits import DEFAULT_LIMITS
from ledger.epcis.problems import NONE, EpcisInvalid, Problems, problem, under
from ledger.epcis.xml_content import EVENT_CONTENT, EXTENDED_EVENT_CONTENT
from ledger.epcis.xml_event_writing import EventWriter
from ledger.epcis.xml_names import OURS, XSI, Names
from ledger.epcis.xml_output import element as xml_element
from ledger.epcis.xml_text import Element, parse_xml
from ledger.epcis.xml_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.epcis.context import Context
    from ledger.epcis.limits import Limits

OUR_MEMBERS: Final = f"{{{OURS}}}json"
OUR_CONTEXT: Final = f"{{{OURS}}}context"

_FIXED: Final = ("type", "schemaVersion", "creationDate")
"""Members of a document that XML always can say."""

_RULE: Final = "xml.kept"
_MEND: Final = "Remove the attribute: then the elements alone count."


def kept_members(walk: Walk, element: Element, limits: Limits) -> dict[str, object]:
    """The members that an element keeps in its attribute."""
    value = _kept(walk, element, OUR_MEMBERS, limits)
    if value is None or type(value) is dict:
        return value or {}
    walk.report(
        element, problem(_RULE, value, "the attribute that keeps members is no JSON object", _MEND), "/@sbl:json"
    )
    return {}


def kept_context(walk: Walk, element: Element, limits: Limits) -> object:
    """The context that an element keeps in its attribute, or None."""
    return _kept(walk, element, OUR_CONTEXT, limits)


def _kept(walk: Walk, element: Element, attribute: str, limits: Limits) -> object:
    text = element.get(attribute)
    if text is None:
        return None
    try:
        return parse_json(text.encode(), limits)
    except EpcisInvalid as invalid:
        message = f"what the attribute keeps cannot be read: {invalid.message}"
        walk.report(element, problem(_RULE, text, message, _MEND), "/@sbl:" + attribute.rpartition("}")[2])
        return None


def check_kept_context(context: Context, names: Names) -> Problems:
    """Whether a kept context binds every declared prefix as its declaration does."""
    for prefix, iri in names.all.items():
        if context.prefixes.get(prefix) != iri:
            message = f"the kept context gives the prefix {prefix[:40]!r} another meaning than its declaration"
            return problem(_RULE, context.prefixes.get(prefix, ""), message, _MEND)
    return NONE


def check_kept_document(spoken: Mapping[str, object], kept: Mapping[str, object]) -> Problems:
    """Whether the members that a document keeps leave alone what XML can say."""
    problems = NONE
    for name in _FIXED:
        if name in kept and kept[name] != spoken.get(name):
            problems += under(name, _contradiction(name, kept[name]))
    return problems


def check_kept_event(spoken: Mapping[str, object], kept: Mapping[str, object], names: Names) -> Problems:
    """Whether the members that an event keeps are those that its elements render.

    Args:
        spoken: the event as its elements say it.
        kept: the members from its attribute, which are valid as an event's.
        names: the names in force at the event.
    """
    if not kept:
        return NONE
    if "type" in kept:
        return under("type", _contradiction("type", kept["type"]))
    kind = str(spoken["type"])
    prefixes = names.all
    declarations = {"xmlns:xsi": XSI, **{f"xmlns:{prefix}": iri for prefix, iri in prefixes.items()}}
    content = EventWriter(prefixes).content({"type": kind, **kept})
    root = parse_xml(xml_element("event", content, declarations).encode(), DEFAULT_LIMITS)
    model = EVENT_CONTENT.get(kind, EXTENDED_EVENT_CONTENT)
    rendered = Walk(Names(prefixes, names.spoken)).members(root, model, ())
    problems = NONE
    for name, value in kept.items():
        if rendered.get(name) != spoken.get(name):
            problems += under(name, _contradiction(name, value))
    return problems


def _contradiction(name: str, value: object) -> Problems:
    message = f"the kept member {name[:40]!r} says something else than the elements do"
    return problem(_RULE, value, message, _MEND)
