"""``python -m stepladder`` is the same as ``stepladder``."""

from stepladder.cli.main import run

if __name__ == "__main__":
    run()
