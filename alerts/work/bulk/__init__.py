"""One deed done to many follow-ups: chosen, shown beforehand, done row by row, and taken back while it is fresh."""

from importlib import import_module

# Each file names its deeds; a further one is a further file.
for _module in ("owners", "clocks", "marks", "playbooks", "closing", "handing_over"):
    import_module(f"alerts.work.bulk.deeds.{_module}")
