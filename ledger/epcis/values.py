"""Checks of single values, and how checks are put together to checks of arrays and objects.

A check takes a parsed value and the context in force, and returns the problems found, with paths relative to the value.
Checks of strings are pure, so their answers are remembered: the same business steps, places and parties come again in
event after event.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from ledger.epcis.context import Context
from ledger.epcis.identifiers import check_identifier
from ledger.epcis.limits import MOST_PROBLEMS
from ledger.epcis.problems import NONE, Problems, missing, problem, under
from ledger.epcis.times import is_offset, is_time
from ledger.epcis.uris import is_uri
from ledger.epcis.vocabulary import ACTIONS, Vocabulary

Check = Callable[[object, Context], Problems]
OtherMember = Callable[[str, object, Context], Problems]
"""What an object does with a member that its definition does not name."""

REMEMBERED: Final = 8_192
"""How many strings each check remembers; a few megabytes at most, because longer ones are not remembered."""
REMEMBERED_CHARACTERS: Final = 256


def remembered(check: Callable[[str], Problems]) -> Check:
    """A check of a string value that remembers its answers for short strings."""
    cached = lru_cache(maxsize=REMEMBERED)(check)

    def checked(value: object, _: Context) -> Problems:
        if type(value) is not str:
            return problem("type.string", value, "a string is expected here", "Write the value as a string in quotes.")
        return cached(value) if len(value) <= REMEMBERED_CHARACTERS else check(value)

    return checked


@remembered
def string(_: str) -> Problems:
    """Any string."""
    return NONE


@remembered
def uri(text: str) -> Problems:
    """A URI with a scheme; where it names a GS1 key, one of the right form."""
    if not is_uri(text):
        message = "this is not a URI: a scheme and a colon have to come first, and some characters need escaping"
        return problem(
            "uri.syntax", text, message, "Write a full URI, for example urn:epc:id:sscc:… or https://id.gs1.org/…."
        )
    return check_identifier(text)


@remembered
def time(text: str) -> Problems:
    """A date and time with its offset."""
    if is_time(text):
        return NONE
    message = "this is not a date and time with Z or an offset, on a day that exists"
    return problem("time.format", text, message, "Write it as 2026-03-01T08:15:00.000+01:00 or 2026-03-01T07:15:00Z.")


@remembered
def offset(text: str) -> Problems:
    """A time zone offset."""
    if is_offset(text):
        return NONE
    message = "this is not a time zone offset of the form +hh:mm or -hh:mm, at most 14:00"
    return problem("time.offset", text, message, "Write it as +01:00; for UTC as +00:00.")


@remembered
def action(text: str) -> Problems:
    """ADD, OBSERVE or DELETE."""
    if text in ACTIONS:
        return NONE
    return problem("event.action", text, "an action is ADD, OBSERVE or DELETE", "Choose one of the three, in capitals.")


@remembered
def event_id(text: str) -> Problems:
    """A UUID or an event hash."""
    if text.startswith(("urn:uuid:", "ni:///")) and is_uri(text):
        return NONE
    message = "an event's identifier is a UUID or an event hash"
    return problem("event.id", text, message, "Write urn:uuid:… or ni:///sha-256;…?ver=CBV2.0, or leave eventID out.")


_UOM: Final = re.compile("[A-Z0-9]{2,3}")
_HEX: Final = re.compile("[A-Fa-f0-9]+")


@remembered
def unit(text: str) -> Problems:
    """A unit of measure for a quantity."""
    if _UOM.fullmatch(text):
        return NONE
    message = "a unit is a code of two or three capitals and digits of UN/CEFACT Recommendation 20"
    return problem("uom.code", text, message, "Write for example KGM for kilograms; leave uom out for a count.")


@remembered
def hexadecimal(text: str) -> Problems:
    """Bytes in hexadecimal digits."""
    if _HEX.fullmatch(text):
        return NONE
    return problem(
        "sensor.hex", text, "only hexadecimal digits may stand here", "Write the digits 0-9 and a-f, without 0x."
    )


def number(value: object, _: Context) -> Problems:
    """A number."""
    kind = type(value)
    if kind is int or kind is float or kind is Decimal:
        return NONE
    return problem("type.number", value, "a number is expected here", "Write the number without quotes.")


def boolean(value: object, _: Context) -> Problems:
    """True or false."""
    if value is True or value is False:
        return NONE
    return problem("type.boolean", value, "true or false is expected here", "Write true or false without quotes.")


_REFUSED_CBV: Final = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_REFUSED_GS1: Final = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")


def term_of(vocabulary: Vocabulary) -> Check:
    """A check for a standard word of the vocabulary, or a URI of one's own."""
    refused = _REFUSED_GS1 if vocabulary.rule.startswith("gs1.") else _REFUSED_CBV
    closed = vocabulary.rule.startswith("cbv.")

    def check(text: str) -> Problems:
        if text in vocabulary.terms:
            return NONE
        if vocabulary.term(text) is not None:
            return _long_form(text) if refused.match(text) else NONE
        if not is_uri(text) or refused.match(text) or (closed and vocabulary.claims(text)):
            return unknown_term(vocabulary, text)
        return NONE

    def _long_form(text: str) -> Problems:
        bare = vocabulary.term(text)
        message = f"in JSON-LD a standard {vocabulary.name} is written as its bare word"
        return problem(vocabulary.rule, text, message, f'Write "{bare}".')

    return remembered(check)


def unknown_term(vocabulary: Vocabulary, text: str) -> Problems:
    """The problem of a word that the vocabulary does not have."""
    nearest = vocabulary.nearest(text)
    mean = f' Did you mean "{nearest}"?' if nearest else ""
    message = f"this is not a standard {vocabulary.name}, and no URI of your own"
    return problem(vocabulary.rule, text, message, f"Take a standard word, or write your own as a full URI.{mean}")


def array(items: Check, *, minimum: int = 0) -> Check:
    """A check for an array with at least ``minimum`` items."""

    def check(value: object, context: Context) -> Problems:
        if type(value) is not list:
            return problem("type.array", value, "an array is expected here", "Write the values between [ and ].")
        problems = NONE
        for index, item in enumerate(value):
            found = items(item, context)
            if found:
                problems += under(index, found)
                if len(problems) > MOST_PROBLEMS:
                    break
        if len(value) < minimum:
            problems += problem(
                "array.empty", value, "this array needs at least one item", "Add an item, or leave the array out."
            )
        return problems

    return check


def unique(items: Check, *, minimum: int = 0) -> Check:
    """A check for an array of strings of which none stands twice."""
    ordinary = array(items, minimum=minimum)

    def check(value: object, context: Context) -> Problems:
        problems = ordinary(value, context)
        if problems or type(value) is not list or len(set(value)) == len(value):
            return problems
        seen: set[str] = set()
        for index, item in enumerate(value):
            if item in seen:
                message = "the same value stands twice in this array"
                problems += under(index, problem("array.unique", item, message, "Leave the repetition out."))
                if len(problems) > MOST_PROBLEMS:
                    break
            seen.add(item)
        return problems

    return check


def either(one: Check, many: Check) -> Check:
    """A check for one value or an array of values."""

    def check(value: object, context: Context) -> Problems:
        return many(value, context) if type(value) is list else one(value, context)

    return check


def record(fields: Mapping[str, Check], required: tuple[str, ...], other: OtherMember, lacking: str) -> Check:
    """A check for an object.

    Args:
        fields: the members it defines, each with its check.
        required: the members it cannot do without.
        other: what is done with any further member.
        lacking: the rule that a missing member breaks.
    """

    def check(value: object, context: Context) -> Problems:
        if type(value) is not dict:
            return problem("type.object", value, "an object is expected here", "Write the members between { and }.")
        problems = NONE
        for name, member in value.items():
            known = fields.get(name)
            found = known(member, context) if known is not None else other(name, member, context)
            if found:
                problems += under(name, found)
                if len(problems) > MOST_PROBLEMS:
                    break
        for name in required:
            if name not in value:
                problems += missing_field(lacking, name)
        return problems

    return check


def missing_field(rule: str, name: str) -> Problems:
    """The problem of a member that is not there."""
    return under(name, missing(rule, f"{name} is missing", f"Add {name}."))


def unknown_field(rule: str, name: str, value: object, known: Mapping[str, Check]) -> Problems:
    """The problem of a member that nothing defines."""
    close = get_close_matches(name[:64], list(known), n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    message = f"the standard defines no member {name[:64]!r} here, and an extension's name has a prefix"
    return problem(
        rule, value, message, f"{hint}Remove it, or name it with a prefix that the @context binds (ext:{name[:64]})."
    )


def closed(known: Mapping[str, Check], rule: str = "event.unknown-field") -> OtherMember:
    """For objects that take no further member, extensions included."""

    def refuse(name: str, value: object, _: Context) -> Problems:
        if ":" not in name:
            return unknown_field(rule, name, value, known)
        message = f"the standard allows no extension here, and {name[:64]!r} is one"
        return problem(rule, value, message, "Move the extension to the event.")

    return refuse


def extensible(known: Mapping[str, Check], rule: str = "event.unknown-field") -> OtherMember:
    """For objects that may be extended by members whose name has a bound prefix."""

    def check(name: str, value: object, context: Context) -> Problems:
        if ":" not in name:
            return unknown_field(rule, name, value, known)
        return check_name(name, context) or extension(value, context)

    return check


def check_name(name: str, context: Context) -> Problems:
    """What is wrong with an extension's name: not a compact IRI, or a prefix that nothing binds."""
    if not _is_uri(name):
        message = f"{name[:64]!r} is neither a compact IRI (prefix:word) nor an IRI"
        return problem("extension.name", name, message, "Use letters, digits, +, - and . in the prefix.")
    if context.binds(name):
        return NONE
    prefix = name.partition(":")[0]
    message = f"no context binds the prefix {prefix[:64]!r}, so nobody can tell what this extension means"
    if context.unknown:
        message += f" (contexts that are not known here are not fetched: {', '.join(context.unknown)[:200]})"
    return problem("extension.unbound-prefix", name, message, f'Add {{"{prefix[:64]}": "https://…/"}} to the @context.')


@lru_cache(maxsize=REMEMBERED)
def _is_uri(name: str) -> bool:
    return is_uri(name)


def extension(value: object, context: Context) -> Problems:
    """The value of an extension: any JSON, with bound prefixes in the names that have one."""
    if type(value) is list:
        return _extension_items(value, context)
    return _extension_members(value, context) if type(value) is dict else NONE


def _extension_items(items: list[object], context: Context) -> Problems:
    problems = NONE
    for index, item in enumerate(items):
        found = extension(item, context)
        if found:
            problems += under(index, found)
            if len(problems) > MOST_PROBLEMS:
                break
    return problems


def _extension_members(members: dict[str, object], context: Context) -> Problems:
    problems = NONE
    for name, member in members.items():
        found = check_inner_name(name, context) + extension(member, context)
        if found:
            problems += under(name, found)
            if len(problems) > MOST_PROBLEMS:
                break
    return problems


def check_inner_name(name: str, context: Context) -> Problems:
    """A name inside an extension's value may be a bare word; one with a prefix is bound like any other."""
    if name == "@context":
        message = "a context can stand at the document or at an event, not inside an extension"
        return problem("context.nested", name, message, "Move its definitions to the event's @context.")
    return check_name(name, context) if ":" in name else NONE
