"""Hypothesis: the same examples in every run where CI is set, new ones elsewhere."""

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "developer", deadline=None, max_examples=150, database=None, suppress_health_check=SLOW
)
settings.register_profile("ci", settings.get_profile("developer"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")
