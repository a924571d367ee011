"""How a command ends: with 0, or with a sentence that says why it could not, and what to do."""

import logging
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from sqlalchemy.exc import SQLAlchemyError

from services.chassis.errors import DatabaseAway, RegistryAway, ServiceError, SettingsError
from services.chassis.operate.places import NoSuchService

# What is to be said the command says itself.
_NOWHERE = logging.NullHandler()


class Refused(ServiceError):
    """The command does not do what its words say; the text says why, and what to write."""


def ended(command: str, work: Callable[[], int]) -> int:
    """Do the work of a command and return its exit code.

    That is what the work returns; 0 where its reader had seen enough, 1 where something failed, 2
    where the words or the settings are wrong.
    """
    logging.getLogger("services").addHandler(_NOWHERE)
    if isinstance(sys.stdout, TextIOWrapper):
        # What a terminal has no signs for is shown all the same.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return work()
    except (NoSuchService, Refused, SettingsError) as error:
        say(command, str(error))
        return 2
    except DatabaseAway as error:
        say(command, f"The database does not answer ({error.reason}).")
    except RegistryAway as error:
        say(command, f"The registry of schemas does not answer ({error.reason}).")
    except (ServiceError, SQLAlchemyError) as error:
        say(command, str(error).splitlines()[0])
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        # As of `| head`. Python would complain at the end that what is left cannot be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 1


def say(command: str, sentence: str) -> None:
    """Tell the person at the terminal, beside what the command prints."""
    sys.stderr.write(f"{command}: {sentence}\n")
    sys.stderr.flush()
