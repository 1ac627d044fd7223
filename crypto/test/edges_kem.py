#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""edges_kem.py [--level=NAME] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) of ML-KEM what ml_kem.py answers: keys of seeds, what
is sealed, what is opened; sealed texts and secrets that were changed, texts that round to each value, numbers at the modulus.
How many there are is part of the test."""
import hashlib
import random
import subprocess
import sys

import ml_kem
from vectors import SKIPPED, asked


def seeds(dice):
    return [bytes(64), b'\xff' * 64] + [dice.randbytes(64) for _ in range(4)]


def changed(data, places):
    for place in places:
        made = bytearray(data)
        made[place // 8] ^= 1 << place % 8
        yield bytes(made)


def edges(program, name):
    dice = random.Random(name)
    k, _, du, dv = ml_kem.SIZES[name]
    for seed in seeds(dice):
        public, secret = ml_kem.keys(name, seed)
        program.check(secret, 'kem-secret', name, seed)
        program.check(public, 'kem-public', name, secret)
        program.check('right', 'kem-valid', name, secret)
        message = dice.randbytes(32)
        sealed, shared = ml_kem.encapsulated(name, public, message)
        program.check(sealed + shared, 'kem-seal', name, public, message)
        program.check(shared, 'kem-open', name, secret, sealed)
        ends = [0, 7, 8 * 32 * du * k - 1, 8 * 32 * du * k, 8 * len(sealed) - 1, dice.randrange(8 * len(sealed))]
        for other in changed(sealed, ends):
            wanted = hashlib.shake_256(secret[-32:] + other).digest(32)
            assert ml_kem.decapsulated(name, secret, other) == wanted
            program.check(wanted, 'kem-open', name, secret, other)
        for wrong in (sealed[:-1], sealed + b'\0', b''):
            program.check('refused', 'kem-open', name, secret, wrong)
    for message in (bytes(32), b'\xff' * 32, b'\x01' + bytes(31), bytes(31) + b'\x80'):
        sealed, shared = ml_kem.encapsulated(name, public, message)
        program.check(sealed + shared, 'kem-seal', name, public, message)
        program.check(shared, 'kem-open', name, secret, sealed)
    # texts that nobody sealed: each value that a number may have there, and all ones and zeroes
    for sealed in (bytes(len(sealed)), b'\xff' * len(sealed), dice.randbytes(len(sealed)),
                   ml_kem.packed([i % 2**du for i in range(256 * k)], du) + ml_kem.packed([i % 2**dv for i in range(256)], dv)):
        program.check(ml_kem.decapsulated(name, secret, sealed), 'kem-open', name, secret, sealed)
    refusals(program, name, public, secret)


def refusals(program, name, public, secret):
    """Numbers of the public key at the modulus; lengths; secrets whose digest is not that of their key."""
    k = ml_kem.SIZES[name][0]
    numbers = ml_kem.bits(public[:384 * k], 12)
    for place in (0, 1, 2, 127, 128, 254, 255, 256 * k - 2, 256 * k - 1):
        for value in (ml_kem.Q - 1, ml_kem.Q, ml_kem.Q + 1, 4095):
            key = ml_kem.packed(numbers[:place] + [value] + numbers[place + 1:], 12) + public[384 * k:]
            sealed, shared = ml_kem.encapsulated(name, key, bytes(32)) if value < ml_kem.Q else (b'', b'')
            program.check(sealed + shared if sealed else 'refused', 'kem-seal', name, key, bytes(32))
    for wrong in (b'', public[:-1], public + b'\0', secret):
        program.check('refused', 'kem-seal', name, wrong, bytes(32))
    for wrong in (b'', secret[:-1], secret + b'\0', public):
        program.check('refused', 'kem-valid', name, wrong)
    key_from, digest_from = 8 * 384 * k, 8 * (len(secret) - 64)
    for other in changed(secret, (key_from, digest_from - 1, digest_from, digest_from + 255)):
        program.check('refused', 'kem-valid', name, other)
    for other in changed(secret, (0, key_from - 1, 8 * len(secret) - 1)): # nothing is known of what is secret in it
        program.check('right', 'kem-valid', name, other)


def ml_kem_512(program):
    edges(program, 'ML-KEM-512')


def ml_kem_768(program):
    edges(program, 'ML-KEM-768')


def ml_kem_1024(program):
    edges(program, 'ML-KEM-1024')


PARTS = [(ml_kem_512, 147), (ml_kem_768, 147), (ml_kem_1024, 147)]
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
