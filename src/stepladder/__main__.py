"""The program begins here, as ``stepladder`` or ``python -m stepladder``: whoever stops it while it still imports
sees no traceback.
"""

import gc
import os


def run() -> None:
    """Entry point of the program."""
    # Short commands make many small objects, the first while they import, and end: looking for cycles among them costs
    # a tenth of their time.
    gc.set_threshold(50_000, 20, 1000)
    try:
        from stepladder.cli.main import run as begin

        begin()
    except KeyboardInterrupt:
        os._exit(130)
    finally:
        # The memory goes back as a whole: what is left needs no search for cycles.
        gc.freeze()


if __name__ == "__main__":
    run()
