import pytest

from ledger.identity.errors import FileExposedError, KeystoreMissingError, PasswordMissingError
from ledger.identity.passwords import PASSWORD_VARIABLE, find_password
from ledger.identity.private_files import write_private


def never():
    pytest.fail("nobody should have been asked")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "private" / "password"
    write_private(path, "correct horse 電池\nsecond line\n".encode())
    return path


def test_a_file_comes_first_and_its_first_line_counts(file):
    assert find_password(file=file, environment={PASSWORD_VARIABLE: "other"}, ask=never) == "correct horse 電池"


def test_the_environment_comes_second():
    assert find_password(environment={PASSWORD_VARIABLE: " spaces count "}, ask=never) == " spaces count "


def test_a_person_is_asked_last():
    assert find_password(environment={}, ask=lambda: "typed") == "typed"


def test_without_any_source_the_message_names_them():
    with pytest.raises(PasswordMissingError) as caught:
        find_password(environment={})
    assert PASSWORD_VARIABLE in caught.value.diagnostics()


@pytest.mark.parametrize("environment", [{PASSWORD_VARIABLE: ""}, {}])
def test_an_empty_password_is_refused(environment):
    with pytest.raises(PasswordMissingError, match="empty"):
        find_password(environment=environment, ask=str)


def test_a_password_file_that_others_may_read_is_refused(file):
    file.chmod(0o644)
    with pytest.raises(FileExposedError):
        find_password(file=file, environment={})


def test_a_missing_password_file_is_named(file):
    with pytest.raises(KeystoreMissingError, match="no such file"):
        find_password(file=file.with_name("other"), environment={PASSWORD_VARIABLE: "not used"})


def test_a_password_file_of_bytes_is_refused(file):
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(PasswordMissingError, match="not UTF-8"):
        find_password(file=file, environment={})


def test_a_password_of_bytes_in_the_environment_is_refused():
    with pytest.raises(PasswordMissingError, match="not UTF-8"):
        find_password(environment={PASSWORD_VARIABLE: "\udcff\udcfe"})


def test_a_line_ending_of_windows_is_no_part_of_the_password(file):
    file.write_bytes(b"secret words\r\n")
    assert find_password(file=file, environment={}) == "secret words"
