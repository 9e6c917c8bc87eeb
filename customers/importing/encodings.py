"""Which encoding a text file is in: by its byte order mark, by being valid UTF-8, else by its letters."""

import codecs
from pathlib import Path

from .broken import FileRefused

_BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]

# What a person may choose when the guess is wrong: name for Python, name for people.
ENCODINGS: dict[str, str] = {
    "utf-8-sig": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "utf-16-le": "Unicode (UTF-16, little endian, no mark)",
    "utf-16-be": "Unicode (UTF-16, big endian, no mark)",
    "utf-32": "Unicode (UTF-32)",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp874": "Thai (Windows-874)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "cp949": "Korean (Windows-949)",
    "mac_roman": "Western European (Macintosh)",
    "cp850": "Western European (DOS)",
}

_SAMPLE_BYTES = 64 * 1024
_CHUNK_BYTES = 1024 * 1024

# The letters and signs of Western European languages that are written with Windows-1252. Others in that
# code page (thorn, the fractions, the small raised figures) mean, in practice, that the text is in
# another code page.
_WESTERN = set(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿœšžßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŸŒŠŽ€£°ºª“”„‘’‚–—…«»‹›¿¡§©®™·•´¨\xa0\xad²³½¼¾±×÷µ¢¥"
)
# Turkish read as Windows-1252: its own six letters come out as Icelandic ones, without the accents
# Icelandic is full of.
_TURKISH_MISREAD = set("ýþðÝÞÐ")
_TURKISH = _TURKISH_MISREAD | set("çöüâîûÇÖÜÂÎÛ")
_NEVER_INSIDE_WORDS = set("€£“”„‚–—…«»‹›¿¡§©®™•¨²³½¼¾±×÷¢¥")


def find_encoding(path: Path) -> str:
    """The encoding of the text file, a key of ENCODINGS. Reads the file once, 1 MiB at a time.

    Raises FileRefused when the bytes are no text in any of them.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    if wide := _unmarked_utf16(sample):
        return wide
    if _is_utf8(path):
        return "utf-8-sig"
    return _guess(_lines_beyond_ascii(path))


def _unmarked_utf16(sample: bytes) -> str:
    # Separators and digits are ASCII in every table, so that in UTF-16 every second byte is often zero.
    pairs = max(len(sample) // 2, 1)
    first_zero, second_zero = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if second_zero > 0.2 and first_zero < 0.05:
        return "utf-16-le"
    if first_zero > 0.2 and second_zero < 0.05:
        return "utf-16-be"
    if first_zero + second_zero > 0.1:
        raise FileRefused("not_a_table", "This is not a text file. Export the data as CSV or .xlsx.")
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines_beyond_ascii(path: Path) -> bytes:
    """Lines that tell something: at most 64 KiB of those with bytes beyond ASCII, from anywhere in the
    file.
    """
    found = bytearray()
    with path.open("rb") as file:
        while len(found) < _SAMPLE_BYTES and (line := file.readline(_SAMPLE_BYTES)):
            if not line.isascii():
                found += line
    return bytes(found[:_SAMPLE_BYTES])


def _guess(sample: bytes) -> str:
    if _looks_western(sample):
        return "cp1252"
    letters = {letter for letter in sample.decode("cp1252", "replace") if letter.isalpha() and not letter.isascii()}
    if letters & _TURKISH_MISREAD and letters <= _TURKISH:
        return "cp1254"
    # Imported here because it is needed for few files and would cost every web process 3 MB.
    from charset_normalizer import from_bytes

    candidates = [name for name in ENCODINGS if not name.startswith("utf")]
    best = from_bytes(sample, cp_isolation=candidates, enable_fallback=False).best()
    if best is not None and best.encoding in ENCODINGS:
        return best.encoding
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        raise FileRefused(
            "unknown_encoding",
            "The letters in this file are in an encoding we do not know. Save it as “CSV UTF-8” and retry.",
        ) from None
    return "cp1252"


def _looks_western(sample: bytes) -> bool:
    """Whether the sample reads as Windows-1252 with hardly a letter that Western European texts do not
    use.

    Detection by statistics is unsure on short texts, and Windows-1252 is what spreadsheet programs have
    written for decades; so it is tried first. Another script would show as long runs of accented letters.
    """
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    unlikely = beyond = 0
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if letter.isascii():
            continue
        beyond += 1
        inside_word = before.isalpha() and after.isalpha()
        in_a_run = not before.isascii() and before.isalpha() and not after.isascii() and after.isalpha()
        unlikely += letter not in _WESTERN or in_a_run or (inside_word and letter in _NEVER_INSIDE_WORDS)
    return unlikely <= 0.05 * beyond
