"""Runs the mailbox: `python -m cxm.embedded.mailbox --directory var/mails --smtp-port 1025 --web-port 8025`."""

import argparse
import signal
from pathlib import Path

from cxm.embedded.mailbox.messages import Messages
from cxm.embedded.mailbox.receiving import MailServer, Receiver
from cxm.embedded.mailbox.serving import PageServer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--web-port", type=int, required=True)
    parser.add_argument("--reply-port", type=int, help="where answers are handed in; without it nobody can answer")
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)

    stopping = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # before the threads begin, so that none of them is interrupted
    mail_server = MailServer(Receiver(options.directory), port=options.smtp_port)
    page_server = PageServer(Messages(options.directory), port=options.web_port, reply_port=options.reply_port)
    mail_server.start()
    page_server.start()
    signal.sigwait(stopping)
    page_server.stop()
    mail_server.stop()


if __name__ == "__main__":
    main()
