#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""edges_public.py [--level=NAME] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) what published vectors leave out: numbers at the edges
of their ranges, whose answers Python's integers make in the plainest way. How many there are is part of the test."""
import hashlib
import random
import subprocess
import sys

from curve_tables import (CURVES, ED4_BASE, ED4_N, ED4_P, ED_BASE, ED_N, ED_P, add, edwards4_point, edwards4_times, edwards_point,
                          edwards_times, times)
from vectors import SKIPPED, asked

BITS = {'p256': 256, 'p384': 384, 'p521': 521}


def scalars(n, dice):
    """At the edges of what a scalar may be, of the digits that it is read as, and at random."""
    found = {1, 2, 3, 15, 16, 17, 30, 31, 32, 33, n - 1, n - 2, n - 3, n - 17, n - 18, n - 32, n - 33, n // 2, n // 2 + 1}
    found |= {2**i + dice.randrange(-33, 34) for i in range(6, n.bit_length() - 1, 9)}
    found |= {n - 2**i + dice.randrange(-33, 34) for i in range(6, n.bit_length() - 1, 19)}
    found |= {dice.randrange(1, n) for _ in range(10)}
    found |= {(2**n.bit_length() - 1) // 31 * x % n for x in (1, 15, 16, 17, 30)}
    return sorted(x for x in found if 0 < x < n)


def point_near(x, p, b):
    """The point of the first coordinate from x on that has one."""
    while True:
        square = (x**3 - 3 * x + b) % p
        y = pow(square, (p + 1) // 4, p)
        if y * y % p == square:
            return x % p, y
        x += 1


def curves(program):
    """Multiples of the base and of points whose coordinates are at edges; numbers out of their range; signatures."""
    dice = random.Random(1)
    for curve, of in CURVES.items():
        p, n, base, size = of['p'], of['n'], (of['x'], of['y']), (BITS[curve] + 7) // 8
        name = f'ECDH(P-{BITS[curve]})'
        octets = lambda *numbers: b''.join(x.to_bytes(size, 'big') for x in numbers)
        for scalar in scalars(n, dice):
            program.check(b'\4' + octets(*times(p, scalar, base)), 'public', name, octets(scalar))
        points = [point_near(x % p, p, of['b']) for x in (0, 1, p - 10, p - n, 2**(size * 4), 2**(size * 8 - 9) - 1)] + [base]
        for point in points:
            for scalar in (1, 2, 31, 32, n - 1, n - 18, n // 2, dice.randrange(n)):
                shared = octets(times(p, scalar, point)[0])
                program.check(shared, 'agree', name, octets(scalar), b'\4' + octets(*point))
                program.check(shared, 'agree', name, octets(scalar), b'\4' + octets(point[0], p - point[1]))
            x, y = point
            for wrong in (octets(x, y ^ 1), octets((x + 1) % p, y), octets(p, y), octets(x, p), octets(0, 0), octets(x) + b'\xff' * size):
                program.check('refused', 'agree', name, octets(1), b'\4' + wrong)
            for form in (0, 2, 3, 5, 6, 7):
                program.check('refused', 'agree', name, octets(1), bytes([form]) + octets(x, y))
        whole = 2**(8 * size)
        for value, right in ((0, False), (1, True), (n - 1, True), (n, False), (n + 1, False), (p % whole, False), (whole - 1, False)):
            for kind in ('ECDH', 'ECDSA'):
                program.check('right' if right else 'refused', 'valid', f'{kind}(P-{BITS[curve]})', octets(value))
        signatures(program, dice, curve, octets, size)


def signatures(program, dice, curve, octets, size):
    """Signatures made with numbers at edges, as these would be; and such with numbers out of range."""
    of = CURVES[curve]
    p, n, base, name = of['p'], of['n'], (of['x'], of['y']), f'ECDSA(P-{BITS[curve]})'
    whole = 2**(8 * size)
    for secret in (1, 2, n - 1, dice.randrange(n)):
        key = b'\4' + octets(*times(p, secret, base))
        for nonce in (1, 2, n - 1, n // 2, dice.randrange(n)):
            r = times(p, nonce, base)[0] % n
            for digest in (0, 1, n - 1, n, n + 1, whole - 1, dice.randrange(n)):
                value = digest >> 8 * size - BITS[curve]
                s = pow(nonce, -1, n) * (value + r * secret) % n
                if s == 0 or digest >= whole:
                    continue
                check = lambda wanted, r, s: program.check(wanted, 'verify', name, key, 'SHA-512', octets(digest), octets(r, s))
                check('right', r, s)
                check('right', r, n - s)
                check('refused', r, s ^ 1)
                for bad in (0, n, (r + n) % whole):
                    check('refused', bad, s)
                for bad in (0, n, (s + n) % whole):
                    check('refused', r, bad)
    # the coordinate x of a point, when it is the order or more: the number of the signature is x less the order
    x, y = point_near(n, p, of['b'])
    assert x >= n
    u, v = dice.randrange(1, n), dice.randrange(1, n)
    # the key Q with u G + v Q = (x, y)
    less = times(p, n - u, base)
    key = times(p, pow(v, -1, n), add(p, (x, y), less))
    r = x - n
    if r > 0:
        s = r * pow(v, -1, n) % n
        digest = u * s % n << 8 * size - BITS[curve]
        if digest < whole:
            program.check('right', 'verify', name, b'\4' + octets(*key), 'SHA-512', octets(digest), octets(r, s))
            program.check('refused', 'verify', name, b'\4' + octets(*key), 'SHA-512', octets(digest), octets(r + 1, s))


def x25519(program):
    """RFC 7748 section 5 as it stands there, with the coordinates and secrets that have most carries."""
    dice, p = random.Random(2), ED_P
    secrets = [0, 1, 2**255 - 1, 2**256 - 1, 2**254, int('55' * 32, 16), dice.randrange(2**256)]
    places = [2, 3, 9, p - 2, p - 9, p + 2, p + 3, 2**255 - 2, 2**255 + 9, 2**256 - 1, 2**254, 2**51 - 1, 2**204, dice.randrange(p)]
    for secret in secrets:
        for place in places:
            shared = ladder(secret, place)
            program.check(shared if any(shared) else 'refused', 'agree', 'X25519', little(secret), little(place))
        program.check(ladder(secret, 9), 'public', 'X25519', little(secret))
        for place in (0, 1, p - 1, p, p + 1, 2**255, 2**255 + 1):
            program.check('refused', 'agree', 'X25519', little(secret), little(place))


def little(number, size=32):
    return number.to_bytes(size, 'little')


def x448(program):
    """The same of X448."""
    dice, p = random.Random(4), ED4_P
    secrets = [0, 1, 2**447 - 1, 2**448 - 1, 2**447, int('55' * 56, 16), dice.randrange(2**448)]
    places = [2, 3, 5, p - 2, p - 5, p + 2, p + 3, 2**448 - 1, 2**448 - 2, 2**224 - 1, 2**224, 2**447, 2**56 - 1, 2**392, 2**280 - 2**224,
              dice.randrange(p)]
    for secret in secrets:
        for place in places:
            shared = ladder448(secret, place)
            program.check(shared if any(shared) else 'refused', 'agree', 'X448', little(secret, 56), little(place, 56))
        program.check(ladder448(secret, 5), 'public', 'X448', little(secret, 56))
        for place in (0, 1, p - 1, p, p + 1):
            program.check('refused', 'agree', 'X448', little(secret, 56), little(place, 56))
        for size in (55, 57):
            program.check('refused', 'agree', 'X448', little(secret, 56), bytes(size - 1) + b'\5')


def ladder448(secret, place):
    return ladder_of(ED4_P, 39081, secret & (2**448 - 4) | 2**447, place, 56)


def ladder(secret, place):
    return ladder_of(ED_P, 121665, (secret & (2**255 - 8) | 2**254) % 2**255, place % 2**255, 32)


def ladder_of(p, a24, secret, u, size):
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in bin(secret)[2:]:
        if bit == '1':
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % p, b * b % p, d * a % p, c * b % p
        x3, z3 = (da + cb)**2 % p, u * (da - cb)**2 % p
        x2, z2 = aa * bb % p, (aa - bb) * (aa + a24 * (aa - bb)) % p
        if bit == '1':
            x2, z2, x3, z3 = x3, z3, x2, z2
    return little(x2 * pow(z2, -1, p) % p if z2 % p else 0, size)


def written(point):
    return little(point[1] | (point[0] & 1) << 255)


def ed25519(program):
    """RFC 8032 section 5.1; numbers that are out of range, and keys that are no points or of small order."""
    dice, p, n = random.Random(3), ED_P, ED_N
    number = lambda *parts: int.from_bytes(hashlib.sha512(b''.join(parts)).digest(), 'little') % n
    for length in list(range(0, 40)) + [127, 128, 300]:
        secret, message = dice.randbytes(32), dice.randbytes(length)
        hashed = hashlib.sha512(secret).digest()
        scalar = int.from_bytes(hashed[:32], 'little') & (2**254 - 8) | 2**254
        key, r = written(edwards_times(scalar, ED_BASE)), number(hashed[32:], message)
        of_r = written(edwards_times(r, ED_BASE))
        s = (r + number(of_r, key, message) * scalar) % n
        program.check(key, 'public', 'Ed25519', secret)
        program.check(of_r + little(s), 'sign', 'Ed25519', secret, '-', message)
        check = lambda wanted, *made: program.check(wanted, 'verify', 'Ed25519', key, '-', message, b''.join(made))
        check('right', of_r, little(s))
        for wrong in (s + n, s + 8 * n, s ^ 1, 0, n, 2**256 - 1):
            check('refused', of_r, little(wrong))
        check('refused', little(int.from_bytes(of_r, 'little') ^ 1 << 255), little(s))
    # of small order: y of 0, 1, -1, and of those whose double is 0, also written beyond the field's size
    order_8 = next(y for y in (edwards_times(n, edwards_point(x, 0))[1] for x in range(3, 50) if edwards_point(x, 0))
                   if y not in (0, 1, p - 1))
    for y in (0, 1, p - 1, order_8, p - order_8, p, p + 1, 2**255 - 1, 2):
        for odd in (0, 1):
            key = little(y | odd << 255)
            for r in (key, little(1), little(y)):
                program.check('refused', 'verify', 'Ed25519', key, '-', b'text', r + little(0))
                program.check('refused', 'verify', 'Ed25519', key, '-', b'text', r + little(1))


def written448(point):
    return little(point[1] | (point[0] & 1) << 455, 57)


def ed448(program):
    """RFC 8032 section 5.2, the same of it."""
    dice, p, n = random.Random(5), ED4_P, ED4_N
    number = lambda *parts: int.from_bytes(hashlib.shake_256(b'SigEd448\0\0' + b''.join(parts)).digest(114), 'little') % n
    for length in list(range(0, 20)) + [135, 136, 137, 300]:
        secret, message = dice.randbytes(57), dice.randbytes(length)
        hashed = hashlib.shake_256(secret).digest(114)
        scalar = int.from_bytes(hashed[:56], 'little') & (2**448 - 4) | 2**447
        key, r = written448(edwards4_times(scalar, ED4_BASE)), number(hashed[57:], message)
        of_r = written448(edwards4_times(r, ED4_BASE))
        s = (r + number(of_r, key, message) * scalar) % n
        program.check(key, 'public', 'Ed448', secret)
        program.check(of_r + little(s, 57), 'sign', 'Ed448', secret, '-', message)
        program.check(of_r + little(s, 57), 'sign', 'Ed448', secret, '-', message, key)
        check = lambda wanted, *made: program.check(wanted, 'verify', 'Ed448', key, '-', message, b''.join(made))
        check('right', of_r, little(s, 57))
        for wrong in (s + n, s + 2 * n, s ^ 1, 0, n, 2**448 - 1, s | 1 << 448, s | 1 << 455):
            check('refused', of_r, little(wrong, 57))
        for bit in (0, 448, 454, 455):
            check('refused', little(int.from_bytes(of_r, 'little') ^ 1 << bit, 57), little(s, 57))
        for bit in (448, 454, 455):
            wrong = little(int.from_bytes(key, 'little') ^ 1 << bit, 57)
            program.check('refused', 'verify', 'Ed448', wrong, '-', message, of_r + little(s, 57))
    # signatures whose numbers are at edges, with the secret number 1 and others
    for scalar in (1, 2, n - 1, 2**445, int('8' * 111, 16) % n, int('7' * 111, 16) % n):
        key = written448(edwards4_times(scalar, ED4_BASE))
        for r in (1, 2, n - 1, (n + 1) // 2, dice.randrange(n)):
            of_r = written448(edwards4_times(r, ED4_BASE))
            s = (r + number(of_r, key, b'text') * scalar) % n
            program.check('right', 'verify', 'Ed448', key, '-', b'text', of_r + little(s, 57))
            program.check('refused', 'verify', 'Ed448', key, '-', b'Text', of_r + little(s, 57))
    # y of 0, 1, -1: of small order; of p and more: not written in the one way; of no point; x of 0, odd
    none = [y for y in range(2, 60) if edwards4_point(y, 0) is None][:8]
    for y in (0, 1, p - 1, p, p + 1, 2**448 - 1, *none):
        for odd in (0, 1):
            key = little(y | odd << 455, 57)
            for r in (key, little(1, 57), little(y, 57)):
                program.check('refused', 'verify', 'Ed448', key, '-', b'text', r + little(0, 57))
                program.check('refused', 'verify', 'Ed448', key, '-', b'text', r + little(1, 57))


PARTS = [(curves, 4706), (x25519, 154), (ed25519, 538), (x448, 168), (ed448, 684)]


def main():
    names = [x for x in sys.argv[1:] if not x.startswith('--')]
    level = [x.removeprefix('--level=') for x in sys.argv if x.startswith('--level=')]
    command = [*reversed(names), *level]
    if level and subprocess.run(command, stdin=subprocess.DEVNULL).returncode == SKIPPED:
        print(f'skipped: this processor does not have the level {level[0]}')
        return SKIPPED
    return asked(PARTS, command)


if __name__ == '__main__':
    sys.exit(main())
