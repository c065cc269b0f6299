"""The password hasher: Argon2 with a memory cost that many sign-ins at once can bear."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    # Django's default takes 100 MiB a sign-in; this is 64 MiB, one lane, about 0.2 s.
    time_cost = 3
    memory_cost = 65536
    parallelism = 1
