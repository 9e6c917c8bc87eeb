"""How allauth works here: who signs up, which addresses count, and how its mails look.

Signing up stores a wish for an organization; it is founded when the e-mail address is confirmed. So sign-ups that are
never confirmed leave no organization behind, and nobody's name is taken by somebody who cannot read the mail.
"""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tenancy.audit import client_address
from tenancy.mail import inline_styles, new_message_id
from tenancy.models import User
from tenancy.organizations import found_organization

logger = logging.getLogger(__name__)

NOT_SENT = gettext_lazy("The mail could not be sent. Please try again in a few minutes.")


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own behaviour, except where this product decides."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).strip().lower()

    def get_client_ip(self, request: HttpRequest) -> str:
        """What rate limits count by: the address our own proxies saw."""
        return client_address(request) or super().get_client_ip(request)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            is_confirmed = super().confirm_email(request, email_address)
            if is_confirmed:
                found_wished_organization(user=email_address.user)
        return is_confirmed

    # Links in mails name this installation's public address, whatever host the request claimed to be for.

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, token = key.split("-", 1)
        return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: dict | None = None
    ) -> EmailMessage:
        """The plain text is written (`<prefix>_message.txt`); the HTML is our frame around its paragraphs."""
        values = {"base_url": settings.BASE_URL, **context}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", values).split())
        text = render_to_string(f"{template_prefix}_message.txt", values).strip() + "\n"
        mail = EmailMultiAlternatives(
            subject,
            text,
            settings.MAIL_FROM,
            [email] if isinstance(email, str) else email,
            headers={"Message-ID": new_message_id(), "Auto-Submitted": "auto-generated", **(headers or {})},
        )
        frame = {"subject": subject, "parts": _parts_of(text), "sender": {"name": "CXM"}, "base_url": settings.BASE_URL}
        mail.attach_alternative(inline_styles(render_to_string("account/email/frame.html", frame)), "text/html")
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sent at once: the person waits for it. A mail server that is down is said on the page, never a 500."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException):
            logger.exception("The mail %s could not be sent", template_prefix)
            messages.error(self.request, str(NOT_SENT))


def _parts_of(text: str) -> list[dict[str, Any]]:
    """The paragraphs above the signature; one that is an address and nothing else becomes a button."""
    body = text.partition("\n-- \n")[0]
    parts = [part.strip() for part in body.split("\n\n") if part.strip()]
    return [{"text": part, "is_link": part.startswith("http") and len(part.split()) == 1} for part in parts]


def found_wished_organization(*, user: User) -> None:
    """Found the organization this person named when signing up, once."""
    wish = user.wished_organization
    if wish:
        user.wished_organization = ""
        user.save(update_fields=["wished_organization"])
        found_organization(name=wish, by=user)


def create_verified_user(*, email: str, password: str | None, name: str = "") -> User:
    """A person whose address needs no confirming: for demo data and tests."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
