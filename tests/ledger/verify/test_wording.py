import pytest

from ledger.verify.wording import and_list, moment_text, sentence, short, span_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (7_200, "2 hours"),
        (9 * 86_400, "9 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(seconds, text):
    assert span_text(seconds) == text


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_written_as_people_write_them(words, text):
    assert and_list(words) == text


@pytest.mark.parametrize("seconds", [2**40 - 1, 2**70, -(2**40)])
def test_a_time_that_no_calendar_has_is_told_as_a_number(seconds):
    assert moment_text(seconds) == f"{seconds:,} seconds after 1970"


def test_a_message_ends_with_one_full_stop():
    assert sentence("it broke") == sentence("it broke.") == "it broke."


def test_times_are_written_with_their_zone_and_hashes_are_shortened():
    assert moment_text(0) == "1970-01-01 00:00:00 UTC"
    assert short(b"\xab" * 32) == "0xabababab…"
