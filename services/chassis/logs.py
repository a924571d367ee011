"""Log lines for people."""

import logging

# They say at INFO what we say ourselves, or what nobody needs to know.
_CHATTY = ("alembic", "connexion", "httpx2", "uvicorn")


def set_up_logs() -> None:
    """Write what happens to the standard error, a line each."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S"
    )
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
