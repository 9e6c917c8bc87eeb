"""Asking again some days after a loop was closed: the plan, the ask, the answer and its result."""
