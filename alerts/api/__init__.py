"""Follow-ups, by the API."""
