"""docs/epcis.md says what the code does."""

import re

import pytest

from ledger.epcis.limits import DEFAULT_LIMITS, MEBIBYTE, MOST_PREFIXES
from ledger.epcis.rules import RULES
from ledger.epcis.xml_names import OURS
from tests.ledger.epcis.oracles import ROOT

TEXT = (ROOT / "docs" / "epcis.md").read_text()


def test_the_table_of_rules_is_the_one_in_the_code():
    documented = re.findall(r"^\| `([a-z0-9-]+\.[a-z0-9-]+)` \| (.*) \| (.*) \| (.*) \|$", TEXT, re.MULTILINE)
    assert documented == [
        (
            name,
            rule.meaning,
            rule.source,
            "; ".join(part for part in (rule.stricter, rule.beyond_xsd and f"in XML: {rule.beyond_xsd}") if part),
        )
        for name, rule in RULES.items()
    ]


def test_every_rule_that_is_used_is_in_the_table_and_the_other_way_round():
    code = "".join(path.read_text() for path in (ROOT / "ledger" / "epcis").glob("*.py") if path.name != "rules.py")
    used = {name for name in re.findall(r'"([a-z0-9]+\.[a-z-]+)"', code) if name.split(".")[0] in PREFIXES}
    assert used == set(RULES)


PREFIXES = {name.split(".")[0] for name in RULES}


def test_the_limits_are_those_of_the_code():
    for number in (DEFAULT_LIMITS.depth, DEFAULT_LIMITS.events, DEFAULT_LIMITS.number_characters, MOST_PREFIXES):
        assert f"{number:,}" in TEXT
    assert f"{DEFAULT_LIMITS.size_bytes // MEBIBYTE} MiB" in TEXT
    assert OURS in TEXT


def test_the_first_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    example = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    exec(compile(example[1], "docs/epcis.md", "exec"), {})
    output = capsys.readouterr().out
    assert "ObjectEvent sensor_reporting" in output
    assert "[context.missing]" in output


@pytest.mark.parametrize("command", ["check", "hash", "convert"])
def test_every_command_is_shown(command):
    assert f"smartborder epcis {command}" in TEXT
