from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from clients.cli.text import FOLDER, catalogue


def translated(folder, translations):
    with (FOLDER / "smartborder.pot").open("rb") as template:
        texts = read_po(template, locale="zh")
    for original, translation in translations.items():
        assert original in texts, original
        texts[original].string = translation
    place = folder / "zh" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "smartborder.mo").open("wb") as file:
        write_mo(file, texts)


def test_a_catalogue_made_from_the_template_translates_words_and_help(tmp_path):
    help_text = "Put a seal on the goods."
    translated(tmp_path, {"verified": "已核实", "handover offered": "已提出移交", help_text: "给货物加封。"})
    chinese = catalogue(tmp_path, ["zh"])
    assert chinese.gettext("verified") == "已核实"
    assert chinese.gettext("handover offered") == "已提出移交"
    assert chinese.gettext(help_text) == "给货物加封。"
    assert chinese.gettext("a text that nobody translated") == "a text that nobody translated"


def test_where_there_is_no_catalogue_texts_are_english(tmp_path):
    assert catalogue(tmp_path, ["zh"]).gettext("verified") == "verified"
