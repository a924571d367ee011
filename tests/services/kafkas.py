"""A Kafka cluster for tests: the one in this process that librdkafka brings for its own tests."""

import ctypes
import time
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer, Message, TopicPartition, cimpl

BROKERS = (1, 2, 3)
PARTITIONS = 4

_PRODUCE = 0
_PRODUCER = 0
_Pointer = ctypes.c_void_p
_Text = ctypes.c_char_p


def _library() -> ctypes.CDLL:
    """Return librdkafka, which the package knows how to find, with types for what is used here."""
    library = ctypes.CDLL(cimpl.__file__)
    for name, returned, arguments in (
        ("conf_new", _Pointer, []),
        ("conf_set", ctypes.c_int, [_Pointer, _Text, _Text, _Pointer, ctypes.c_size_t]),
        ("new", _Pointer, [ctypes.c_int, _Pointer, _Pointer, ctypes.c_size_t]),
        ("destroy", None, [_Pointer]),
        ("mock_cluster_new", _Pointer, [_Pointer, ctypes.c_int]),
        ("mock_cluster_destroy", None, [_Pointer]),
        ("mock_cluster_bootstraps", _Text, [_Pointer]),
        ("mock_broker_set_down", ctypes.c_int, [_Pointer, ctypes.c_int32]),
        ("mock_broker_set_up", ctypes.c_int, [_Pointer, ctypes.c_int32]),
        ("mock_broker_set_rtt", ctypes.c_int, [_Pointer, ctypes.c_int32, ctypes.c_int]),
        ("mock_topic_set_error", None, [_Pointer, _Text, ctypes.c_int]),
        (
            "mock_push_request_errors_array",
            None,
            [_Pointer, ctypes.c_int16, ctypes.c_size_t, _Pointer],
        ),
    ):
        function = getattr(library, f"rd_kafka_{name}")
        function.restype, function.argtypes = returned, arguments
    return library


class Kafka:
    """A cluster of three brokers; topics come to be, of four partitions, by what is put to them."""

    def __init__(self) -> None:
        self._library = _library()
        settings = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(settings, b"log_level", b"0", None, 0)
        self._client = self._library.rd_kafka_new(_PRODUCER, settings, None, 0)
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, len(BROKERS))
        self.brokers: str = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        self.url = f"kafka://{self.brokers}"

    def goes(self) -> None:
        """Refuse connections, and cut those there are."""
        for broker in BROKERS:
            self._library.rd_kafka_mock_broker_set_down(self._cluster, broker)

    def comes(self) -> None:
        """Be there again."""
        for broker in BROKERS:
            self._library.rd_kafka_mock_broker_set_up(self._cluster, broker)

    def slow(self, milliseconds: int) -> None:
        """Answer after a while."""
        for broker in BROKERS:
            self._library.rd_kafka_mock_broker_set_rtt(self._cluster, broker, milliseconds)

    def refuse(self, *errors: int) -> None:
        """Answer the next requests to store messages with these errors, 0 being none."""
        codes = (ctypes.c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(
            self._cluster, _PRODUCE, len(errors), codes
        )

    def refuse_topic(self, topic: str, error: int) -> None:
        """Say that there is something wrong with a topic."""
        self._library.rd_kafka_mock_topic_set_error(self._cluster, topic.encode(), error)

    def taken(self, topic: str, count: int) -> list[Message]:
        """Return the messages of a topic, of each partition in order, as many as are asked for.

        Fails where they do not come within seconds.
        """
        consumer = Consumer(
            {"bootstrap.servers": self.brokers, "group.id": "test", "enable.auto.commit": False}
        )
        try:
            consumer.assign([TopicPartition(topic, each, 0) for each in range(PARTITIONS)])
            found: list[Message] = []
            deadline = time.monotonic() + 20
            while len(found) < count:
                assert time.monotonic() < deadline, f"{len(found)} of {count} messages came"
                found += consumer.consume(10_000, 0.2)
            return found
        finally:
            consumer.close()

    def end(self) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._client)


@pytest.fixture
def kafka() -> Iterator[Kafka]:
    kafka = Kafka()
    yield kafka
    kafka.end()
