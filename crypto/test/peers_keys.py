#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peers_keys.py [--long] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) which numbers are primes, for keys of RSA, and for
agreements of Diffie and Hellman. Keys are looked at with Python's integers, and by openssl where it is installed; agreements
are Python's powers. --long: the large keys, and no others. How many there are is part of the test."""
import math
import random
import shutil
import subprocess
import sys

from dh_groups import groups
from vectors import FOLDER, asked, botan, wycheproof

E = 65537
SECRET_BYTES = {2048: 32, 3072: 40, 4096: 48, 6144: 48, 8192: 56}


def octets(number, length=None):
    return number.to_bytes(length or (number.bit_length() + 7) // 8, 'big')


def is_prime(n):
    """Miller and Rabin with the first 30 primes as bases; n is odd, and nobody chose it."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in [x for x in range(2, 114) if all(x % y for y in range(2, x))]:
        power = pow(base, odd, n)
        if power not in (1, n - 1) and not any((power := power * power % n) == n - 1 for _ in range(twos - 1)):
            return False
    return True


def primes(program):
    """Published primes and what was made to look like some, and all numbers up to 5,000."""
    for section, case in botan('bn/isprime.vec'):
        number = int(case['X'], 0)
        program.check('right' if section == 'Prime' else 'refused', 'prime', octets(number))
    for _, case in wycheproof('primality_test.json'):
        number = int.from_bytes(bytes.fromhex(case['value']), 'big', signed=True)
        if number < 0:
            program.left['numbers below 0'] += 1
        else:
            program.check('right' if case['result'] == 'valid' else 'refused', 'prime', octets(number))
    for number in range(5000):
        right = number > 1 and all(number % x for x in range(2, math.isqrt(number) + 1))
        program.check('right' if right else 'refused', 'prime', bytes(number % 3) + octets(number))
    for bits in (2, 3, 61, 89, 107, 127, 521, 607, 1279, 2203): # Mersenne's; and one that has a factor
        program.check('right', 'prime', octets(2**bits - 1))
        program.check('refused', 'prime', octets((2**bits - 1) * (2**127 - 1)))
    program.check('refused', 'prime', b'\1' + bytes(1024)) # more than there are to be


def der(*numbers):
    def one(tag, body):
        size = len(body)
        return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, 'big')) + body
    return one(0x30, b''.join(one(2, octets(x, x.bit_length() // 8 + 1)) for x in numbers))


def rsa_key(program, bits, seed):
    made = program.ask('rsa-generate', bits, seed)
    sizes, parts = [bits // 8] * 2 + [bits // 16] * 5, []
    for size in sizes:
        parts, made = parts + [int.from_bytes(made[:size], 'big')], made[size:]
    n, d, p, q, dp, dq, coefficient = parts
    least = math.isqrt(2**(bits - 1)) # the square root of two, times 2 to the power of half the bits less one
    wrong = [x for x, right in {
        'lengths': not made and n.bit_length() == bits,
        'the product': n == p * q,
        'the range': least < q < p < 2**(bits // 2),
        'the distance': p - q > 2**(bits // 2 - 100),
        'the primes': is_prime(p) and is_prime(q),
        'modulo 4': p % 4 == q % 4 == 3 and math.gcd(p - 1, q - 1) == 2,
        'the private exponent': d == pow(E, -1, math.lcm(p - 1, q - 1)) and d > 2**(bits // 2),
        'the exponents': (dp, dq) == (d % (p - 1), d % (q - 1)),
        'the coefficient': coefficient == pow(q, -1, p)}.items() if not right]
    if shutil.which('openssl'):
        done = subprocess.run(['openssl', 'rsa', '-inform', 'DER', '-check', '-noout'], capture_output=True,
                              input=der(0, n, E, d, p, q, dp, dq, coefficient))
        if done.returncode or b'RSA key ok' not in done.stdout + done.stderr:
            wrong.append(f'openssl says {done}')
    program.asked += 1
    if wrong:
        program.wrong += 1
        print(f'wrong of {bits} bits, seed {seed}: {", ".join(wrong)}')
    return n


def rsa(program):
    moduli = {rsa_key(program, bits, seed) for bits, seeds in ((2048, 12), (2176, 2), (3072, 2), (4096, 1)) for seed in range(seeds)}
    assert len(moduli) == 17
    for bits in (0, 1024, 2047, 2112, 8192 + 128, 2**32 - 128):
        program.check('refused', 'rsa-generate', bits, 1)


def rsa_long(program):
    for bits, seeds in ((2048, 60), (4096, 6), (6144, 2), (8192, 1)):
        for seed in range(100, 100 + seeds):
            rsa_key(program, bits, seed)


def dh(program):
    dice = random.Random(11)
    for name, bits, p in groups():
        size, length = bits // 8, SECRET_BYTES[bits]
        for secret in (1, 32, 2**(8 * length) - 1, dice.getrandbits(8 * length)):
            program.check(octets(pow(2, secret, p), size), 'public', name, octets(secret, length))
            for theirs in (2, p - 2, dice.randrange(2, p - 1), p - 2**64):
                program.check(octets(pow(theirs, secret, p), size), 'agree', name, octets(secret, length), octets(theirs, size))
        secret = octets(dice.getrandbits(8 * length), length)
        for theirs in (0, 1, p - 1, p, p + 1, p + 2, 2**bits - 1):
            program.check('refused', 'agree', name, secret, octets(theirs, size))
        for theirs in (b'', b'\3', octets(3, size - 1), octets(3, size + 1)):
            program.check('refused', 'agree', name, secret, theirs)
        program.check('refused', 'valid', name, bytes(length))
        program.check('refused', 'valid', name, octets(1, length - 1))
        program.check('right', 'valid', name, octets(1, length))


PARTS = [(primes, 5414), (rsa, 23), (dh, 340)]
PARTS_LONG = [(rsa_long, 69)]
names = [x for x in sys.argv[1:] if x != '--long']
parts = PARTS_LONG if '--long' in sys.argv else PARTS if FOLDER.is_dir() else PARTS[1:]
sys.exit(asked(parts, [*reversed(names)]))
