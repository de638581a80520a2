"""The checks, in the order in which they run."""

checks = []


def check(function):
    """Registers a check; they run in the order in which they are written."""
    checks.append(function)
    return function
