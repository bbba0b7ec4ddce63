"""Which programs are none of a run's business: package managers and builders, whose own requests are not the tests'."""

from .natives import command_line

_NAMES = frozenset((
    "pip", "pipx", "poetry", "uv", "pdm", "hatch", "conda", "mamba", "virtualenv", "venv", "ensurepip", "build", "twine",
    "tox", "nox", "pre_commit", "pre-commit", "pipenv", "flit", "maturin", "setuptools", "pyproject_hooks",
))


def is_package_manager():
    return any(_base(word) in _NAMES for word in _program(command_line()[1:]))


def _program(words):
    """What Python is told to run, in words: the script, or the module behind `-m`."""
    words = iter(words)
    for word in words:
        if word == "-m":
            return [next(words, "").split(".")[0]]
        if word.startswith("-m") and not word.startswith("--"):
            return [word[2:].split(".")[0]]
        if word in ("-c", "-"):
            return []
        if word in ("-W", "-X", "--check-hash-based-pycs"):
            next(words, None)
        elif not word.startswith("-"):
            return [word]
    return []


def _base(word):
    """The name of a program without its folder, version and ending: `pip` of `/usr/bin/pip3.11`."""
    return word.replace("\\", "/").rpartition("/")[2].partition(".py")[0].rstrip("0123456789.")
