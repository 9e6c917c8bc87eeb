"""One form for every way to write the same e-mail address."""

import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)


def normalise_email(text: str) -> str:
    """The address in lower case and NFKC, the domain as ASCII (IDNA 2008), at most 254 characters.

    Two addresses that reach the same mailbox by any usual server come out equal. Raises ValueError with a
    sentence for people when this is not an address that mail can be sent to.
    """
    address = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip()
    address = address.removeprefix("mailto:").removeprefix("MAILTO:").lower()
    local, at, domain = address.rpartition("@")
    shown = address if len(address) <= 60 else address[:60] + "…"
    if not at:
        raise ValueError(f"“{shown}” is not an e-mail address.")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            raise ValueError(f"“{shown}” has a domain that cannot exist.") from None
    address = f"{local}@{domain}"
    if not address.isascii():
        raise ValueError(f"“{shown}” has letters before the @ that mail servers do not accept.")
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(f"“{shown}” is not an e-mail address.") from None
    if len(address) > 254:
        raise ValueError(f"“{shown}” is longer than an e-mail address may be.")
    return address
