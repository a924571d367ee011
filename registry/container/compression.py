"""What the data of a block are compressed with (Avro 1.12, "Object Container Files", codecs)."""

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from cramjam import DecompressionError, snappy

from registry.errors import LimitExceeded, Undecodable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Codec: TypeAlias = Literal["null", "deflate", "snappy", "zstandard"]

_RAW: Final = -15  # zlib's word for deflate (RFC 1951) without zlib's own frame
_CRC_SIZE: Final = 4
_HIGHEST_WINDOW: Final = 26  # 64 MiB, as a power of two


class Compression(NamedTuple):
    """How a codec compresses data, and expands them to no more than so many bytes.

    `expand` raises Undecodable, without a place, and LimitExceeded.
    """

    compress: Callable[[bytes], bytes]
    expand: Callable[[bytes, int], bytes]


def _unchanged(data: bytes, most: int) -> bytes:
    return _within(data, most)


def _inflate(data: bytes, most: int) -> bytes:
    """Expand raw deflate (RFC 1951).

    Some writers leave bytes of zlib's checksum (RFC 1950) behind it.
    """
    machine = zlib.decompressobj(_RAW)
    try:
        expanded = _within(machine.decompress(data, most + 1), most)
    except zlib.error:
        raise _spoilt("deflate") from None
    rest = machine.unused_data
    if not machine.eof or (rest and not _checksum(expanded).startswith(rest)):
        raise _spoilt("deflate")
    return expanded


def _checksum(data: bytes) -> bytes:
    return zlib.adler32(data).to_bytes(4, "big")


def _to_snappy(data: bytes) -> bytes:
    return bytes(snappy.compress_raw(data)) + zlib.crc32(data).to_bytes(_CRC_SIZE, "big")


def _from_snappy(data: bytes, most: int) -> bytes:
    """Expand raw snappy, behind which the CRC-32 of the expanded data stands, big-endian."""
    raw = data[:-_CRC_SIZE]
    try:
        if snappy.decompress_raw_len(raw) > most:
            raise _too_large(most)
        expanded = bytes(snappy.decompress_raw(raw))
    except DecompressionError:
        raise _spoilt("snappy") from None
    if zlib.crc32(expanded).to_bytes(_CRC_SIZE, "big") != data[-_CRC_SIZE:]:
        reason = "the checksum does not fit: the data have changed since they were written"
        raise Undecodable("", None, reason)
    return expanded


def _from_zstandard(data: bytes, most: int) -> bytes:
    """Expand one frame (RFC 8878)."""
    machine = zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _HIGHEST_WINDOW}
    )
    try:
        expanded = _within(machine.decompress(data, most + 1), most)
    except zstd.ZstdError:
        raise _spoilt("zstandard") from None
    if not machine.eof or machine.unused_data:
        raise _spoilt("zstandard")
    return expanded


def _within(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise _too_large(most)
    return data


def _too_large(most: int) -> LimitExceeded:
    return LimitExceeded(f"The data of the block expand to more than {most} bytes.")


def _spoilt(codec: Codec) -> Undecodable:
    return Undecodable("", None, f"the data are not what {codec} makes, or were cut")


COMPRESSIONS: Final[Mapping[str, Compression]] = {
    "null": Compression(bytes, _unchanged),
    "deflate": Compression(lambda data: zlib.compress(data, wbits=_RAW), _inflate),
    "snappy": Compression(_to_snappy, _from_snappy),
    "zstandard": Compression(zstd.compress, _from_zstandard),
}
"""The codecs by the names that files have for them."""
