"""Rules: what they ask of an answer, and what they do when it holds."""
