"""The servers that bin/up, bin/test and bin/bench bring along: PostgreSQL, Redis and a mailbox.

Standard library only, except where a mail is received: what starts the product must not load the product.
"""
