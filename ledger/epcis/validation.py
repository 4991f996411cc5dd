"""What EPCIS 2.0 asks of an event (section 7.4), type by type, and of the document around it.

The rules are those of the standard's JSON schema, XSD and SHACL shapes taken together; where they are stricter than
all of these, :mod:`ledger.epcis.rules` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledger.epcis import vocabulary
from ledger.epcis.limits import MOST_PROBLEMS
from ledger.epcis.problems import NONE, Problem, Problems, missing, problem, under
from ledger.epcis.uris import is_uri
from ledger.epcis.values import (
    Check,
    action,
    array,
    boolean,
    check_name,
    closed,
    either,
    event_id,
    extensible,
    extension,
    hexadecimal,
    missing_field,
    number,
    offset,
    record,
    string,
    term_of,
    time,
    unique,
    unit,
    unknown_field,
    uri,
)

if TYPE_CHECKING:
    from ledger.epcis.context import Context

Data = Mapping[str, object]
WholeEvent = Callable[[Data], Problems]

_LACKING: Final = "event.missing-field"

_disposition: Final = term_of(vocabulary.DISPOSITION)


def _extensible_record(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    return record(fields, required, extensible(fields), _LACKING)


def _closed_record(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    return record(fields, required, closed(fields), _LACKING)


_quantity: Final = _closed_record({"epcClass": uri, "quantity": number, "uom": unit}, ("epcClass",))
_place: Final = _extensible_record({"id": uri}, ("id",))
_biz_transaction: Final = _closed_record(
    {"type": term_of(vocabulary.BIZ_TRANSACTION_TYPE), "bizTransaction": uri}, ("bizTransaction",)
)
_endpoint_type: Final = term_of(vocabulary.SOURCE_DESTINATION_TYPE)
_source: Final = _closed_record({"type": _endpoint_type, "source": uri}, ("type", "source"))
_destination: Final = _closed_record({"type": _endpoint_type, "destination": uri}, ("type", "destination"))
_error_declaration: Final = _extensible_record(
    {
        "declarationTime": time,
        "reason": term_of(vocabulary.ERROR_REASON),
        "correctiveEventIDs": array(uri),
    },
    ("declarationTime",),
)
_ilmd: Final = _extensible_record({})

SENSOR_METADATA: Final[Mapping[str, Check]] = {
    "time": time,
    "deviceID": uri,
    "deviceMetadata": uri,
    "rawData": uri,
    "startTime": time,
    "endTime": time,
    "dataProcessingMethod": uri,
    "bizRules": uri,
}
SENSOR_REPORT: Final[Mapping[str, Check]] = {
    "type": term_of(vocabulary.MEASUREMENT_TYPE),
    "exception": term_of(vocabulary.SENSOR_ALERT),
    "deviceID": uri,
    "deviceMetadata": uri,
    "rawData": uri,
    "dataProcessingMethod": uri,
    "bizRules": uri,
    "time": time,
    "microorganism": uri,
    "chemicalSubstance": uri,
    "coordinateReferenceSystem": uri,
    "value": number,
    "component": term_of(vocabulary.COMPONENT),
    "stringValue": string,
    "booleanValue": boolean,
    "hexBinaryValue": hexadecimal,
    "uriValue": uri,
    "minValue": number,
    "maxValue": number,
    "meanValue": number,
    "sDev": number,
    "percRank": number,
    "percValue": number,
    "uom": string,
}
_sensor_element: Final = _extensible_record(
    {
        "sensorMetadata": _extensible_record(SENSOR_METADATA),
        "sensorReport": array(_extensible_record(SENSOR_REPORT, ("type",)), minimum=1),
    },
    ("sensorReport",),
)


def _persistent_disposition(value: object, context: Context) -> Problems:
    problems = _persistent_lists(value, context)
    if type(value) is dict and not ("set" in value or "unset" in value):
        message = "a persistent disposition sets or unsets at least one disposition"
        problems += problem(
            "event.persistent-disposition", value, message, "Add set or unset, with a disposition in it."
        )
    return problems


_persistent_lists: Final = _closed_record(
    {"set": unique(_disposition, minimum=1), "unset": unique(_disposition, minimum=1)}
)


def _kept(_: object, __: Context) -> Problems:
    return NONE


_EVENT: Final[Mapping[str, Check]] = {
    "type": _kept,
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": offset,
    "eventID": event_id,
    "certificationInfo": either(uri, array(uri)),
    "errorDeclaration": _error_declaration,
}
_EVENT_REQUIRED: Final = ("eventTime", "eventTimeZoneOffset")
_WHERE_AND_WHY: Final[Mapping[str, Check]] = {
    "bizStep": term_of(vocabulary.BIZ_STEP),
    "disposition": _disposition,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": array(_biz_transaction),
    "sourceList": array(_source),
    "destinationList": array(_destination),
    "sensorElementList": array(_sensor_element),
}
_COMMON: Final = {**_EVENT, **_WHERE_AND_WHY}
_CHILDREN: Final = {
    **_COMMON,
    "action": action,
    "parentID": uri,
    "childEPCs": array(uri),
    "childQuantityList": array(_quantity),
}

EventTypes = Mapping[str, Mapping[str, Check]]

EVENT_FIELDS: Final[EventTypes] = {
    "ObjectEvent": {
        **_COMMON,
        "action": action,
        "epcList": unique(uri),
        "quantityList": array(_quantity),
        "persistentDisposition": _persistent_disposition,
        "ilmd": _ilmd,
    },
    "AggregationEvent": _CHILDREN,
    "AssociationEvent": _CHILDREN,
    "TransactionEvent": {
        **_COMMON,
        "action": action,
        "bizTransactionList": array(_biz_transaction, minimum=1),
        "parentID": uri,
        "epcList": array(uri),
        "quantityList": array(_quantity),
    },
    "TransformationEvent": {
        **_COMMON,
        "inputEPCList": unique(uri),
        "inputQuantityList": array(_quantity),
        "outputEPCList": unique(uri),
        "outputQuantityList": array(_quantity),
        "transformationID": uri,
        "persistentDisposition": _persistent_disposition,
        "ilmd": _ilmd,
    },
}
"""The members of each event type, each with its check."""

EVENT_FIELDS_IN_XML: Final[EventTypes] = {
    kind: {**fields, "persistentDisposition": _persistent_disposition} for kind, fields in EVENT_FIELDS.items()
}
"""The same in the XML binding, whose schema lets every event type have a persistent disposition."""

EVENT_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "ObjectEvent": (*_EVENT_REQUIRED, "action"),
    "AggregationEvent": (*_EVENT_REQUIRED, "action"),
    "AssociationEvent": (*_EVENT_REQUIRED, "action", "parentID"),
    "TransactionEvent": (*_EVENT_REQUIRED, "action", "bizTransactionList"),
    "TransformationEvent": _EVENT_REQUIRED,
}

_EXTENDED_FIELDS: Final = {name: check for fields in EVENT_FIELDS.values() for name, check in fields.items()}


def _object_identifiers(event: Data) -> Problems:
    if type(event.get("epcList")) is list or event.get("quantityList"):
        return NONE
    if event.get("sensorElementList") and "readPoint" in event:
        return NONE
    return _no_identifiers(
        "an object event has an epcList or a quantityList, or a sensorElementList with a readPoint",
        "Add epcList or quantityList.",
    )


def _child_identifiers(event: Data) -> Problems:
    if event.get("childEPCs") or event.get("childQuantityList") or event.get("action") == "DELETE":
        return NONE
    return _no_identifiers(
        "an aggregation or association names its children, unless it deletes all of them",
        "Add childEPCs or childQuantityList.",
    )


def _transaction_identifiers(event: Data) -> Problems:
    if type(event.get("epcList")) is list or event.get("quantityList") or event.get("action") == "DELETE":
        return NONE
    return _no_identifiers(
        "a transaction event names its objects, unless it deletes all of them", "Add epcList or quantityList."
    )


def _transformation_identifiers(event: Data) -> Problems:
    inputs = event.get("inputEPCList") or event.get("inputQuantityList")
    outputs = event.get("outputEPCList") or event.get("outputQuantityList")
    if (inputs and outputs) or ((inputs or outputs) and "transformationID" in event):
        return NONE
    return _no_identifiers(
        "a transformation names its inputs and its outputs, or one of them and a transformationID",
        "Add what is missing of inputEPCList or inputQuantityList, and outputEPCList or outputQuantityList.",
    )


def _no_identifiers(message: str, mend: str) -> Problems:
    return missing("event.identifiers", message, mend)


def _ilmd_with_add(event: Data) -> Problems:
    if "ilmd" not in event or event.get("action") not in ("OBSERVE", "DELETE"):
        return NONE
    message = "ilmd belongs to the event that brings objects into being, which has the action ADD"
    return under("ilmd", problem("event.ilmd", event["ilmd"], message, "Remove ilmd, or make the action ADD."))


_WHOLE: Final[Mapping[str, tuple[WholeEvent, ...]]] = {
    "ObjectEvent": (_object_identifiers, _ilmd_with_add),
    "AggregationEvent": (_child_identifiers,),
    "AssociationEvent": (_child_identifiers,),
    "TransactionEvent": (_transaction_identifiers,),
    "TransformationEvent": (_transformation_identifiers,),
}


def check_event(event: object, context: Context, types: EventTypes = EVENT_FIELDS) -> Problems:
    """Everything that is wrong with an event in JSON-LD form; paths are relative to the event.

    Args:
        event: the parsed event, without its ``@context``.
        context: the names in force at the event.
        types: the members of each event type, in the binding that the event came in.
    """
    if type(event) is not dict:
        return problem("type.object", event, "an event is an object", "Write the event between { and }.")
    kind = event.get("type")
    if type(kind) is not str:
        return _check_type(event)
    fields = types.get(kind)
    if fields is None:
        return _check_extended(event, kind, context)
    problems = NONE
    for name, value in event.items():
        check = fields.get(name)
        found = check(value, context) if check is not None else _other_member(kind, name, value, fields, context)
        if found:
            problems += under(name, found)
            if len(problems) > MOST_PROBLEMS:
                return problems
    for name in EVENT_REQUIRED[kind]:
        if name not in event:
            problems += missing_field(_LACKING, name)
    for whole in _WHOLE[kind]:
        problems += whole(event)
    return problems


def _check_type(event: Mapping[str, object]) -> Problems:
    if "type" not in event:
        return missing_field(_LACKING, "type")
    message = "the type of an event is a string"
    return under("type", problem("type.string", event["type"], message, 'Write for example "ObjectEvent".'))


def _check_extended(event: Data, kind: str, context: Context) -> Problems:
    problems = tuple(_of_extended(each) for each in _extended_record(event, context))
    if not is_uri(kind):
        message = "this is neither an event type of the standard nor the URI of another"
        mend = f"Take one of {', '.join(EVENT_FIELDS)}, or write your own type with a prefix."
        problems += under("type", problem("event.type", kind, message, mend))
    elif not context.binds(kind):
        problems += under("type", check_name(kind, context))
    return problems


def _of_extended(each: Problem) -> Problem:
    """A problem of a member that events of extension types need not have, but if so, then in the standard's form."""
    name = each.path.split("/")[1]
    return each if name in _EVENT or name not in _EXTENDED_FIELDS else replace(each, rule="event.extended-member")


_extended_record: Final = _extensible_record(_EXTENDED_FIELDS, _EVENT_REQUIRED)


def _other_member(kind: str, name: str, value: object, fields: Mapping[str, Check], context: Context) -> Problems:
    if ":" in name:
        return check_name(name, context) or extension(value, context)
    if name in _EXTENDED_FIELDS:
        message = f"{name} does not belong to an {kind}" if kind[0] in "AO" else f"{name} does not belong to a {kind}"
        return problem("event.unknown-field", value, message, "Remove it, or choose the event type that has it.")
    return unknown_field("event.unknown-field", name, value, fields)
