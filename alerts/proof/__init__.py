"""Proof that loops were closed, and that it helped.

closing -> recovery/ (asks again, what came of it)
measures/ (how the loop runs), effect/ (whether it helps), team/ (by person)
initiatives/ (causes mended for everybody, and telling those who raised them)
"""
