#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""edges.py [--level=NAME] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) what published vectors leave out: numbers at the edges
of their ranges, whose answers Python's integers make in the plainest way. How many there are is part of the test."""
import hashlib
import random
import subprocess
import sys

from curve_tables import CURVES, add, times
from vectors import SKIPPED, Program

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


PARTS = [(curves, 4706)]


def main():
    names = [x for x in sys.argv[1:] if not x.startswith('--')]
    level = [x.removeprefix('--level=') for x in sys.argv if x.startswith('--level=')]
    command = [*reversed(names), *level]
    if level and subprocess.run(command, stdin=subprocess.DEVNULL).returncode == SKIPPED:
        print(f'skipped: this processor does not have the level {level[0]}')
        return SKIPPED
    wrong = 0
    for part, wanted in PARTS:
        program = Program(*command)
        part(program)
        program.settle()
        print(f'{part.__name__}: {program.asked} asked, {program.wrong} wrong')
        if program.asked != wanted:
            print(f'{part.__name__}: {wanted} are to be asked')
        wrong += program.wrong + (program.asked != wanted)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
