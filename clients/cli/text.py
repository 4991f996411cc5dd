"""Texts for people, translatable through gettext catalogues in ``clients/locale``."""

from __future__ import annotations

import gettext
from pathlib import Path

_catalogue = gettext.translation("smartborder", localedir=Path(__file__).parent.parent / "locale", fallback=True)

_ = _catalogue.gettext
ngettext = _catalogue.ngettext
