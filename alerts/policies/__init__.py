"""Setting up promised times: policies with their escalation steps, and the calendars that clocks run in."""
