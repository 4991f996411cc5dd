"""What counts of a coverage report."""

import pytest

from scripts.analysis.branches import counted, judge

REPORT = """\
TN:
SF:contracts/Members.sol
BRDA:10,0,0,1
BRF:20
BRH:19
end_of_record
TN:
SF:tests/contracts/Members.t.sol
BRF:100
BRH:0
end_of_record
TN:
SF:contracts/types/Key.sol
BRF:0
BRH:0
end_of_record
"""


def test_only_the_contracts_own_branches_count():
    assert dict(counted(REPORT)) == {"contracts/Members.sol": (19, 20), "contracts/types/Key.sol": (0, 0)}


@pytest.mark.parametrize(("taken", "status"), [(19, 0), (18, 1), (0, 1)])
def test_too_few_branches_fail_and_are_named(taken, status, capsys):
    assert judge({"contracts/Members.sol": (taken, 20)}) == status
    assert f"contracts/Members.sol: {20 - taken} of 20 branches are not taken" in capsys.readouterr().out


def test_a_report_of_nothing_fails():
    assert judge({}) == 1
