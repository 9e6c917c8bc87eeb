"""Argon2 at a price tests can pay; a server with the product's own settings checks what it makes just as well."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
