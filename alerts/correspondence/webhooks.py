"""Mail that a provider receives for us and hands on over HTTP, in the normalised form of django-anymail.

The provider proves itself by the shared secret (and its own signature where it has one), checked by anymail before
anything is looked at.
"""

from anymail.inbound import AnymailInboundMessage
from anymail.signals import inbound
from anymail.utils import get_request_basic_auth
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alerts.correspondence.files import without_large_files
from alerts.correspondence.intake import SIZE_LIMIT, Answer, take_in

# JSON carries attachments in base64, a third longer.
BODY_LIMIT = SIZE_LIMIT * 3 // 2
# What providers take themselves, with room for their envelope: of a mail that large the words are kept.
LARGEST_BODY = 50_000_000
# Intake puts the sender of the envelope in front.
ROOM = SIZE_LIMIT - 1000
# As the settings name them.
VIEWS = {
    "mailgun": MailgunInboundWebhookView,
    "mailjet": MailjetInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "sendgrid": SendGridInboundWebhookView,
    "sparkpost": SparkPostInboundWebhookView,
}


class ComeLater(Exception):
    """The follow-up takes no more mail for now."""


@csrf_exempt
@login_not_required
@require_POST
def inbound_mail(request: HttpRequest, provider: str) -> HttpResponse:
    """One call of a provider; only those of INBOUND_MAIL_PROVIDERS are there at all."""
    if provider not in settings.INBOUND_MAIL_PROVIDERS:
        raise Http404
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return HttpResponse(status=411)
    # Who does not know the secret fills no memory.
    limit = LARGEST_BODY if _knows_secret(request) else BODY_LIMIT
    if int(length) > limit:
        return HttpResponse(status=413)
    if not (request.content_type or "").startswith("multipart/"):
        # Larger than what pages may send; forms with files have limits of their own.
        request._body = request.read(limit)  # type: ignore[attr-defined]
    try:
        return VIEWS[provider].as_view()(request)
    except ComeLater:
        return HttpResponse(status=429, headers={"Retry-After": "900"})


@receiver(inbound)
def take_event(*, event, **facts) -> None:
    """A mail that is for nobody is no failure: the provider would try for days."""
    message: AnymailInboundMessage = event.message
    if message.spam_detected and "X-Spam-Flag" not in message:
        message["X-Spam-Flag"] = "YES"
    recipients = [message.envelope_recipient] if message.envelope_recipient else _addressed(message)
    raw = message.as_bytes()
    if len(raw) > ROOM:
        raw = without_large_files(message, ROOM)
    if take_in(raw, recipients=recipients, sender=message.envelope_sender) == Answer.TOO_MANY:
        raise ComeLater


def _knows_secret(request: HttpRequest) -> bool:
    given = get_request_basic_auth(request) or ""
    return any(constant_time_compare(given, secret) for secret in settings.ANYMAIL_WEBHOOK_SECRET)


def _addressed(message: AnymailInboundMessage) -> list[str]:
    """Who stands in the headers, where the provider does not say whom it received the mail for."""
    return [str(each.addr_spec) for each in [*message.to, *message.cc]]
