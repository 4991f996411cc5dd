"""The JSON-LD context in force: which namespace a prefix stands for, without ever fetching one.

The EPCIS context of the standard is known here by heart; any other remote context is named in
:attr:`Context.remote` and nothing that only it could define can be resolved (JSON-LD 1.1, section 4.1).

>>> context, problems = effective_context(
...     ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"ext": "https://example.com/ext/"}]
... )
>>> context.expand("ext:sealNumber"), problems
('https://example.com/ext/sealNumber', ())
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.epcis.limits import MOST_PREFIXES
from ledger.epcis.problems import NONE, Problems, missing, problem, under
from ledger.epcis.uris import ABSOLUTE_SCHEMES, is_uri

if TYPE_CHECKING:
    from collections.abc import Mapping

EPCIS_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""The address of the standard's context that documents written here name."""

_EPCIS_CONTEXTS: Final = re.compile(
    r"https?://(?:ref\.gs1\.org/standards/epcis/(?:2(?:\.[0-9]+)*/)?|gs1\.github\.io/EPCIS/)epcis-context\.jsonld"
)

EPCIS_IRI: Final = "https://ref.gs1.org/epcis/"

STANDARD_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "epcis": EPCIS_IRI,
        "cbv": "https://ref.gs1.org/cbv/",
        "cbvmda": "urn:epcglobal:cbv:mda:",
        "gs1": "https://gs1.org/voc/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcterms": "http://purl.org/dc/terms/",
    }
)
"""The prefixes that the standard's context binds, and protects against another meaning."""

_EPCIS_TERMS: Final = [
    "AggregationEvent",
    "AssociationEvent",
    "Collection",
    "EPCISDocument",
    "EPCISQueryDocument",
    "ObjectEvent",
    "TransactionEvent",
    "TransformationEvent",
    "action",
    "bizLocation",
    "bizStep",
    "bizTransactionList",
    "certificationInfo",
    "childEPCs",
    "childQuantityList",
    "children",
    "destinationList",
    "disposition",
    "epcClass",
    "epcList",
    "epcisBody",
    "epcisHeader",
    "errorDeclaration",
    "eventList",
    "eventTime",
    "eventTimeZoneOffset",
    "ilmd",
    "inputEPCList",
    "inputQuantityList",
    "instanceIdentifier",
    "masterData",
    "outputEPCList",
    "outputQuantityList",
    "parentID",
    "persistentDisposition",
    "quantity",
    "quantityList",
    "queryName",
    "queryResults",
    "readPoint",
    "receiver",
    "recordTime",
    "resultsBody",
    "sender",
    "sensorElementList",
    "sourceList",
    "subscriptionID",
    "transformationID",
    "uom",
    "vocabularyList",
]

STANDARD_TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {name: EPCIS_IRI + name for name in _EPCIS_TERMS}
    | {
        "id": "@id",
        "type": "@type",
        "eventID": "@id",
        "baseURL": "@base",
        "member": "http://www.w3.org/2000/01/rdf-schema#member",
        "creationDate": "http://purl.org/dc/terms/created",
        "schemaVersion": "http://www.w3.org/2002/07/owl#versionInfo",
    }
)
"""The words that the standard's context defines at the top, and their meaning; protected as the prefixes are."""

_IGNORE_FIELDS: Final = "ignoreFields"
_EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What compact names mean at one place of a document.

    Args:
        prefixes: prefix to namespace IRI: the standard's, the document's and the event's own.
        remote: the addresses of remote contexts that are named, in order; none is ever fetched.
        vocab: the default vocabulary (``@vocab``) for bare words, or None.
        unhashed: the IRIs of the extensions that the document leaves out of the event hash.
    """

    prefixes: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    remote: tuple[str, ...] = ()
    vocab: str | None = None
    unhashed: frozenset[str] = frozenset()

    @property
    def knows_epcis(self) -> bool:
        """Whether the standard's context is among those named."""
        return any(is_epcis_context(address) for address in self.remote)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The remote contexts whose definitions are not known here."""
        return tuple(address for address in self.remote if not is_epcis_context(address))

    def expand(self, term: str) -> str:
        """The IRI that a compact IRI, a bare word or an IRI stands for.

        What has no meaning here comes back as it is: an IRI is its own expansion, and a word that nothing defines
        would be dropped by a JSON-LD processor.
        """
        own = self.prefixes.get(term)
        if own is not None:
            return own
        prefix, colon, rest = term.partition(":")
        if colon:
            namespace = None if rest.startswith("//") else self.prefixes.get(prefix)
            return term if namespace is None else namespace + rest
        if self.knows_epcis and term in STANDARD_TERMS:
            return STANDARD_TERMS[term]
        return term if self.vocab is None else self.vocab + term

    def with_prefixes(self, added: Mapping[str, str]) -> Context:
        """The same context with further prefixes."""
        return replace(self, prefixes=MappingProxyType({**self.prefixes, **added}))

    def with_unhashed(self, members: Mapping[str, object]) -> Context:
        """The same context with the extensions that a document leaves out of the event hash.

        A repository's own marks on events do not belong to what happened. A document names them in an extension member
        ``ignoreFields``, as the published vectors of the event hash have it. The content digest knows no exception.
        """
        listed = [value for name, value in members.items() if name.partition(":")[2] == _IGNORE_FIELDS]
        names = [name for value in listed for name in (value if isinstance(value, list) else [value])]
        found = frozenset(self.expand(name) for name in names if isinstance(name, str))
        return replace(self, unhashed=found) if found else self

    def binds(self, name: str) -> bool:
        """Whether a name with a colon has a meaning: its prefix is bound, or it is an absolute IRI."""
        prefix, _, rest = name.partition(":")
        return prefix in self.prefixes or rest.startswith("//") or prefix.lower() in ABSOLUTE_SCHEMES


EMPTY_CONTEXT: Final = Context()
STANDARD_CONTEXT: Final = Context(STANDARD_PREFIXES, (EPCIS_CONTEXT,))


def is_epcis_context(address: str) -> bool:
    """Whether the address names the EPCIS 2.0 context, in one of the places where GS1 publishes it."""
    return _EPCIS_CONTEXTS.fullmatch(address) is not None


def effective_context(value: object, outer: Context = EMPTY_CONTEXT) -> tuple[Context, Problems]:
    """The context in force after an ``@context`` member, and what is wrong with that member.

    Args:
        value: the member's parsed value: an address, an object of definitions, or a list of these.
        outer: the context in force around it.
    """
    try:
        key = json.dumps(value)
    except TypeError:  # a number that only a decimal holds cannot be part of a context
        return outer, _malformed(value)
    context, problems = _effective_context(key, outer.remote, outer.vocab, tuple(outer.prefixes.items()))
    return (replace(context, unhashed=outer.unhashed) if outer.unhashed else context), problems


@lru_cache(maxsize=256)
def _effective_context(
    key: str, remote: tuple[str, ...], vocab: str | None, prefixes: tuple[tuple[str, str], ...]
) -> tuple[Context, Problems]:
    value = json.loads(key)
    context = Context(MappingProxyType(dict(prefixes)), remote, vocab)
    if not isinstance(value, list):
        return _extended(context, value)
    problems = NONE
    for index, each in enumerate(value):
        context, found = _extended(context, each)
        problems += under(index, found)
        if each in value[:index]:
            message = "the same context stands twice in the list"
            problems += under(index, problem("context.form", each, message, "Name each context once."))
    return context, problems


def _extended(context: Context, value: object) -> tuple[Context, Problems]:
    if isinstance(value, str):
        return _with_remote(context, value)
    if isinstance(value, dict):
        return _with_definitions(context, value)
    return context, _malformed(value)


def too_many_prefixes() -> Problems:
    """The problem of a context, or of namespace declarations, of which nobody can have that many in good faith."""
    message = f"more than {MOST_PREFIXES} prefixes are bound in one place"
    return missing("limit.prefixes", message, "Bind only the prefixes that are used.")


def _malformed(value: object) -> Problems:
    message = "a context is the address of one, an object of definitions, or a list of these"
    return problem("context.form", value, message, f'Write for example ["{EPCIS_CONTEXT}", {{"ext": "https://…/"}}].')


def _with_remote(context: Context, address: str) -> tuple[Context, Problems]:
    if not is_uri(address):
        return context, problem("context.form", address, "the address of a context is a URI", f"Name {EPCIS_CONTEXT}.")
    extended = replace(context, remote=(*context.remote, address))
    if not is_epcis_context(address):
        return extended, NONE
    return replace(extended, prefixes=MappingProxyType({**context.prefixes, **STANDARD_PREFIXES})), NONE


def _with_definitions(context: Context, definitions: dict[str, object]) -> tuple[Context, Problems]:
    if len(definitions) + len(context.prefixes) > MOST_PREFIXES:
        return context, too_many_prefixes()
    problems = NONE
    vocab, remote = context.vocab, context.remote
    raw: dict[str, str] = {}
    for term, definition in definitions.items():
        if term == "@vocab" and (definition is None or isinstance(definition, str)):
            vocab = definition
        elif term == "@import" and isinstance(definition, str):
            remote = (*remote, definition)
        elif not term.startswith("@"):
            iri = _defined_iri(term, definition)
            if iri is None:
                message = f"the context gives {term[:40]!r} no IRI"
                problems += under(term, problem("context.term", definition, message, "Bind it to an absolute IRI."))
                continue
            raw[term] = iri
    prefixes = dict(context.prefixes)
    for term in raw:
        iri = _resolved(term, raw, context)
        found = _check_term(term, iri, context)
        if found:
            problems += under(term, found)
        else:
            prefixes[term] = iri
    return Context(MappingProxyType(prefixes), remote, vocab), problems


def _defined_iri(term: str, definition: object) -> str | None:
    """What a term is bound to; a compact IRI that is given a type only stands for itself."""
    if isinstance(definition, dict):
        definition = definition.get("@id", term if ":" in term else None)
    return definition if isinstance(definition, str) else None


def _resolved(term: str, raw: dict[str, str], context: Context) -> str:
    """Expand a definition that is itself compact; a definition that runs in a circle stays as it is."""
    iri, seen = raw[term], {term}
    while True:
        prefix, colon, rest = iri.partition(":")
        if not colon or rest.startswith("//") or prefix in seen:
            return iri
        namespace = raw.get(prefix, context.prefixes.get(prefix))
        if namespace is None:
            return iri
        seen.add(prefix)
        iri = namespace + rest


def _check_term(term: str, iri: str, context: Context) -> Problems:
    protected = {**STANDARD_TERMS, **STANDARD_PREFIXES} if context.knows_epcis else {}
    if protected.get(term, iri) != iri:
        message = (
            f"the EPCIS context protects {term!r}, which means {protected[term]}: it cannot be given another meaning"
        )
        return problem("context.protected", iri, message, "Choose another word for your own term.")
    if not is_uri(iri) and not iri.startswith("@"):
        return problem(
            "context.term", iri, f"{term[:40]!r} is bound to something that is no IRI", "Bind it to an absolute IRI."
        )
    return NONE
