"""Working on follow-ups: pauses, contacts, what the queue shows, many at once, and people who work side by side."""
