# SPDX-License-Identifier: ISC
"""ml_kem.py: FIPS 203 in the plainest way, for tests; and the table of the transform."""
import hashlib

Q, N = 3329, 256
SIZES = {'ML-KEM-512': (2, 3, 10, 4), 'ML-KEM-768': (3, 2, 10, 4), 'ML-KEM-1024': (4, 2, 11, 5)}
TURNED = [int(f'{i:07b}'[::-1], 2) for i in range(128)]
ROOTS = [pow(17, x, Q) for x in TURNED]


def transform(f):
    f, k, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = ROOTS[k] * f[j + length]
                f[j], f[j + length] = (f[j] + t) % Q, (f[j] - t) % Q
            k += 1
        length //= 2
    return f


def back(f):
    f, k, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = f[j]
                f[j], f[j + length] = (t + f[j + length]) % Q, ROOTS[k] * (f[j + length] - t) % Q
            k -= 1
        length *= 2
    return [x * 3303 % Q for x in f]


def product(f, g):
    out = []
    for i in range(128):
        (a, b), (c, d), gamma = f[2 * i:2 * i + 2], g[2 * i:2 * i + 2], pow(17, 2 * TURNED[i] + 1, Q)
        out += [(a * c + b * d * gamma) % Q, (a * d + b * c) % Q]
    return out


def add(*all_of):
    return [sum(x) % Q for x in zip(*all_of)]


def bits(data, width):
    whole = int.from_bytes(data, 'little')
    return [whole >> width * i & 2**width - 1 for i in range(8 * len(data) // width)]


def packed(numbers, width):
    return sum(x << width * i for i, x in enumerate(numbers)).to_bytes(len(numbers) * width // 8, 'little')


def compressed(f, width):
    return packed([(2 * x * 2**width + Q) // (2 * Q) % 2**width for x in f], width)


def decompressed(data, width):
    return [(2 * Q * x + 2**width) // 2**(width + 1) for x in bits(data, width)]


def matrix_entry(seed, j, i):
    """The entry of row i and column j: section 4.2.2 gives the column first."""
    length = 504
    while True:
        taken = [x for x in bits(hashlib.shake_128(seed + bytes([j, i])).digest(length), 12) if x < Q]
        if len(taken) >= N:
            return taken[:N]
        length += 168


def noise(eta, seed, place):
    one = bits(hashlib.shake_256(seed + bytes([place])).digest(64 * eta), 1)
    return [(sum(one[2 * eta * i:2 * eta * i + eta]) - sum(one[2 * eta * i + eta:2 * eta * (i + 1)])) % Q for i in range(N)]


def keys(name, seed):
    """(public key, secret) of a seed d, z."""
    k, eta, _, _ = SIZES[name]
    both = hashlib.sha3_512(seed[:32] + bytes([k])).digest()
    rho, sigma = both[:32], both[32:]
    s = [transform(noise(eta, sigma, i)) for i in range(k)]
    e = [transform(noise(eta, sigma, k + i)) for i in range(k)]
    t = [add(e[i], *(product(matrix_entry(rho, j, i), s[j]) for j in range(k))) for i in range(k)]
    public = b''.join(packed(x, 12) for x in t) + rho
    return public, b''.join(packed(x, 12) for x in s) + public + hashlib.sha3_256(public).digest() + seed[32:]


def sealed_for(name, public, message, r):
    k, eta, du, dv = SIZES[name]
    t, rho = [bits(public[384 * i:384 * (i + 1)], 12) for i in range(k)], public[384 * k:]
    y = [transform(noise(eta, r, i)) for i in range(k)]
    u = [add(back(add(*(product(matrix_entry(rho, i, j), y[j]) for j in range(k)))), noise(2, r, k + i)) for i in range(k)]
    v = add(back(add(*(product(t[j], y[j]) for j in range(k)))), noise(2, r, 2 * k), decompressed(message, 1))
    return b''.join(compressed(x, du) for x in u) + compressed(v, dv)


def encapsulated(name, public, message):
    """(sealed, shared) of a public key and what is drawn."""
    both = hashlib.sha3_512(message + hashlib.sha3_256(public).digest()).digest()
    return sealed_for(name, public, message, both[32:]), both[:32]


def decapsulated(name, secret, sealed):
    k, _, du, dv = SIZES[name]
    own, public, digest, z = secret[:384 * k], secret[384 * k:768 * k + 32], secret[768 * k + 32:768 * k + 64], secret[-32:]
    u = [transform(decompressed(sealed[32 * du * i:32 * du * (i + 1)], du)) for i in range(k)]
    s = [bits(own[384 * i:384 * (i + 1)], 12) for i in range(k)]
    w = back(add(*(product(s[i], u[i]) for i in range(k))))
    message = compressed([(a - b) % Q for a, b in zip(decompressed(sealed[32 * du * k:], dv), w)], 1)
    both = hashlib.sha3_512(message + digest).digest()
    if sealed_for(name, public, message, both[32:]) == sealed:
        return both[:32]
    return hashlib.shake_256(z + sealed).digest(32)


def centred(value, modulus):
    value %= modulus
    return value - modulus if value > modulus // 2 else value


def table_text(formatted):
    """src/tables/ml_kem.h: roots times 2^16, and each times 1 / 3329, modulo 2^16."""
    factor = lambda x: centred(x * pow(Q, -1, 2**16), 2**16)
    root = lambda i: centred(ROOTS[i] << 16, Q)
    less = lambda i: centred(-pow(ROOTS[i], -1, Q) << 16, Q)
    rows = lambda of: [[of(16 + i) for i in range(16)], *([of(32 + 2 * i + j) for i in range(16)] for j in range(2)),
                       *([of(64 + 4 * i + j) for i in range(16)] for j in range(4))]
    line = lambda of: f'{{ {{ {", ".join(map(str, of))} }}, {{ {", ".join(str(factor(x)) for x in of)} }} }}'
    out = ['/* SPDX-License-Identifier: ISC */',
           '/* ml_kem.h: powers of 17 for the transform of FIPS 203 section 4.3, times 2^16, made by test/curve_tables.py. */', '',
           '/* Sixteen numbers, and what the low words of products with them are multiplied by. */',
           'struct holm_ml_kem__roots {', '_Alignas(32) int16_t roots[16];', 'int16_t factors[16];', '};', '',
           '/* The roots of the first four layers, the first unused; those of the last three, where each number of a row has its own. */',
           f'static const struct holm_ml_kem__roots holm_ml_kem__first = {line([root(i) for i in range(16)])};',
           'static const struct holm_ml_kem__roots holm_ml_kem__rest[7] = {', *(f'{line(x)},' for x in rows(root)), '};', '',
           '/* The same for the way back: -1 / root. */',
           f'static const struct holm_ml_kem__roots holm_ml_kem__back_first = {line([less(i) for i in range(16)])};',
           'static const struct holm_ml_kem__roots holm_ml_kem__back_rest[7] = {', *(f'{line(x)},' for x in rows(less))]
    return formatted(out)
