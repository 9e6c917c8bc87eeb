"""Telling places outside: channels (one file each), what goes to them, and what became of every delivery."""
