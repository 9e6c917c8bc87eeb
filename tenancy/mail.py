"""Mail in an organization's name: writing it out, and handing it to the SMTP server over one connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from tenancy.models import Organization


@dataclass(frozen=True)
class Sender:
    """What a mail says about the organization it comes from; a copy, since mail is written outside any scope."""

    organization_id: UUID
    name: str
    slug: str
    brand_color: str
    postal_address: str
    from_name: str
    reply_to: str
    time_zone: str

    @classmethod
    def of(cls, organization: Organization) -> "Sender":
        return cls(
            organization.id,
            organization.name,
            organization.slug,
            organization.brand_color,
            organization.postal_address,
            organization.sender_name or organization.name,
            organization.reply_to,
            organization.time_zone,
        )

    @property
    def from_address(self) -> str:
        """The organization's name before the address of this installation, so that SPF and DKIM hold."""
        return formataddr((self.from_name, parseaddr(settings.MAIL_FROM)[1]))


def new_message_id() -> str:
    return make_msgid(domain=urlsplit(settings.BASE_URL).hostname or "cxm")


def write_mail(
    template: str,
    *,
    to: str,
    sender: Sender,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """A mail from `emails/<template>_subject.txt`, `.txt` and `.html`; the styles of the HTML are inlined.

    Must run outside an organization's scope: writing takes time that an open transaction should not.
    """
    values = {"sender": sender, "base_url": settings.BASE_URL, **context}
    subject = " ".join(render_to_string(f"emails/{template}_subject.txt", values).split())
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"emails/{template}.txt", values).strip() + "\n",
        from_email=sender.from_address,
        to=[to],
        reply_to=[reply_to or sender.reply_to] if (reply_to or sender.reply_to) else None,
        headers={"Message-ID": new_message_id(), "Auto-Submitted": "auto-generated", **(headers or {})},
    )
    mail.attach_alternative(inline_styles(render_to_string(f"emails/{template}.html", values)), "text/html")
    return mail


def inline_styles(html: str) -> str:
    """The HTML with its style sheet inlined; media queries stay in the head. Reads nothing from elsewhere."""
    return css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False)


@contextmanager
def mail_connection() -> Iterator[BaseEmailBackend]:
    """One SMTP connection for a batch. Raises OSError or smtplib.SMTPException when it cannot be opened."""
    connection = get_connection(fail_silently=False)
    connection.open()
    try:
        yield connection
    finally:
        connection.close()
