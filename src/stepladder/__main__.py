"""The program begins here, as ``stepladder`` or ``python -m stepladder``: whoever stops it while it still imports
sees no traceback.
"""

import os


def run() -> None:
    """Entry point of the program."""
    try:
        from stepladder.cli.main import run as begin

        begin()
    except KeyboardInterrupt:
        os._exit(130)


if __name__ == "__main__":
    run()
