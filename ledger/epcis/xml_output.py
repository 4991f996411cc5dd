"""XML text, piece by piece: elements and attributes with everything escaped that has to be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9._\-]*")


def is_xml_text(text: str) -> bool:
    """Whether XML can hold the text: control characters, but for three, and non-characters it cannot."""
    return _NOT_XML.search(text) is None


def is_local_name(name: str) -> bool:
    """Whether the text can be the name of an element without its prefix (a plain subset of what XML allows)."""
    return _LOCAL.fullmatch(name) is not None


def without_controls(json_text: str) -> str:
    """JSON text in which the characters that XML cannot hold are written as JSON escapes."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)


def element(name: str, content: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """An element around content that is XML already."""
    start = name + "".join(f' {key}="{text.translate(_ATTRIBUTE)}"' for key, text in (attributes or {}).items())
    return f"<{start}>{content}</{name}>" if content else f"<{start}/>"


def text_element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> str:
    """An element around text."""
    return element(name, text.translate(_TEXT), attributes)
