"""The parts of an Excel workbook: a ZIP archive of XML files that point at each other."""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from .broken import FileRefused

_READ_BYTES = 64 * 1024
_SMALL_PART_BYTES = 8 * 1024 * 1024
# Built-in number formats that show a date or a time; the higher ones are those of East Asian editions.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_FORMAT_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


class Workbook:
    """The sheets by title, in their order, and what is needed to read their cells."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        root = self._small_part("xl/workbook.xml")
        self._relations = self._read_relations()
        sheets = root.findall("{*}sheets/{*}sheet")
        self._paths = {
            sheet.get("name", ""): target
            for sheet in sheets
            # Sheets that are a chart hold no cells.
            if (target := self._relations.get(_relation_of(sheet), ("", "")))[0] == "worksheet"
        }
        hidden = {sheet.get("name", "") for sheet in sheets if sheet.get("state", "visible") != "visible"}
        self.titles = [title for title in self._paths if title not in hidden] or list(self._paths)
        properties = root.find("{*}workbookPr")
        self.counts_from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def open_sheet(self, title: str) -> IO[bytes]:
        return self.archive.open(self._paths[title][1])

    def shared_texts(self) -> list[str]:
        """The texts that cells refer to by number: in memory as a whole, which is why their part is limited."""
        reader = _SharedTexts()
        if path := self._part("sharedStrings"):
            with self.archive.open(path) as part:
                for _ in parse_xml(part, reader.start, reader.end, reader.text):
                    pass
        return reader.texts

    def date_styles(self) -> set[int]:
        """The cell styles under which a number is a date or a time."""
        path = self._part("styles")
        if not path:
            return set()
        root = self._small_part(path)
        dates = _DATE_FORMATS | {
            int(each.get("numFmtId", ""))
            for each in root.findall("{*}numFmts/{*}numFmt")
            if shows_date(each.get("formatCode", ""))
        }
        styles = root.findall("{*}cellXfs/{*}xf")
        return {index for index, style in enumerate(styles) if int(style.get("numFmtId") or 0) in dates}

    def _part(self, kind: str) -> str:
        return next((path for each, path in self._relations.values() if each == kind), "")

    def _read_relations(self) -> dict[str, tuple[str, str]]:
        """Id -> (last word of its type, path in the archive)."""
        root = self._small_part("xl/_rels/workbook.xml.rels")
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/xl", each.get("Target", ""))).lstrip("/"),
            )
            for each in root.findall("{*}Relationship")
        }

    def _small_part(self, path: str) -> Element:
        if self.archive.getinfo(path).file_size > _SMALL_PART_BYTES:
            raise FileRefused("unpacks_too_large", "This workbook unpacks to more than can be read.")
        return fromstring(self.archive.read(path), forbid_dtd=True)


def parse_xml(
    part: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Stream an XML part through the three handlers, names without prefix; yields after every 64 KiB.

    expat itself, for two reasons: the streaming parsers above it keep an element until it ends, however large; and the
    hardened ones are pure Python, which made a workbook of 100,000 rows take 30 seconds instead of 4.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype

    def begin(root: str, attributes: dict[str, str]) -> None:
        # Hardly any program writes prefixes, and taking them off would cost a third of the time.
        prefix = root.rpartition(":")[0]
        parser.StartElementHandler = start if not prefix else lambda name, rest: start(name.rpartition(":")[2], rest)
        parser.EndElementHandler = end if not prefix else lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = text

    parser.StartElementHandler = begin
    while data := part.read(_READ_BYTES):
        parser.Parse(data)
        yield
    parser.Parse(b"", True)
    yield


def shows_date(code: str) -> bool:
    """Whether a number format shows (a part of) a date or a time."""
    letters = _NOT_FORMAT_LETTERS.sub("", code.split(";")[0]).lower()
    return "general" not in letters and any(letter in letters for letter in "dmyhs")


def _refuse_doctype(*_: Any) -> None:
    # No program writes one into a workbook; it is the way to entities that grow without end.
    raise ValueError("a workbook has no document type")


def _relation_of(sheet: Element) -> str:
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


class _SharedTexts:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._is_text = False
        self._phonetic = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._phonetic += 1
        elif name == "t":
            self._is_text = not self._phonetic

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.append("".join(self._parts))
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "t":
            self._is_text = False

    def text(self, data: str) -> None:
        if self._is_text:
            self._parts.append(data)
