#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""dh_groups.py [--write]: makes the primes of src/tables/dh_groups.h again, as RFC 7919 (of e) and RFC 3526 (of pi) say how,
and compares, or writes them."""
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / 'src/tables/dh_groups.h'
FFDHE = {2048: 560316, 3072: 2625351, 4096: 5736041, 6144: 15705020, 8192: 10965728}
MODP = {2048: 124476, 3072: 1690314, 4096: 240904, 6144: 929484, 8192: 4743158}
SPARE = 64 # bits of precision that are thrown away


def e_times(bits):
    """The whole part of e times 2 to the power of bits."""
    total = term = 1 << bits + SPARE
    count = 1
    while term:
        term //= count
        total, count = total + term, count + 1
    return total >> SPARE


def arctan(inverse, one):
    total = term = one // inverse
    square, count, sign = inverse * inverse, 3, -1
    while term:
        term //= square
        total += sign * (term // count)
        count, sign = count + 2, -sign
    return total


def pi_times(bits):
    one = 1 << bits + SPARE
    return 4 * (4 * arctan(5, one) - arctan(239, one)) >> SPARE


def prime(bits, irrational, more):
    return 2**bits - 2**(bits - 64) + (irrational(bits - 130) + more) * 2**64 - 1


def groups():
    """Yields (name of the table, bits, prime)."""
    for bits, more in FFDHE.items():
        yield f'ffdhe{bits}', bits, prime(bits, e_times, more)
    for bits, more in MODP.items():
        yield f'modp{bits}', bits, prime(bits, pi_times, more)


def table():
    lines = ['/* SPDX-License-Identifier: ISC */',
             '/* dh_groups.h: primes, limbs of 64 bits, least significant first; made by test/dh_groups.py. */', '#pragma once', '',
             '#include <stdint.h>', '']
    for name, bits, p in groups():
        lines.append(f'static const uint64_t {name}[{bits // 64}] = {{')
        lines += [', '.join(f'{p >> 64 * i & 2**64 - 1:#x}' for i in range(at, at + 4)) + ',' for at in range(0, bits // 64, 4)]
        lines += ['};', '']
    return subprocess.run(['clang-format-19', '--assume-filename', str(FILE)], input='\n'.join(lines[:-1]) + '\n', text=True,
                          capture_output=True, check=True).stdout


def main():
    if '--write' in sys.argv:
        FILE.write_text(table())
    same = FILE.read_text() == table()
    print(f'{len(list(groups()))} primes, {"the same" if same else "ANOTHER TABLE"}')
    return 0 if same else 1


if __name__ == '__main__':
    sys.exit(main())
