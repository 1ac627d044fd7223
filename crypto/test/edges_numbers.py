#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""edges_numbers.py [--level=NAME] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) for sums, products, powers and inverses of what
public keys are computed with: numbers at the edges of their ranges, of their limbs and of their modulus, which are answered by
Python's integers. How many there are is part of the test."""
import random
import sys

from curve_tables import CURVES, ED4_P, ED_P
from libcrypto import asked_at_level

LIMB = 2**64
# as many limbs as curves, DSA and RSA have, those of the proved assembly (16 and 32), and a few between
LIMBS = 1, 2, 3, 4, 6, 9, 15, 16, 17, 31, 32, 33, 48, 64, 128


def edges(m, limbs, dice, more=3):
    """Numbers below m: small and large ones, halves, such that are all ones in some limbs and zero in others."""
    whole = LIMB**limbs
    found = {0, 1, 2, m - 1, m - 2, m // 2, m // 2 + 1, LIMB - 1, LIMB, whole - 1, whole - m, whole // 2}
    found |= {(whole - 1) // (LIMB**2 - 1) * (LIMB - 1), (whole - 1) // (LIMB + 1), whole - LIMB**(limbs // 2)}
    found |= {dice.randrange(m) for _ in range(more)}
    return sorted({x % m for x in found})


def moduli(limbs, dice):
    """Odd ones: all ones, the least with all limbs, one with a limb of zeroes above, and some at random."""
    whole = LIMB**limbs
    return whole - 1, whole // 2 + 1, whole - LIMB**(limbs // 2) - 1 if limbs > 1 else 5, whole // LIMB + 1 if limbs > 1 else 3, dice.randrange(whole // 2, whole) | 1


def modulus(program):
    dice = random.Random(1)
    for limbs in LIMBS:
        whole = LIMB**limbs
        octets = lambda x, more=0: x.to_bytes(8 * (limbs + more), 'big')
        for m in moduli(limbs, dice):
            back, all_edges = pow(whole, -1, m), edges(m, limbs, dice)
            ask = lambda wanted, what, *numbers: program.check(octets(wanted % m), 'modulus', what, octets(m), *map(octets, numbers))
            ask(whole**2, 'square', 0)
            some = sorted({0, 1, m - 1, *dice.sample(all_edges, min(len(all_edges), 7 if limbs <= 17 else 3))})
            for a in some:
                ask(a * whole, 'enter', a)
                ask(a * back, 'leave', a)
                for b in some:
                    ask(a * b * back, 'multiply', a, b)
                    ask(a + b, 'add', a, b)
                    ask(a - b, 'subtract', a, b)
            for a in {0, 1, m - 1, m, m + 1, whole - 1, 2 * m - 1, 2 * m - 2, m + dice.randrange(m)}:
                if a < 2 * m:
                    program.check(octets(a % m), 'modulus', 'reduce', octets(m), octets(a, 1))


def powers(program):
    """Of exponents of one limb and more, with the digits at edges that they are read by; and inverses modulo primes."""
    dice = random.Random(2)
    for limbs in (1, 2, 4, 9, 16, 17, 24, 32, 33, 40, 48, 49, 64, 65):
        octets, whole = lambda x: x.to_bytes(8 * limbs, 'big'), LIMB**limbs
        exponents = [b'\0' * 8, b'\0' * 7 + b'\1', b'\xff' * 8, b'\x80' + b'\0' * 7, b'\0' * 8 + b'\xff' * 8, dice.randbytes(24 if limbs < 49 else 8)]
        for m in moduli(limbs, dice):
            back = pow(whole, -1, m)
            for a in sorted({m - 1, *edges(m, limbs, dice)[-4:]}):
                for exponent in exponents if limbs < 49 else exponents[:3]:
                    wanted = pow(a * back, int.from_bytes(exponent, 'big'), m) * whole % m
                    program.check(octets(wanted), 'modulus', 'power', octets(m), octets(a), exponent)
    for prime, limbs in ((3, 1), (2**61 - 1, 1), (2**127 - 1, 2), (2**521 - 1, 9), (2**607 - 1, 10), *((x['p'], (x['p'].bit_length() + 63) // 64) for x in CURVES.values())):
        octets, whole = lambda x: x.to_bytes(8 * limbs, 'big'), LIMB**limbs
        for a in edges(prime, limbs, dice):
            wanted = pow(a, -1, prime) * whole**2 % prime if a else 0
            program.check(octets(wanted), 'modulus', 'invert', octets(prime), octets(a))


def pairs(program):
    """Two powers at once, modulo numbers of one length, as RSA has them: of 1024 to 2048 bits, and a little less and more. Moduli
    at edges meet each other, and random ones; and so do exponents."""
    dice = random.Random(6)
    for limbs in (1, 15, 16, 17, 19, 20, 24, 25, 26, 31, 32, 33):
        octets, whole = lambda x: x.to_bytes(8 * limbs, 'big'), LIMB**limbs
        all_moduli = moduli(limbs, dice)
        for i, m in enumerate(all_moduli):
            n = all_moduli[i * 2 % 5]
            for a in sorted({0, 1 % m, m - 1, *edges(m, limbs, dice)[-4:]}):
                b = dice.choice((0, 1, n - 1, dice.randrange(n)))
                for e, f in ((bytes(8), b'\xff' * 8), (b'\0' * 7 + b'\1', b'\x80' + bytes(7)), (dice.randbytes(16), dice.randbytes(16))):
                    first, second = (pow(x * pow(whole, -1, y), int.from_bytes(z, 'big'), y) * whole % y for x, y, z in ((a, m, e), (b, n, f)))
                    program.check(octets(first) + octets(second), 'powers', octets(m), octets(a), e, octets(n), octets(b), f)


def opened(program):
    """Powers to exponents of public keys, of numbers below the modulus."""
    dice = random.Random(7)
    for limbs in (1, 15, 16, 17, 24, 25, 31, 32, 33, 40, 41, 47, 48, 49, 63, 64, 65, 128):
        octets = lambda x: x.to_bytes(8 * limbs, 'big')
        for m in moduli(limbs, dice):
            for a in sorted({0, 1 % m, 2 % m, m - 1, *edges(m, limbs, dice)[-5:]}):
                for exponent in (3, 17, 65537, 2**64 - 1):
                    program.check(octets(pow(a, exponent, m)), 'modulus', 'open', octets(m), octets(a), exponent.to_bytes(8, 'big'))


def limbs(program):
    """Whole numbers: a modulus from outside is compared with these before anything is reduced."""
    dice = random.Random(3)
    for count in LIMBS:
        whole = LIMB**count
        octets = lambda x, times=1: x.to_bytes(8 * count * times, 'big')
        p = dice.randrange(whole // 2, whole - 1) | 1
        values = sorted({0, 1, LIMB - 1, LIMB % whole, p - 1, p, p + 1, whole - 1, whole - 2, whole // 2, whole // LIMB})
        for a in values:
            program.check(str(int(a == 0)), 'limbs', 'zero', octets(a), octets(a))
            for b in values:
                program.check(f'{int(a < b)} x{octets((a - b) % whole).hex()}', 'limbs', 'subtract', octets(a), octets(b))
                program.check(str(int(a < b)), 'limbs', 'below', octets(a), octets(b))
                program.check(str(int(a == b)), 'limbs', 'equal', octets(a), octets(b))
                program.check(octets(a * b, 2), 'limbs', 'product', octets(a), octets(b))


def orders(program):
    dice = random.Random(4)
    for number, of in enumerate(CURVES.values()):
        n = of['n']
        limbs = (n.bit_length() + 63) // 64
        octets = lambda x: x.to_bytes(8 * limbs, 'big')
        for a in edges(n, limbs, dice, 8):
            program.check(octets(pow(a, -1, n) if a else 0), 'order', 'invert', number, octets(a))
            for b in edges(n, limbs, dice):
                program.check(octets(a * b % n), 'order', 'multiply', number, octets(a), octets(b))


def fields(program):
    """They read any bytes: p, p + 1 and all ones too, and of the last bit of 32 bytes nothing."""
    dice = random.Random(5)
    for name, p, size, bits in (('field25519', ED_P, 32, 255), ('field448', ED4_P, 56, 448)):
        root = (p - 5) // 8 if bits == 255 else (p - 3) // 4
        values = {0, 1, 2, p - 2, p - 1, p, p + 1, 2**bits - 1, 2**(8 * size) - 1, 2**bits - 2, 19, 2**224, 2**51 - 1, 2**204 - 1, 2**56 - 1,
                  (2**(8 * size) - 1) // 17, p // 2, *(dice.randrange(p) for _ in range(6))}
        for a in sorted(values):
            for b in sorted(values):
                x, y = a % 2**bits, b % 2**bits
                for what, wanted in (('multiply', x * y), ('add', x + y), ('mixed', -x * y)):
                    program.check((wanted % p).to_bytes(size, 'little'), name, what, *(n.to_bytes(size, 'little') for n in (a, b)))
            for what, wanted in (('square', x * x), ('scale', x * (2**32 - 1)), ('invert', pow(x, p - 2, p)), ('root', pow(x, root, p)), ('same', x)):
                program.check((wanted % p).to_bytes(size, 'little'), name, what, *[a.to_bytes(size, 'little')] * 2)


if __name__ == '__main__':
    sys.exit(asked_at_level([(modulus, 14547), (powers, 1608), (pairs, 1068), (opened, 2848), (limbs, 7109), (orders, 1188), (fields, 3264)]))
