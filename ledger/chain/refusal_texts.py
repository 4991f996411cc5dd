"""What each refusal means and how to mend it: a text for each error of the contracts (a test compares them).

A text names the error's arguments, in their order, each with the kind that says how it reads: ``validFrom:time``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RefusalText:
    """One refusal in words.

    Attributes:
        names: the arguments of the contract's error, in order.
        kinds: what each of them is.
        message: what was wrong, with the arguments in braces.
        mend: what to do.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    message: str
    mend: str


def _text(arguments: str, message: str, mend: str) -> RefusalText:
    pairs = [argument.split(":") for argument in arguments.split()]
    return RefusalText(tuple(name for name, _ in pairs), tuple(kind for _, kind in pairs), message, mend)


_STANDING: Final = {
    "KeyUnknown": _text(
        "key:address",
        "no member has the key {key}",
        "Sign with a key that is registered for a member, or ask the member's authority to admit it.",
    ),
    "KeyNotYetValid": _text(
        "key:address validFrom:time",
        "the key {key} is valid only from {validFrom}",
        "Wait until then, or sign with another key of the member.",
    ),
    "KeyExpired": _text(
        "key:address validUntil:time",
        "the key {key} was retired or ran out at {validUntil}",
        "Sign with a key of the member that is valid now.",
    ),
    "MemberIsSuspended": _text(
        "member:member",
        "{member} is suspended",
        "Its authority must reinstate it before it can speak or be named.",
    ),
    "MemberIsDismissed": _text(
        "member:member",
        "{member} was dismissed from the consortium",
        "A dismissed member cannot speak or be named again.",
    ),
}

_SIGNING: Final = {
    "SignatureMalformed": _text(
        "", "no key can have made this signature", "Sign the statement again with this program's current version."
    ),
    "SignedInFuture": _text(
        "signedTime:time blockTime:time",
        "the signature's time, {signedTime}, lies after the block's, {blockTime}",
        "Set the signer's clock right and sign again.",
    ),
    "StatementExpired": _text(
        "validUntil:time blockTime:time",
        "the statement was valid until {validUntil}, and it is {blockTime}",
        "Sign it again with a later last valid time.",
    ),
}

_SENDERS: Final = {
    "KeyMayNotGovern": _text(
        "key:address",
        "the key {key} may not govern",
        "Use a key of the member with the scope 'govern'.",
    ),
    "NotAuthority": _text(
        "member:member",
        "{member} is not an authority, and only an authority may do this",
        "Ask the authority of the country.",
    ),
    "OutsideCountry": _text(
        "member:member country:country jurisdiction:country",
        "{member} belongs to {country}, and the authority governs {jurisdiction}",
        "Ask the authority of {country}.",
    ),
    "MemberIsAuthority": _text(
        "member:member",
        "{member} is an authority, and no authority governs another alone",
        "Make a proposal for the authorities to decide on together.",
    ),
    "NotKeyOwner": _text(
        "member:member owner:member",
        "{member} has no say over a key of {owner}",
        "The key's own member, or its authority, must do this.",
    ),
}

_MEMBERS: Final = {
    "MemberUnknown": _text(
        "account:address",
        "no member has the address {account}",
        "Check the address; a member is named by its own, not by a key's.",
    ),
    "AddressTaken": _text(
        "account:address",
        "the address {account} is, or once was, a member's or a key's",
        "Use a new key: an address is given once and never again.",
    ),
    "ConsentInvalid": _text(
        "member:address key:address",
        "the key {key} has not consented to speak for the member {member}",
        "Make the consent with that key: smartborder key consent {member}. A member's own is in its card.",
    ),
    "AddressZero": _text("", "the zero address names nobody", "Give the address."),
    "CountryInvalid": _text(
        "country:country", "'{country}' is not a country code", "Give two capital letters of ISO 3166-1, as in KR."
    ),
    "CountryGoverned": _text(
        "country:country authority:member",
        "{country} has an authority already: {authority}",
        "A country has one authority; propose the removal of the old one first.",
    ),
    "RolesInvalid": _text(
        "roles:roles",
        "these roles cannot be assigned: {roles}",
        "Give at least one role; that of an authority is given by the authorities together.",
    ),
    "StatusForbids": _text(
        "member:member status:status",
        "{member} is {status}, which does not allow this",
        "Look at the member's status: only an active member is suspended, only a suspended one reinstated.",
    ),
    "EncryptionKeyMissing": _text(
        "", "the encryption key is missing", "Give the member's X25519 public key (32 bytes)."
    ),
    "CheckpointKeyMissing": _text(
        "", "the checkpoint key is missing", "Give the member's Ed25519 public key (32 bytes)."
    ),
    "ProfileTooLong": _text(
        "length:number maximum:number",
        "the profile has {length} bytes, and at most {maximum} fit",
        "Shorten it: name, GLN and AEO number are enough.",
    ),
    "ScopesInvalid": _text(
        "scopes:number",
        "{scopes} is no set of scopes",
        "Give at least one of govern, milestones, checkpoints, automation.",
    ),
    "MilestonesInvalid": _text(
        "milestones:number",
        "the milestones (mask {milestones}) do not fit the key's scopes",
        "Name milestones exactly where the key has the scope 'milestones'.",
    ),
    "ValidityInvalid": _text(
        "validFrom:time validUntil:time",
        "a validity from {validFrom} to {validUntil} is over, or ends before it begins",
        "Give an end that lies after the beginning and after now.",
    ),
    "SuspicionInFuture": _text(
        "suspectSince:time blockTime:time",
        "suspect since {suspectSince} lies after the block's time, {blockTime}",
        "Give a time in the past.",
    ),
}

_AEO: Final = {
    "AeoNotGranted": _text("member:member", "{member} has no AEO status to withdraw", "Check the member's address."),
    "RecognitionUnchanged": _text(
        "grantor:country recogniser:country",
        "whether {recogniser} recognises the AEO grants of {grantor} would not change",
        "Nothing needs to be done; a country always recognises its own grants.",
    ),
}

_GOVERNANCE: Final = {
    "ThresholdInvalid": _text(
        "threshold:number authorities:number",
        "{threshold} of {authorities} authorities cannot be the threshold",
        "Choose at least 2 and at most one less than the authorities; with two authorities it is 2.",
    ),
    "TooFewAuthorities": _text(
        "authorities:number", "a consortium of {authorities} authorities is too small", "Name at least two authorities."
    ),
    "RecoveryKeyMissing": _text(
        "",
        "two authorities need a recovery key",
        "Name a recovery key, or found the consortium with three authorities.",
    ),
    "SeatsExhausted": _text(
        "", "all 256 seats of authorities have been given", "Deploy a new version of the contracts."
    ),
    "ProposalUnknown": _text(
        "proposal:number", "there is no proposal {proposal}", "List the proposals and check the number."
    ),
    "ProposalAlreadyExecuted": _text(
        "proposal:number", "proposal {proposal} was carried out already", "Nothing needs to be done."
    ),
    "ProposalExpired": _text(
        "proposal:number expiresAt:time", "proposal {proposal} expired at {expiresAt}", "Make it again."
    ),
    "ProposalVoid": _text(
        "proposal:number",
        "proposal {proposal} is void: another was carried out since it was made",
        "Make it again, if it is still wanted.",
    ),
    "ApprovalRepeated": _text(
        "proposal:number authority:authority",
        "{authority} has approved proposal {proposal} already",
        "Another authority must approve it.",
    ),
    "ApprovalMissing": _text(
        "proposal:number authority:authority",
        "{authority} has not approved proposal {proposal}",
        "Only an approval that was given can be taken back.",
    ),
    "SubjectCannotApprove": _text(
        "proposal:number authority:authority",
        "{authority} does not decide on the replacement of its own key (proposal {proposal})",
        "The other authorities must approve it.",
    ),
    "RecoveryKeyNotEntitled": _text(
        "proposal:number",
        "the recovery key has no say in proposal {proposal}",
        "It helps only to replace a lost key, while there are two authorities.",
    ),
}

_STATEMENTS: Final = {
    "MilestoneUnknown": _text(
        "milestone:number", "there is no milestone {milestone}", "Use a milestone of docs/transitions.md."
    ),
    "RoleNotHeld": _text(
        "member:member role:role",
        "{member} does not hold the role '{role}' in which it acts",
        "Act in a role that the member holds, or ask its authority for the role.",
    ),
    "KeyOutOfScope": _text(
        "key:address milestone:milestone",
        "the key {key} may not state '{milestone}'",
        "Sign with a key of the member whose scope includes it.",
    ),
    "AutomationNotGreen": _text(
        "key:address channel:channel",
        "the machine's key {key} may only assess as green and release what is green; the channel is {channel}",
        "An officer must sign this with a key of their own.",
    ),
    "EventInFuture": _text(
        "eventTime:time blockTime:time",
        "the event's time, {eventTime}, lies after the block's, {blockTime}",
        "Check the clock and the event's time zone.",
    ),
    "ConsignmentExists": _text(
        "consignment:hash",
        "the consignment {consignment} is registered already",
        "Go on with it, or register another under a new UCR or salt.",
    ),
    "ConsignmentUnknown": _text(
        "consignment:hash",
        "no consignment {consignment} is registered",
        "Check UCR and salt; its exporter must register it first.",
    ),
    "StaleHead": _text(
        "current:hash stated:hash",
        "the statement builds on the head {stated}, and the consignment's head is {current}: something came first",
        "Read the consignment's new state, and sign again on its head if the statement still holds.",
    ),
    "PreviousHeadUnexpected": _text(
        "stated:hash",
        "this milestone names no previous head, and the statement names {stated}",
        "Leave the previous head out: it counts on whatever the current one is.",
    ),
    "AlreadyRecorded": _text(
        "digest:hash", "the statement {digest} was accepted before", "Nothing needs to be done: it counts once."
    ),
    "SideInvalid": _text(
        "milestone:milestone side:side",
        "'{milestone}' cannot concern the side '{side}'",
        "Name export or import where the milestone concerns a clearance, and no side elsewhere.",
    ),
    "CounterpartyUnexpected": _text(
        "counterparty:address",
        "this milestone names no other member, and the statement names {counterparty}",
        "Leave the counterparty out.",
    ),
    "TermsInvalid": _text(
        "milestone:milestone terms:hash",
        "the terms {terms} are not those of '{milestone}'",
        "Build the terms with ledger.identity.terms; nothing may stand in them that the milestone does not name.",
    ),
    "DetailMissing": _text(
        "milestone:milestone",
        "'{milestone}' needs a detail and has none",
        "Give the blinded commitment that it records: to the seal number or to the assessment.",
    ),
}

_WHO: Final = {
    "RoleNotFitting": _text(
        "milestone:milestone role:role",
        "'{milestone}' is not stated as {role}",
        "Look up who may state it in docs/transitions.md, and act in that role.",
    ),
    "NotHolder": _text(
        "member:member holder:member",
        "{member} does not hold the goods; {holder} does",
        "The holder must state this, or hand the goods over first.",
    ),
    "NotOffered": _text(
        "member:member offeredTo:member",
        "custody was not offered to {member} (offered to: {offeredTo})",
        "The holder must offer custody to this member first.",
    ),
    "NotParty": _text(
        "member:member role:role",
        "{member} is not the consignment's {role}",
        "Only the member registered as its {role} may state this.",
    ),
    "NotDeclarant": _text(
        "member:member side:side",
        "{member} was not appointed to declare on the {side} side",
        "The exporter (export) or importer (import) must appoint the broker first, or declare itself.",
    ),
    "OutsideJurisdiction": _text(
        "member:member country:country required:country",
        "{member} is of {country}, and this is for {required} to decide",
        "The authority of {required} must state this.",
    ),
    "NotConcerned": _text(
        "member:member country:country",
        "{country}, the country of {member}, is not concerned: neither export, nor import, nor transit country",
        "The holder or an authority concerned can add it as a transit country.",
    ),
    "CounterpartyNotActive": _text(
        "counterparty:address problem:problem",
        "{counterparty}, whom the statement names, cannot be named: {problem}",
        "Name an active member by its own address.",
    ),
    "CounterpartyNotEligible": _text(
        "counterparty:address roles:roles country:country",
        "{counterparty} does not hold the role needed ({roles}), or is not of the country needed ({country})",
        "Name a member that has the role, in the right country.",
    ),
    "CounterpartyIsSigner": _text("counterparty:address", "{counterparty} names itself", "Name another member."),
}

_PARTIES: Final = {
    "ConsignmentIdInvalid": _text(
        "expected:hash stated:hash",
        "the consignment's id is {stated}, and that of this exporter and UCR commitment is {expected}",
        "Compute the id from the exporter's address and the commitment to its UCR.",
    ),
    "ImporterAlreadyNamed": _text(
        "importer:member", "the importer is named already: {importer}", "An importer is named once."
    ),
    "NotAppointed": _text(
        "counterparty:address declarant:member",
        "{counterparty} is not the broker appointed (appointed: {declarant})",
        "Name the broker whose appointment is to end.",
    ),
    "CountryRepeated": _text(
        "country:country", "{country} is concerned already", "Name each country once: export, import and transit."
    ),
    "CountryNotConcerned": _text(
        "country:country",
        "{country} is neither export, nor import, nor transit country of this consignment",
        "Add it as a transit country first, or correct the country.",
    ),
    "TransitCountriesFull": _text(
        "maximum:number",
        "there are {maximum} transit countries already, and no more fit",
        "Register a further consignment for the rest of the way.",
    ),
    "TransitUnknown": _text(
        "country:country", "{country} is no transit country of this consignment", "Check the country."
    ),
    "TransitAlreadyPassed": _text(
        "country:country", "{country} let the goods pass already", "Nothing needs to be done."
    ),
}

_GOODS: Final = {
    "PhaseForbids": _text(
        "milestone:milestone phase:phase",
        "'{milestone}' cannot be while the goods are {phase}",
        "Look at the consignment's state: goods must be at rest, moving or removed as the milestone needs, "
        "and after the end there are only corrections and observations.",
    ),
    "SealPresent": _text(
        "recorded:hash",
        "the goods have a seal already ({recorded})",
        "State that it was removed, and why, before recording another.",
    ),
    "SealAbsent": _text("", "no seal is recorded on the goods", "Record the seal first."),
    "SealMismatch": _text(
        "recorded:hash stated:hash",
        "the seal stated ({stated}) is not the seal recorded ({recorded}): it was changed, or never recorded",
        "Compare the number on the seal with the one recorded. A broken or changed seal needs a statement 'unsealed'.",
    ),
    "OfferMissing": _text("", "no offer of custody stands", "The holder must offer custody first."),
    "LocationMismatch": _text(
        "location:country required:country",
        "the goods are in {location}, and this needs them in {required}",
        "State where they are now, or wait until they arrive.",
    ),
    "ArrivalElsewhere": _text(
        "destination:country stated:country",
        "the goods headed for {destination} and cannot arrive in {stated} on this leg",
        "Name the destination, the country they left, or on the way between countries another one concerned.",
    ),
    "ReleaseMissing": _text(
        "country:country",
        "the goods have not been released in {country}",
        "The authority of {country} must release them first.",
    ),
    "TransitNotPassed": _text(
        "country:country",
        "{country} has not let the goods pass",
        "The authority of {country} must state 'transit passed' first.",
    ),
    "ImportCountryNotLeft": _text(
        "country:country",
        "goods do not leave {country}, the import country, in this consignment",
        "Register a new consignment for their way on, or ask the authority about their return.",
    ),
    "AlreadyDeparted": _text(
        "", "the goods have departed, and what departed cannot be cancelled", "See it through, or ask for their return."
    ),
}

_CLEARANCE: Final = {
    "ConsignmentHeld": _text(
        "holds:number",
        "the goods are held ({holds} open)",
        "Whoever set each hold must lift it.",
    ),
    "StopPending": _text(
        "side:side", "the goods are stopped for inspection on the {side} side", "The inspection must be passed first."
    ),
    "SideRefused": _text(
        "side:side",
        "the goods are refused on the {side} side",
        "The authority decides what becomes of them; on appeal it may release them.",
    ),
    "ClearanceForbids": _text(
        "milestone:milestone side:side clearance:clearance",
        "'{milestone}' cannot be while the {side} clearance is '{clearance}'",
        "Look at the clearance's state: declared, accepted, assessed and released follow one another.",
    ),
    "DocumentsNotPending": _text(
        "side:side", "no documents are pending on the {side} side", "Nothing needs to be done."
    ),
    "AssessmentMissing": _text("side:side", "the {side} side has no assessment to open", "Assess it first."),
    "ChannelForbids": _text(
        "milestone:milestone channel:channel",
        "'{milestone}' does not open the channel {channel}",
        "Assessed opens green, documents requested yellow, stopped and inspected red, released any.",
    ),
    "OpeningInvalid": _text(
        "side:side channel:channel",
        "blind and reasons do not open the {side} assessment as {channel}",
        "Give the channel, the blind and the reasons with which it was assessed.",
    ),
    "ChannelClosed": _text(
        "side:side", "the channel of the {side} side has not been opened", "Open it with the release."
    ),
    "DocumentsPending": _text(
        "side:side", "documents are pending on the {side} side", "State that they were received first."
    ),
    "InspectionMissing": _text(
        "side:side",
        "the red channel of the {side} side needs an inspection that was passed",
        "Inspect the goods first.",
    ),
    "InspectionFailed": _text(
        "side:side", "the last inspection of the {side} side was failed", "Inspect again, assess again, or refuse."
    ),
    "DutiesMissing": _text(
        "side:side", "duties of the {side} side have not been met", "State that they are settled, secured or not due."
    ),
    "HoldUnknown": _text(
        "member:member digest:hash",
        "no hold {digest} that {member} set stands",
        "List the open holds and check the digest; whoever set a hold must lift it.",
    ),
}

_LOGS: Final = {
    "KeyMayNotCheckpoint": _text(
        "key:address",
        "the key {key} may not record checkpoints",
        "Sign with a key of the member that has the scope 'checkpoints'.",
    ),
    "NotLogOwner": _text(
        "member:member owner:member",
        "the checkpoint is of the log of {owner}, and the key speaks for {member}",
        "Only a key of the member whose log it is can record it.",
    ),
    "StaleSize": _text(
        "current:number stated:number",
        "the checkpoint grows from {stated} events, and {current} are on record: something came first",
        "Read the size on record, and make checkpoint and proof again from there.",
    ),
    "LogNotGrown": _text(
        "current:number size:number",
        "{current} events are on record, and the checkpoint has {size}: a log only grows",
        "Record a checkpoint once the log has more events than that.",
    ),
    "RootMissing": _text("", "the checkpoint has no root", "Give the root of the tree over the log's events."),
    "ProofLengthInvalid": _text(
        "length:number required:number",
        "the consistency proof has {length} hashes, and between these sizes there are {required}",
        "Make the proof from the size on record to the new one (RFC 9162, section 2.1.4).",
    ),
    "PreviousRootMismatch": _text(
        "recorded:hash proven:hash",
        "the proof begins with the root {proven}, and {recorded} is on record: this log is not the one recorded before",
        "Look for the events that were changed or removed since; nothing else makes another root.",
    ),
    "RootMismatch": _text(
        "stated:hash proven:hash",
        "the proof ends with the root {proven}, and the checkpoint states {stated}",
        "Make root and proof of one and the same log.",
    ),
}

TEXTS: Final[Mapping[str, RefusalText]] = MappingProxyType(
    _STANDING
    | _SIGNING
    | _SENDERS
    | _MEMBERS
    | _AEO
    | _GOVERNANCE
    | _STATEMENTS
    | _WHO
    | _PARTIES
    | _GOODS
    | _CLEARANCE
    | _LOGS
)
"""The text of each refusal, by the name of the contract's error."""
