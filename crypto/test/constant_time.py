#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""constant_time.py PROGRAM: runs PROGRAM (secrets.c) under valgrind, which says where a branch or an address depends on a
secret. What may, with its reason, is TOLD; all else is wrong. A branch on purpose must be found."""
import re
import shutil
import subprocess
import sys

SKIPPED = 77
# That a secret, a nonce or what came of them can be used at all is told, and nothing else of them.
TOLD = {
    'holm_aead_open': 'the tag is right',
    'open': 'the tag is right',
    'opened_with': 'the tag is right',
    'holm_agreement_agree': 'the other key gives no point of small order; the secret is in its range',
    'holm_agreement_public': 'the secret is in its range',
    'holm_curve__public': 'the secret is in its range',
    'agree_on': 'the secret is in its range',
    'agree_p256': 'the secret is in its range',
    'agree_p384': 'the secret is in its range',
    'agree_p521': 'the secret is in its range',
    'text_end': 'the text is one',
    'holm_signature_sign': 'the secret is in its range',
    'first_make': 'the first number is not 0',
    'holm_rsa__power': 'the result, undone, is what it was made of',
    'holm_rsa__open': 'the result is below the modulus',
    'holm_rsa_decrypt': 'how long the text is, also one that was made up',
    'holm_rsa_decrypt_oaep': 'it was sealed so; how long the text is',
    'matrix_draw': 'the matrix of ML-KEM, which is public and follows from a secret seed',
    'prime_find': 'what is wrong with a candidate that is refused',
    'holm_prime__small': 'the same',
    'holm_prime__likely': 'the same; a base is drawn again',
    'holm_rsa_generate': 'two primes are refused together; the key is ready, and signs',
    'numbers_make': 'two primes are refused together',
    'holm_rsa_public_init': 'the modulus, which is no secret',
    'holm_rsa_private_init': 'the numbers belong together, and are in their range',
    'holm_rsa__without_zeroes': 'how long numbers are, not counting zeroes',
    'holm_rsa__bits': 'how long numbers are',
    'holm_signature_public': 'the secret is in its range',
    'key_make': 'the secret is in its range',
    'signature_make': 'the same; a nonce was drawn again; neither number is 0',
    'sign_on': 'a nonce was drawn again; neither number is 0',
    'holm_nonces__next': 'a nonce was drawn again',
}
# Addresses too.
TOLD_PLACES = {'numbers_take': 'the matrix of ML-KEM, which is public and follows from a secret seed'}
KINDS = 'digests', 'macs', 'ciphers', 'keys', 'rsa', 'kem', 'made', 'dh', 'dsa', 'encodings'


def found(level, kind):
    """The lines of valgrind's reports and the functions that they are about; None: there is no such level."""
    done = subprocess.run(['valgrind', '--error-exitcode=1', '--error-limit=no', sys.argv[1], level, kind],
                          capture_output=True, text=True)
    if done.returncode == SKIPPED:
        return None
    places = re.findall(r'== (Conditional jump|Use of uninit)[^\n]*\n==\d+==    at 0x[0-9A-F]+: (\S+)', done.stderr)
    total = re.search(r'ERROR SUMMARY: (\d+) errors from (\d+) contexts', done.stderr)
    assert total and int(total[2]) == len(places) and done.returncode in (0, 1), done.stderr
    return [(what == 'Conditional jump', where) for what, where in places]


def main():
    if not shutil.which('valgrind'):
        print('skipped: valgrind is not here')
        return SKIPPED
    wrong = 0
    if not found('base', 'leak'):
        print('the branch on purpose was not found')
        wrong += 1
    for level in 'base', 'aesni', 'avx2_alone':
        for kind in KINDS:
            places = found(level, kind)
            if places is None:
                print(f'{level}: valgrind has no such processor')
                break
            bad = [where for branch, where in places if where not in TOLD_PLACES and (not branch or where not in TOLD)]
            print(f'{level} {kind}: {len(places)} decisions told, {len(bad)} that must not be {" ".join(sorted(set(bad)))}')
            wrong += len(bad)
    return 1 if wrong else 0


sys.exit(main())
