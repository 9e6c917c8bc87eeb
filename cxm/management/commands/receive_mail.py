"""Takes customers' mail over SMTP until it is told to stop."""

import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Receive customers' answers over SMTP on the loopback address; a mail server of yours may hand them on."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *, host: str, port: int, **options):
        if not settings.INBOUND_MAIL_DOMAIN:
            raise CommandError("Set INBOUND_MAIL_DOMAIN first: without it there is no address to receive for.")
        from alerts.correspondence.listening import MailListener  # aiosmtpd is only there where it is used

        stopping = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # before the threads begin
        listener = MailListener(hostname=host, port=port)
        listener.start()
        self.stdout.write(f"Receiving mail for {settings.INBOUND_MAIL_DOMAIN} on {host}:{port}")
        signal.sigwait(stopping)
        listener.stop()
