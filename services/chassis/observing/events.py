"""How far the events of a service are: those it tells, and those it hears."""

from injector import inject
from prometheus_client.metrics_core import Metric
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.chassis.observing.hearing import hearing_figures
from services.chassis.observing.telling import telling_figures


class EventFigures:
    """Reads the figures from the database."""

    @inject
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> list[Metric]:
        """Return the figures of now. Raises what the database raises."""
        with Session(self._engine) as session:
            return [*telling_figures(session), *hearing_figures(session)]
