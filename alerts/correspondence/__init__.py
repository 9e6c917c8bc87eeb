"""What customers write back: an address for each follow-up, the way in, and how a mail becomes a line of history."""
