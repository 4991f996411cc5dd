"""Who may speak: members, keys, roles and countries, by the register at the moment of acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.chain.state import Problem
from ledger.identity.milestones import Milestone, Role, Side
from ledger.verify.checks.route import countries_concerned
from ledger.verify.findings import Outcome
from ledger.verify.membership import in_scope
from ledger.verify.rule import Remark, Remarks, Rule, failed, passed, rule, unchecked, undetermined, warned
from ledger.verify.wording import and_list, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.chain.state import Standing
    from ledger.verify.case import Case, Entry
    from ledger.verify.membership import Membership

_REGISTER_UNREAD: Final = (
    "Whether the signers were members at the time could not be checked: the register of members was not read. "
    "Connect to a node and verify again."
)
_OFFICIAL: Final = frozenset({Role.AUTHORITY, Role.AGENCY})


@rule(
    "ledger.trusted",
    title="The statements are from the contract and the founders that you trust",
    severity=Outcome.FAILED,
    explanation="A ledger anyone can start looks like any other. The chain, the contract and the founding "
    "authorities are compared with those that the verifier was given.",
)
def trusted(case: Case) -> Remarks:
    """Chain, contract and founders are the given ones."""
    if case.trust is None:
        yield unchecked(None, "Whether this is the right ledger: no chain, contract or founders to trust were given.")
        return
    if case.domain != case.trust.domain:
        expected, found = case.trust.domain, case.domain
        yield failed(
            None,
            f"The statements are from contract {found.contract} on chain {found.chain_id}, and not from the one you "
            f"trust: {expected.contract} on chain {expected.chain_id}. Connect to the right ledger.",
            expected=f"{expected.chain_id}:{expected.contract}",
            found=f"{found.chain_id}:{found.contract}",
        )
    else:
        yield passed()
    yield from _founders(case.trust.founders, case.membership)


def _founders(expected: frozenset[str], membership: Membership | None) -> Remarks:
    if not expected or membership is None:
        yield unchecked(None, "Whether the founding authorities are the right ones: they were not given, or not read.")
    elif membership.founders == expected:
        yield passed()
    else:
        yield failed(
            None,
            "The consortium was not founded by the authorities you trust: it is another ledger, or a copy of it.",
            expected=sorted(expected),
            found=sorted(membership.founders),
        )


@rule(
    "member.known",
    title="Each signer was a member, with the country and the key that the register gives it",
    severity=Outcome.FAILED,
    explanation="The contract's log names the member, key and country that it accepted. They are compared with the "
    "register of members as it was in that block.",
)
def known(case: Case) -> Remarks:
    """The accepted member and country are those that the register gives the key."""
    for entry, standing in _standings(case):
        if isinstance(standing, Remark):
            yield standing
            continue
        accepted = entry.acceptance
        if standing.problem is Problem.UNKNOWN:
            yield failed(
                entry,
                f"{entry.label} was signed by key {accepted.key}, which belonged to no member at that time.",
                key=accepted.key,
            )
        elif (standing.address, standing.country) != (accepted.member, accepted.country):
            yield failed(
                entry,
                f"{entry.label} was accepted as by {case.name(accepted.member)} of {accepted.country}, and the "
                f"register says that the key is of {case.name(standing.address)} of {standing.country}.",
                expected=(standing.address, standing.country),
                found=(accepted.member, accepted.country),
            )
        else:
            yield passed(entry)


@rule(
    "member.active",
    title="Each signer was an active member when its statement was accepted",
    severity=Outcome.FAILED,
    explanation="A suspended or dismissed member can say nothing more; what it said before stays valid. The block "
    "of the acceptance counts, never a time that was claimed.",
)
def active(case: Case) -> Remarks:
    """The member was neither suspended nor dismissed."""
    for entry, standing in _known_standings(case):
        if standing.problem not in (Problem.SUSPENDED, Problem.DISMISSED):
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{case.asked(entry)} was suspended or dismissed when {entry.label.lower()} was accepted on "
            f"{moment_text(entry.acceptance.moment.time)}: it could not speak at that time. Ask its authority.",
            member=entry.acceptance.member,
        )


@rule(
    "member.key",
    title="Each key was valid, and allowed to sign what it signed, when the statement was accepted",
    severity=Outcome.FAILED,
    explanation="Keys are added, expire and are retired, and each has a scope. A retired key stays valid for what "
    "it signed before, and adds nothing; a key for automation may only assess and release.",
)
def key(case: Case) -> Remarks:
    """The key was inside its validity and scope."""
    for entry, standing in _known_standings(case):
        accepted = entry.acceptance
        if standing.problem in (Problem.NOT_YET_VALID, Problem.EXPIRED):
            yield failed(
                entry,
                f"{entry.label} was signed with a key of {case.asked(entry)} that was not valid on "
                f"{moment_text(accepted.moment.time)}: it was retired, had expired, or was not valid yet.",
                key=accepted.key,
            )
        elif not in_scope(standing, accepted.milestone):
            yield failed(
                entry,
                f"{entry.label} was signed with a key of {case.asked(entry)} that may not sign "
                f"'{accepted.milestone.label}'.",
                key=accepted.key,
                scopes=int(standing.scopes),
            )
        else:
            yield passed(entry)


@rule(
    "member.role",
    title="Each signer held the role that it acted in",
    severity=Outcome.FAILED,
    explanation="A role is given by the member's authority and can be withdrawn. The role that the statement names "
    "must be the one that was accepted, and one that the member held in that block.",
)
def role(case: Case) -> Remarks:
    """The role acted in is the accepted one, and held."""
    for entry, standing in _known_standings(case):
        accepted = entry.acceptance
        stated = accepted.role if entry.statement is None else entry.statement.role
        if stated is not accepted.role:
            yield failed(
                entry,
                f"{entry.label} is stated in the role {stated.label}, and was accepted in the role "
                f"{accepted.role.label}.",
                expected=accepted.role.label,
                found=stated.label,
            )
        elif not standing.holds(stated):
            yield failed(
                entry,
                f"{case.asked(entry)} acted as {stated.label} in {entry.label.lower()}, a role it did not hold. It "
                f"held: {and_list([each.label for each in Role if standing.holds(each)]) or 'none'}.",
                role=stated.label,
                member=accepted.member,
            )
        else:
            yield passed(entry)


@rule(
    "member.suspect",
    title="No statement was signed with a key while it may have been stolen",
    severity=Outcome.WARNING,
    explanation="Whoever retires a key may say since when it may have been in other hands. What was signed between "
    "then and its retirement still counts, and deserves a question to the member.",
)
def suspect(case: Case) -> Remarks:
    """No statement lies between suspect-since and retirement; a bundle cannot show that nobody said so."""
    if case.membership is None:
        return
    if case.proven is not None and case.entries:
        yield unchecked(None, "Whether a key was retired later as possibly stolen, beyond what the bundle shows.")
    for entry in case.entries:
        record = case.membership.keys.get(entry.acceptance.key)
        since = None if record is None else record.suspect_since
        if since is None or entry.acceptance.moment.time < since:
            if case.proven is None or since is not None:
                yield passed(entry)
            continue
        yield warned(
            entry,
            f"{entry.label} was signed with a key that was retired later as possibly stolen since "
            f"{moment_text(since)}. Ask {case.asked(entry)} whether it made this statement.",
            key=entry.acceptance.key,
            suspect_since=since,
        )


@rule(
    "member.jurisdiction",
    title="Each authority and agency acted for a country that the consignment concerns",
    severity=Outcome.FAILED,
    explanation="Customs decides for its own country: on the export side that of the export country, on the import "
    "side that of the import country, and otherwise only a country that the goods leave, enter or cross.",
)
def jurisdiction(case: Case) -> Remarks:
    """An authority's country is that of its side, or one concerned at that point of the history."""
    for entry, statement, route in countries_concerned(case):
        if statement.role not in _OFFICIAL or statement.milestone is Milestone.OBSERVED:
            continue
        if route is None:
            yield undetermined(
                entry,
                f"{entry.label}: which countries the consignment concerns is not known. Read the whole history again.",
            )
            continue
        country, expected = entry.acceptance.country, _deciding(statement.side, route)
        if country in expected:
            yield passed(entry)
            continue
        yield failed(
            entry,
            f"{case.asked(entry)} acted for {country} in {entry.label.lower()}, where only {and_list(expected)} may "
            "decide. It acted outside its country.",
            expected=expected,
            found=country,
        )


def _deciding(side: Side, route: tuple[str, ...]) -> tuple[str, ...]:
    if side is Side.NONE:
        return route
    return (route[side - 1],)


def _standings(case: Case) -> Iterator[tuple[Entry, Standing | Remark]]:
    if case.membership is None:
        if case.entries:
            yield case.entries[0], undetermined(None, _REGISTER_UNREAD)
        return
    for entry in case.entries:
        yield entry, case.membership.standing_of_key(entry.acceptance.key, entry.acceptance.moment)


def _known_standings(case: Case) -> Iterator[tuple[Entry, Standing]]:
    for entry, standing in _standings(case):
        if not isinstance(standing, Remark) and standing.problem is not Problem.UNKNOWN:
            yield entry, standing


RULES: Final[tuple[Rule, ...]] = (trusted, known, active, key, role, suspect, jurisdiction)
