#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peers_encoding.py PROGRAM [EMULATOR]: asks PROGRAM (answer.c) for hexadecimal and base64, and compares with Python's: all
lengths, text with each character in each place, padding of all kinds. How many there are is part of the test."""
import base64
import binascii
import itertools
import random
import sys

from vectors import FOLDER, asked, botan

FORMS = {'base64': (b'+/', True), 'base64-unpadded': (b'+/', False), 'base64url': (b'-_', True), 'base64url-unpadded': (b'-_', False)}
LONGEST = 600


def encoded(form, octets):
    if form == 'hex':
        return binascii.hexlify(octets)
    last, padded = FORMS[form]
    text = base64.b64encode(octets, last)
    return text if padded else text.rstrip(b'=')


def decoded(form, text):
    """What text says, or "refused". Python takes bits behind the last byte; what it says must give the text again."""
    try:
        if form == 'hex':
            octets = binascii.unhexlify(text)
            return octets if encoded(form, octets) == text.lower() else 'refused'
        last, padded = FORMS[form]
        if not padded and b'=' in text:
            return 'refused'
        whole = text if padded else text + b'=' * (-len(text) % 4)
        octets = base64.b64decode(whole, last)
        return octets if encoded(form, octets) == text else 'refused'
    except (binascii.Error, ValueError):
        return 'refused'


def lengths(program):
    dice = random.Random(6)
    for form in ('hex', *FORMS):
        for length in range(LONGEST):
            octets = dice.randbytes(length)
            text = encoded(form, octets)
            program.check(text, 'encode', form, octets)
            program.check(octets, 'decode', form, text)
            if form == 'hex':
                program.check(octets, 'decode', form, text.upper())
            wrong = bytearray(text or b'!')
            wrong[dice.randrange(len(wrong))] = dice.randrange(256)
            program.check(decoded(form, bytes(wrong)), 'decode', form, bytes(wrong))
            program.check(decoded(form, text[:-1]), 'decode', form, text[:-1])


def each_pair(program):
    """Each two bytes, of which the forms without padding make one byte or nothing."""
    for form in ('hex', 'base64-unpadded', 'base64url-unpadded'):
        for pair in itertools.product(range(256), repeat=2):
            program.check(decoded(form, bytes(pair)), 'decode', form, bytes(pair))


def each_place(program):
    """Each character in each place of the last four, and padding in all ways."""
    for form in FORMS:
        for place, c in itertools.product(range(4), range(256)):
            for text in (b'YWJj', b'YWI=', b'YQ==', b'YWJjYWI'):
                changed = bytearray(text)
                changed[place] = c
                program.check(decoded(form, bytes(changed)), 'decode', form, bytes(changed))
        for length in range(9):
            for text in itertools.product(b'A=', repeat=length):
                program.check(decoded(form, bytes(text)), 'decode', form, bytes(text))


def published(program):
    for section, case in botan('codec/base64.vec'):
        if section == 'valid':
            program.check(case['Base64'].encode(), 'encode', 'base64', bytes.fromhex(case['Binary']))
            program.check(bytes.fromhex(case['Binary']), 'decode', 'base64', case['Base64'].encode())
        else:
            program.check('refused', 'decode', 'base64', case['Base64'].encode())


PARTS = [(lengths, 12600), (each_pair, 196608), (each_place, 18428), (published, 53)]


sys.exit(asked(PARTS if FOLDER.is_dir() else PARTS[:-1], [*reversed(sys.argv[1:])]))
