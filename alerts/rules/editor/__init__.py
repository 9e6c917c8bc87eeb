"""Editing rules in plain words: conditions as rows of a sentence, what is done as fields, and pages around both."""
