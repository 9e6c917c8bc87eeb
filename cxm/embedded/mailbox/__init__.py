"""A local mailbox: a real SMTP server on the loopback address, and a page that shows mails as received."""
