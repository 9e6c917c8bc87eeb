"""Text for people out of what mail programs send: HTML without its tags, and nothing that is not text."""

import re
import unicodedata
from html import unescape

HTML_CHARACTERS = 200_000
SILENT = {"head", "script", "style", "template", "title"}
BLOCKS = {"address", "article", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
BLOCKS |= {"li", "main", "ol", "p", "pre", "section", "table", "tr", "ul", "br"}
GAPS = {"p", "table", "ul", "ol", "h1", "h2", "h3"}
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?].*?(?:>|\Z)", re.DOTALL)
TAG = re.compile(r"<([^<>]*)>")
NAME = re.compile(r"\s*(/?)\s*([a-zA-Z][a-zA-Z0-9]*)")
# Marks that turn the direction of what follows: a name could pose as another.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def text_of_html(html: str) -> str:
    """What an HTML mail says, a quotation as lines that begin with >. Reads at most HTML_CHARACTERS.

    No parser of the library: those take minutes over a mail that opens tags and never closes one.
    """
    reader = _Reader()
    pieces = TAG.split(COMMENT.sub("", html[:HTML_CHARACTERS]))
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            reader.read_words(unescape(piece))
        elif name := NAME.match(piece):
            reader.read_tag(name[2].lower(), is_end=bool(name[1]))
    return reader.text()


def cleaned(text: str) -> str:
    """The same text in plain lines: no control characters, at most one empty line in a row, nothing at the ends."""
    text = "".join(each for each in text.replace("\r\n", "\n").replace("\r", "\n") if each in "\n\t" or _is_text(each))
    lines = [" ".join(line.split()) if not line.startswith(">") else line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """A heading, a name: without line breaks, control characters and marks of direction."""
    text = "".join(each if _is_text(each) else " " for each in TURNING.sub("", text))
    return " ".join(text.split())


def _is_text(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs")


class _Reader:
    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.silent = ""
        self.depth = 0

    def read_tag(self, name: str, *, is_end: bool) -> None:
        if self.silent:
            self.silent = "" if is_end and name == self.silent else self.silent
        elif name in SILENT:
            self.silent = "" if is_end else name
        elif name == "blockquote":
            self._break()
            self.depth = max(self.depth + (-1 if is_end else 1), 0)
        elif name in BLOCKS and not (is_end and name == "br"):
            self._break(gap=name in GAPS)
            if name == "li" and not is_end:
                self.lines[-1] = "- "
        elif name in ("td", "th"):
            self.lines[-1] += " "

    def read_words(self, words: str) -> None:
        if self.silent:
            return
        words = re.sub(r"\s+", " ", words)
        line = self.lines[-1]
        if not line and self.depth and words.strip():
            line = ">" * min(self.depth, 5) + " "
        self.lines[-1] = line + (words.lstrip() if not line or line.endswith(" ") else words)

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    def _break(self, *, gap: bool = False) -> None:
        if self.lines[-1].strip():
            self.lines.append("")
            if gap and not self.depth:
                self.lines.append("")
