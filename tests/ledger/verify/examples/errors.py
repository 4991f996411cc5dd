"""Error declarations: what they declare wrong, and whether what corrects it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.identity.milestones import Milestone, Role
from tests.ledger.verify.builder import EXPORTER, RIVAL, Member, moment_stamp, registered, sealed
from tests.ledger.verify.examples.example import FAILED, PASSED, WARNING, example, left_open, not_checked
from tests.ledger.verify.examples.told import ToldStory, event_of, without_document

if TYPE_CHECKING:
    from ledger.verify.case import Case, Entry

BOX = "urn:epc:id:bic:CSQU3054383"
HOUR = 3_600
NOTICE = "document.declared_wrong"


def begun() -> ToldStory:
    story = ToldStory()
    registered(story)
    return story


def scan(story: ToldStory, number: int, happened: int, by: Member = EXPORTER, **members: Any) -> Entry:
    """A scan of the container with this number, which happened then."""
    told = event_of(happened, bizStep="storing", epcList=[BOX], eventID=event_id(number), **members)
    role = Role.EXPORTER if by is EXPORTER else Role.CARRIER
    return story.say(Milestone.OBSERVED, by, role, commitment=story.know(told), event_time=happened)


def withdraw(
    story: ToldStory, number: int, happened: int, *right: int, by: Member = EXPORTER, after: int = HOUR
) -> Entry:
    """The scan is declared wrong, some time after it happened, and the scans that are right are named."""
    declaration: dict[str, Any] = {"declarationTime": moment_stamp(happened + after), "reason": "did_not_occur"}
    if right:
        declaration["correctiveEventIDs"] = [event_id(each) for each in right]
    return scan(story, number, happened, by, errorDeclaration=declaration)


def event_id(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012d}"


def put_right() -> ToldStory:
    """A scan, the right one, and the declaration that names it."""
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    scan(story, 2, happened + HOUR)
    withdraw(story, 1, happened, 2)
    return story


def alone(rule: str):
    """An error declaration in order: the rule passes, and the notice of it stands beside."""
    return example(rule, PASSED, "", NOTICE)


# target


@alone("error.target")
def scan_put_right() -> Case:
    return put_right().case()


@example("error.target", WARNING, "declares an event wrong that nobody stated")
def scan_withdrawn_that_nobody_made() -> Case:
    story = begun()
    withdraw(story, 1, story.now)
    return story.case()


@left_open("error.target", teller="document.present", words="Ask Hanbit Machinery to share it")
def wrong_scan_whose_document_is_not_at_hand() -> Case:
    story = begun()
    happened = story.now
    hidden = scan(story, 1, happened)
    withdraw(story, 3, happened)
    return without_document(story.case(), hidden)


# own


@alone("error.own")
def scan_withdrawn_by_who_made_it() -> Case:
    return put_right().case()


@example("error.own", WARNING, "It still stands, for only Hanbit Machinery can take it back")
def scan_withdrawn_by_a_rival() -> Case:
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    withdraw(story, 1, happened, by=RIVAL)
    return story.case()


@not_checked("error.own", "there was nothing to look at")
def nothing_declared_wrong() -> Case:
    return begun().case()


# time


@alone("error.time")
def scan_declared_wrong_an_hour_later() -> Case:
    return put_right().case()


@example("error.time", FAILED, "before it is said to have happened")
def scan_declared_wrong_before_it_was_made() -> Case:
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    withdraw(story, 1, happened, after=-6 * HOUR)
    return story.case()


@not_checked("error.time", "there was nothing to look at")
def no_time_of_an_error() -> Case:
    return begun().case()


# corrective


@alone("error.corrective")
def scan_with_the_scan_that_corrects_it() -> Case:
    return put_right().case()


@example("error.corrective", WARNING, "as right, which nobody stands by")
def scan_whose_correction_never_came() -> Case:
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    withdraw(story, 1, happened, 2)
    return story.case()


@example("error.corrective", WARNING, "names no other that has the data right")
def incorrect_data_without_correct_ones() -> Case:
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    declaration = {"declarationTime": moment_stamp(happened + HOUR), "reason": "incorrect_data"}
    scan(story, 1, happened, errorDeclaration=declaration)
    return story.case()


@left_open("error.corrective", teller="document.present", words="Ask Hanbit Machinery to share it")
def correction_whose_document_is_not_at_hand() -> Case:
    story = begun()
    happened = story.now
    scan(story, 1, happened)
    hidden = scan(story, 2, happened + HOUR)
    withdraw(story, 1, happened, 2)
    return without_document(story.case(), hidden)


# milestone


@alone("error.milestone")
def observation_withdrawn() -> Case:
    return put_right().case()


@example("error.milestone", WARNING, "declared its document wrong")
def sealing_withdrawn_in_silence() -> Case:
    story, wrong = sealing_declared_wrong()
    assert wrong.position == 2
    return story.case()


@example("error.milestone", PASSED, "", NOTICE, "correction.noted")
def sealing_withdrawn_and_corrected_on_the_ledger() -> Case:
    story, wrong = sealing_declared_wrong()
    story.say(Milestone.CORRECTED, EXPORTER, Role.EXPORTER, terms=wrong.acceptance.digest)
    return story.case()


@not_checked("error.milestone", "there was nothing to look at")
def no_milestone_withdrawn() -> Case:
    return begun().case()


def sealing_declared_wrong() -> tuple[ToldStory, Entry]:
    """A story whose sealing's document is declared wrong; and the statement of the sealing."""
    told = {"bizStep": "staging_outbound", "epcList": [BOX], "eventID": event_id(1)}
    story = ToldStory(contents={Milestone.SEALED: told})
    sealed(story)
    wrong = story.statements[1]
    assert wrong.statement is not None
    happened = wrong.statement.event_time
    declaration = {"declarationTime": moment_stamp(happened + HOUR), "reason": "did_not_occur"}
    again = event_of(happened, **told, errorDeclaration=declaration)
    story.say(Milestone.OBSERVED, EXPORTER, Role.EXPORTER, commitment=story.know(again), event_time=happened)
    return story, wrong
