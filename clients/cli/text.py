"""Texts for people, translatable through gettext catalogues in ``clients/locale`` (see ``scripts/texts.py``)."""

from __future__ import annotations

import gettext
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "locale"


def catalogue(folder: Path = FOLDER, languages: list[str] | None = None) -> gettext.NullTranslations:
    """The catalogue of the languages given, else of those that the environment names; English where there is none."""
    return gettext.translation("smartborder", localedir=folder, languages=languages, fallback=True)


_chosen = catalogue()

_ = _chosen.gettext
ngettext = _chosen.ngettext
