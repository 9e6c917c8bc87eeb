"""What can be done to many follow-ups at once, one file a subject."""
