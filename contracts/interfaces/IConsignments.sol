// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Acceptance, Times} from "../types/Acceptance.sol";
import {Channel, Clearance, Inspection, Milestone, Phase, Problem, Role, Side} from "../types/Vocabulary.sol";
import {ISigningErrors} from "./ISigningErrors.sol";
import {IStandingErrors} from "./IStandingErrors.sol";

/// @title Consignments, each a chain of signed statements
/// @notice What members state about a consignment, judged by the rules of docs/transitions.md at the time of the block.
///
/// Invariants:
/// - A registered consignment has exactly one holder.
/// - A held consignment does not depart, is not removed, delivered or cancelled; nor does one leave a country, or the care
///   of its customs, whose side of it is stopped or refused.
/// - The head hashes every statement that counts, in order, with the key that signed it; the position is their number.
/// - No statement counts twice, and none after the last second in which it may.
/// - An entitled hold, stop or refusal builds on no head, so that no statement of others keeps it out.
/// - After its life has ended, a consignment takes nothing but corrections and observations.
interface IConsignments is IStandingErrors, ISigningErrors {
    /// @notice What a member signs (EIP-712; ledger/identity/statements.py has the same type).
    /// @param consignment The consignment's id: keccak256(the exporter's address, the commitment to its UCR).
    /// @param milestone What is said to have happened.
    /// @param side Which clearance it concerns, where it concerns one.
    /// @param commitment The event's blinded commitment, or zero.
    /// @param eventTime When it happened.
    /// @param signedTime When it was signed.
    /// @param validUntil The last second in which it may be accepted.
    /// @param role The role that the signer acts in.
    /// @param previousHead The head that it builds on; zero for a registration and for headless statements.
    /// @param counterparty The address of the other member that it names, or zero.
    /// @param terms What must be read in clear here.
    /// @param detail A commitment to what must not.
    struct Statement {
        bytes32 consignment;
        uint8 milestone;
        uint8 side;
        bytes32 commitment;
        uint64 eventTime;
        uint64 signedTime;
        uint64 validUntil;
        uint8 role;
        bytes32 previousHead;
        address counterparty;
        bytes32 terms;
        bytes32 detail;
    }

    /// @notice What opens an assessment's commitment; ignored where the terms open no channel.
    /// @param blind The blind of the commitment.
    /// @param reasons The digest of the reasons.
    struct Opening {
        bytes32 blind;
        bytes32 reasons;
    }

    /// @notice A statement with its signature (EIP-2098) and what it opens.
    /// @param statement What is said.
    /// @param r The signature's r.
    /// @param vs The signature's s, with the parity of y in its highest bit.
    /// @param opening What it opens; zeros where it opens nothing.
    struct Entry {
        Statement statement;
        bytes32 r;
        bytes32 vs;
        Opening opening;
    }

    /// @notice One of the two clearances inside a consignment.
    /// @param clearance How far it has come.
    /// @param declarant The number of the broker appointed, or 0.
    /// @param assessment The commitment to channel and reasons, or zero.
    /// @param channel The channel opened.
    /// @param inspection The last inspection's result since the assessment.
    /// @param documentsPending Whether documents were requested and not yet received.
    /// @param dutiesMet Whether duties were settled, secured, or are not due.
    /// @param stopped Whether a stop for inspection stands.
    struct SideState {
        uint8 clearance;
        uint32 declarant;
        bytes32 assessment;
        uint8 channel;
        uint8 inspection;
        bool documentsPending;
        bool dutiesMet;
        bool stopped;
    }

    /// @notice A transit country, and whether it let the goods pass.
    /// @param country The country.
    /// @param passed Whether it let them pass.
    struct Transit {
        bytes2 country;
        bool passed;
    }

    /// @notice A consignment as it stands now; members are known by their numbers.
    /// @param head The hash of its history.
    /// @param position How many statements the history has.
    /// @param phase The phase of the goods' life.
    /// @param location The country in which the goods are, or which they left last.
    /// @param destination The country for which they departed, or 0.
    /// @param exportCountry The country of export.
    /// @param importCountry The country of import.
    /// @param exporter The exporter.
    /// @param importer The importer, or 0.
    /// @param holder Who holds the goods.
    /// @param offeredTo To whom custody is offered, or 0.
    /// @param seal The blinded commitment to the seal's number, or zero.
    /// @param departed Whether the goods ever departed.
    /// @param openHolds How many holds stand.
    /// @param transit The transit countries, in the order in which they were named.
    /// @param exportSide The clearance for export.
    /// @param importSide The clearance for import.
    struct Consignment {
        bytes32 head;
        uint32 position;
        uint8 phase;
        bytes2 location;
        bytes2 destination;
        bytes2 exportCountry;
        bytes2 importCountry;
        uint32 exporter;
        uint32 importer;
        uint32 holder;
        uint32 offeredTo;
        bytes32 seal;
        bool departed;
        uint32 openHolds;
        Transit[] transit;
        SideState exportSide;
        SideState importSide;
    }

    // Errors: the statement itself

    /// @notice There is no such milestone.
    error MilestoneUnknown(uint8 milestone);

    /// @notice The member does not hold the role it acts in.
    error RoleNotHeld(uint32 member, uint8 role);

    /// @notice The key may not state this milestone, or, by automation, not on appeal.
    error KeyOutOfScope(address key, uint8 milestone);

    /// @notice A machine's key may only assess as green and release what is green.
    error AutomationNotGreen(address key, uint8 channel);

    /// @notice The event lies further after the block's time than clocks may differ.
    error EventInFuture(uint64 eventTime, uint256 blockTime);

    /// @notice The consignment is registered already.
    error ConsignmentExists(bytes32 consignment);

    /// @notice No such consignment is registered.
    error ConsignmentUnknown(bytes32 consignment);

    /// @notice The statement builds on another head than the current one.
    error StaleHead(bytes32 current, bytes32 stated);

    /// @notice A headless statement names no previous head.
    error PreviousHeadUnexpected(bytes32 stated);

    /// @notice The headless statement was accepted of this member before.
    error AlreadyRecorded(bytes32 digest);

    /// @notice The milestone concerns a side and the statement names none, or the other way round.
    error SideInvalid(uint8 milestone, uint8 side);

    /// @notice The milestone names no other member; a hold's end only one that was dismissed.
    error CounterpartyUnexpected(address counterparty);

    /// @notice The terms are not those of the milestone.
    error TermsInvalid(uint8 milestone, bytes32 terms);

    /// @notice The milestone needs a detail.
    error DetailMissing(uint8 milestone);

    // Errors: who

    /// @notice The milestone is not stated in this role.
    error RoleNotFitting(uint8 milestone, uint8 role);

    /// @notice The member does not hold the goods.
    error NotHolder(uint32 member, uint32 holder);

    /// @notice Custody was not offered to the member.
    error NotOffered(uint32 member, uint32 offeredTo);

    /// @notice The member is not the consignment's exporter or importer, as which it acts.
    error NotParty(uint32 member, uint8 role);

    /// @notice The member is not the broker appointed.
    error NotDeclarant(uint32 member, uint8 side);

    /// @notice The member's country is not the one that decides.
    error OutsideJurisdiction(uint32 member, bytes2 country, bytes2 required);

    /// @notice The member's country is not concerned: neither export, nor import, nor transit.
    error NotConcerned(uint32 member, bytes2 country);

    /// @notice The member named is unknown (by its own address), suspended or dismissed.
    error CounterpartyNotActive(address counterparty, uint8 problem);

    /// @notice The member named holds none of the roles (a bit each), or belongs to another country (zero: any).
    error CounterpartyNotEligible(address counterparty, uint16 roles, bytes2 country);

    /// @notice The member names itself.
    error CounterpartyIsSigner(address counterparty);

    // Errors: parties and countries

    /// @notice The id does not belong to this exporter and UCR commitment.
    error ConsignmentIdInvalid(bytes32 expected, bytes32 stated);

    /// @notice The importer is named already.
    error ImporterAlreadyNamed(uint32 importer);

    /// @notice The member named is not the broker appointed (0: none is).
    error NotAppointed(address counterparty, uint32 declarant);

    /// @notice A country is two capital letters (ISO 3166-1 alpha-2).
    error CountryInvalid(bytes2 country);

    /// @notice The country is concerned already.
    error CountryRepeated(bytes2 country);

    /// @notice The country is neither export, nor import, nor transit country.
    error CountryNotConcerned(bytes2 country);

    /// @notice There is no room for a further transit country.
    error TransitCountriesFull(uint256 maximum);

    /// @notice The country is no transit country.
    error TransitUnknown(bytes2 country);

    /// @notice The transit country let the goods pass already.
    error TransitAlreadyPassed(bytes2 country);

    // Errors: the goods

    /// @notice The goods are in a phase in which this cannot be.
    error PhaseForbids(uint8 milestone, uint8 phase);

    /// @notice The goods have a seal already.
    error SealPresent(bytes32 recorded);

    /// @notice The goods have no seal.
    error SealAbsent();

    /// @notice Another seal is recorded (zero: none).
    error SealMismatch(bytes32 recorded, bytes32 stated);

    /// @notice No offer of custody stands.
    error OfferMissing();

    /// @notice The goods are elsewhere.
    error LocationMismatch(bytes2 location, bytes2 required);

    /// @notice The goods cannot arrive there on this leg.
    error ArrivalElsewhere(bytes2 destination, bytes2 stated);

    /// @notice The goods have not been released in this country.
    error ReleaseMissing(bytes2 country);

    /// @notice The transit country has not let the goods pass.
    error TransitNotPassed(bytes2 country);

    /// @notice Goods do not leave the import country.
    error ImportCountryNotLeft(bytes2 country);

    /// @notice The goods have departed already.
    error AlreadyDeparted();

    // Errors: clearance

    /// @notice Holds stand.
    error ConsignmentHeld(uint32 holds);

    /// @notice A stop for inspection stands.
    error StopPending(uint8 side);

    /// @notice The side is refused.
    error SideRefused(uint8 side);

    /// @notice The clearance has come to where this cannot be.
    error ClearanceForbids(uint8 milestone, uint8 side, uint8 clearance);

    /// @notice No documents are pending.
    error DocumentsNotPending(uint8 side);

    /// @notice There is no assessment to open.
    error AssessmentMissing(uint8 side);

    /// @notice The milestone does not open this channel.
    error ChannelForbids(uint8 milestone, uint8 channel);

    /// @notice Channel, blind and reasons do not open the commitment recorded.
    error OpeningInvalid(uint8 side, uint8 channel);

    /// @notice The channel has not been opened.
    error ChannelClosed(uint8 side);

    /// @notice Documents are pending.
    error DocumentsPending(uint8 side);

    /// @notice The red channel needs an inspection that was passed.
    error InspectionMissing(uint8 side);

    /// @notice The last inspection was failed.
    error InspectionFailed(uint8 side);

    /// @notice Duties have not been met.
    error DutiesMissing(uint8 side);

    /// @notice No hold that this member (the signer, or the one dismissed that it names) set by this statement stands.
    error HoldUnknown(uint32 member, bytes32 digest);

    // Events

    /// @notice A statement was accepted: the consignment's head and state are now what it makes them.
    /// The event has the whole statement and its signature, and is verified without the transaction that brought it; the
    /// digest signed and the head that it makes follow from it (docs/contracts.md).
    /// @param consignment As in the statement, as are commitment, counterparty, terms and detail.
    /// @param acceptance Key, milestone, side, role, country and the member's number (types/Acceptance.sol).
    /// @param times The statement's times, and the position that it takes (types/Acceptance.sol).
    /// @param previousHead The head that it found. The statement names the same, or, where it is headless, zero.
    /// @param r The signature's first word (EIP-2098).
    /// @param vs Its second word.
    event StatementAccepted(
        bytes32 indexed consignment,
        bytes32 indexed commitment,
        Acceptance acceptance,
        Times times,
        bytes32 previousHead,
        address counterparty,
        bytes32 terms,
        bytes32 detail,
        bytes32 r,
        bytes32 vs
    );

    /// @notice An observation was recorded: it moves neither head nor state, and has no position. The parameters are those
    /// of StatementAccepted; what is missing here is zero in the statement.
    event ObservationRecorded(
        bytes32 indexed consignment,
        bytes32 indexed commitment,
        Acceptance acceptance,
        Times times,
        bytes32 detail,
        bytes32 r,
        bytes32 vs
    );

    /// @notice A statement of a batch was refused; `refusal` is the ABI-encoded error. The others are not affected.
    event StatementSkipped(uint256 indexed index, bytes32 indexed digest, bytes refusal);

    /// @notice State something, for oneself or for another who signed it. Reverts with the error that says why not.
    /// @param entry The statement, its signature and what it opens.
    function submit(Entry calldata entry) external;

    /// @notice State several things, in order; one may build on another before it. What the rules refuse is skipped and
    /// reported; anything else, running out of gas above all, reverts everything.
    /// @param entries The statements, with their signatures and what they open.
    /// @return accepted How many were accepted.
    function submitBatch(Entry[] calldata entries) external returns (uint256 accepted);

    /// @notice A consignment's head; zero where it is not registered.
    /// @param id The consignment's id.
    function head(bytes32 id) external view returns (bytes32);

    /// @notice A consignment as it stands now; all zero where it is not registered.
    /// @param id The consignment's id.
    function consignment(bytes32 id) external view returns (Consignment memory);

    /// @notice Whether a hold on a consignment stands.
    /// @param id The consignment's id.
    /// @param digest The digest of the statement that set it.
    /// @param member The number of the member that set it.
    function holdStands(bytes32 id, bytes32 digest, uint32 member) external view returns (bool);

    /// @notice Whether a headless statement was accepted of a member.
    /// @param id The consignment's id.
    /// @param digest Its digest.
    /// @param member The member's number.
    function isRecorded(bytes32 id, bytes32 digest, uint32 member) external view returns (bool);

    /// @notice What the signer of a statement signs (EIP-712).
    /// @param statement The statement.
    function statementDigest(Statement calldata statement) external view returns (bytes32);

    /// @notice The EIP-712 domain separator of this contract on this chain.
    function domainSeparator() external view returns (bytes32);

    /// @notice The EIP-712 type hash of a statement.
    function STATEMENT_TYPEHASH() external view returns (bytes32);

    /// @notice The register by which members and keys are judged.
    function members() external view returns (address);

    /// @notice The contract that this one follows; zero where it is the first.
    function predecessor() external view returns (address);
}
