"""Avro's variable-length zig-zag numbers (Avro 1.12, "Primitive Types")."""

_MORE = 0x80
_LONGEST = 10  # bytes of a 64-bit number
_MAX = (1 << 64) - 1


def write_long(number: int) -> bytes:
    """Encode a number from -2**63 to 2**63 - 1 in 1 to 10 bytes."""
    rest = (number << 1) ^ (number >> 63)
    encoded = bytearray()
    while rest >= _MORE:
        encoded.append(rest & 0x7F | _MORE)
        rest >>= 7
    encoded.append(rest)
    return bytes(encoded)


def read_long(data: bytes, offset: int) -> tuple[int, int]:
    """Decode the number at an offset; return it and the offset behind it.

    Raises IndexError where the data ends first, ValueError where it needs more than 64 bits.
    """
    rest = 0
    for place in range(_LONGEST):
        byte = data[offset + place]
        rest |= (byte & 0x7F) << (7 * place)
        if byte < _MORE:
            if rest > _MAX:
                break
            return (rest >> 1) ^ -(rest & 1), offset + place + 1
    message = "the number has more than 64 bits"
    raise ValueError(message)
