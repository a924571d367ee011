import time
from uuid import RFC_4122

from services.chassis.entities.uuid7 import uuid7


def test_an_id_is_of_version_7_and_of_rfc_9562s_variant() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_an_id_begins_with_the_milliseconds_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = uuid7().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_ids_made_one_after_the_other_sort_in_that_order() -> None:
    made = []
    for _ in range(100):
        made.append(uuid7())
        time.sleep(0.000_01)
    assert made == sorted(made)
