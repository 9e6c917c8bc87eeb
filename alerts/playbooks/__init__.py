"""What to do in which situation: playbooks with their steps, and texts that a reply starts from."""
