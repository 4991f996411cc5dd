from dataclasses import replace

from ledger.verify.case import Openings
from ledger.verify.untold import untold_between
from tests.ledger.verify.builder import at_sea, with_entry


def without_documents(case):
    return replace(case, openings=Openings())


def test_nothing_is_untold_where_every_document_is_at_hand():
    assert untold_between(at_sea().case(), 0, 2**40) == ()


def test_a_statement_without_an_event_leaves_nothing_untold():
    case = without_documents(at_sea().case())
    untold = untold_between(case, 0, 2**40)
    assert {entry.acceptance.position for entry in untold} == {1, 2, 8, 9}


def test_only_what_may_lie_in_the_span_counts_and_clocks_may_differ():
    case = without_documents(at_sea().case())
    time = case.statements[1].statement.event_time
    tolerance = case.tolerance_seconds
    for since, until in ((time - 10, time - tolerance), (time + tolerance, time + tolerance + 10)):
        assert [entry.acceptance.position for entry in untold_between(case, since, until)] == [2]
    assert untold_between(case, time - 10, time - tolerance - 1) == ()
    assert untold_between(case, time + tolerance + 1, time + tolerance + 10) == ()


def test_what_could_not_be_read_may_have_happened_at_any_time_before_it_was_accepted():
    case = with_entry(at_sea().case(), 3, statement=None, unread="its transaction is not on this node.")
    accepted = case.statements[2].acceptance.moment.time
    assert [entry.acceptance.position for entry in untold_between(case, 0, 1)] == [3]
    assert untold_between(case, accepted + case.tolerance_seconds + 1, 2**40) == ()
