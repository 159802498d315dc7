"""Points of edwards25519 as RFC 8032 encodes them: enough to tell what is a public key."""

import functools

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    """Extended coordinates, section 5.1.4."""
    A, B = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    C, Z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    E, F, G, H = B - A, Z - C, Z + C, B + A
    return (E * F % P, G * H % P, F * G % P, E * H % P)


def times(n, point):
    out = NEUTRAL
    while n:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def is_neutral(point):
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def decode(text):
    """The point, None if there is none or if it has another encoding."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def encode(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@functools.lru_cache(maxsize=1000)
def is_public_key(text):
    """A point of the group of prime order, and not the neutral one."""
    point = decode(text)
    return point is not None and not is_neutral(point) and is_neutral(times(ORDER, point))


BASE = decode(b"\x58" + b"\x66" * 31)
OF_ORDER_4 = decode(bytes(32))
KEYS = [encode(times(n, BASE)) for n in (1, 2, 3, 12345)]
NO_KEYS = [bytes([1]) + bytes(31), bytes(32), b"\xff" * 32, encode(add(BASE, OF_ORDER_4)),
           (P + 1).to_bytes(32, "little"), (2).to_bytes(32, "little")]
