#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peers_public.py [--of=ALGORITHM] [--level=NAME] [--seed=N] [--times=N] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) for signatures of
ECDSA, DSA and RSA, and for what RSA seals, and compares with OpenSSL's libcrypto, in this process: with keys of either side each
verifies or opens what the other made, and both refuse what was changed. Lengths and what is changed follow from the seed (1;
--seed=any draws one, and says which); libcrypto's keys, nonces and paddings do not: what is wrong is printed with all of its
numbers. --times asks so many times as much; --of: of ecdsa, dsa, rsa or rsa_long, which is of 3072 and 4096 bits, alone."""
import ctypes
import random
import sys

from curve_tables import CURVES
from libcrypto import (OF_CURVE, OF_DSA, OF_POINTS, OF_RSA, Keys, asked_at_level, der, integer, integers, integers_in, key_info, one_off,
                       opened, option, parts, seed_told)
from peers_dsa import ALL, Domain
from vectors import numbers_of

HASHES = {'SHA-1': ('sha1', 20), 'SHA-224': ('sha224', 28), 'SHA-256': ('sha256', 32), 'SHA-384': ('sha384', 48),
          'SHA-512': ('sha512', 64), 'SHA-512-256': ('sha512-256', 32)}
DSA_NUMBER = 116 # what libcrypto has for it: EVP_PKEY_DSA
V15, PSS, OAEP = 'rsa_padding_mode:pkcs1', 'rsa_padding_mode:pss', 'rsa_padding_mode:oaep'


class Pair:
    """A secret and its public key, as answer.c and as libcrypto have them, of signatures of two numbers of size bytes, modulo order."""
    def __init__(self, name, order, size, secret, private):
        self.name, self.order, self.size, self.secret, self.private = name, order, size, secret, private

    def verified(self, made, digest):
        """By libcrypto, of any two numbers."""
        r, s = (int.from_bytes(x, 'big') for x in (made[:self.size], made[self.size:]))
        return PEER.verified(self.private, integers(r, s), digest)

    def pair(self, *numbers):
        return b''.join(x.to_bytes(self.size, 'big') for x in numbers)


def of_curve(bits, private):
    size, secret = (bits + 7) // 8, parts(PEER.written(private))[1][1]
    pair = Pair(f'ECDSA(P-{bits})', CURVES[f'p{bits}']['n'], size, secret.rjust(size, b'\0'), private)
    pair.key = public_of(private)[1:]
    pair.info = lambda key: key_info(der(0x30, OF_POINTS + OF_CURVE[bits]), key)
    return pair


def public_of(private):
    """The bits of a public key with what X.509 puts around it."""
    size = PEER.call('i2d_PUBKEY', private, None)
    room = ctypes.create_string_buffer(size)
    PEER.call('i2d_PUBKEY', private, ctypes.byref(ctypes.cast(room, ctypes.c_void_p)))
    return parts(room.raw)[1][1]


def of_domain(domain, private):
    _, _, _, _, y, x = integers_in(PEER.written(private))
    pair = Pair(domain.name, domain.q, domain.short, domain.secret(x), private)
    pair.key = domain.key(y)
    pair.info = lambda key: key_info(dsa_kind(domain), integer(int.from_bytes(key[-domain.size:], 'big')))
    return pair


def dsa_kind(domain):
    return der(0x30, OF_DSA + integers(domain.p, domain.q, domain.g))


def ecdsa(program):
    dice = random.Random(f'{SEED} ecdsa')
    for bits, of in CURVES.items():
        bits, size = int(bits[1:]), (int(bits[1:]) + 7) // 8
        for turn in range(2 * TIMES):
            if turn % 2:
                private = PEER.drawn('EC', f'ec_paramgen_curve:P-{bits}')
            else: # without its public key, which libcrypto makes then
                secret = dice.randrange(1, of['n']).to_bytes(size, 'big')
                private = PEER.private(der(0x30, integer(1) + der(4, secret) + der(0xa0, OF_CURVE[bits])))
            pair = of_curve(bits, private)
            program.check(pair.key, 'public', pair.name, pair.secret)
            at_edges(program, pair, *both_ways(program, dice, pair, True, 16))
            PEER.release(private)


def dsa(program):
    """Of p of 1024 bits nothing is signed here."""
    dice = random.Random(f'{SEED} dsa')
    for of in ALL:
        kind = PEER.read('d2i_KeyParams', integers(of.p, of.q, of.g), DSA_NUMBER)
        for turn in range(2 * TIMES):
            if turn % 2:
                private = PEER.drawn(kind)
            else:
                x = dice.randrange(1, of.q)
                private = PEER.private(der(0x30, integer(0) + dsa_kind(of) + der(4, integer(x))))
            pair = of_domain(of, private)
            if of.p_bits > 1024:
                program.check(pair.key, 'public', pair.name, pair.secret)
            last = both_ways(program, dice, pair, of.p_bits > 1024, 8)
            if turn % 2 == 0:
                at_edges(program, pair, *last)
            PEER.release(private)
        PEER.release(kind)


def both_ways(program, dice, pair, signs, count):
    """Signatures of some digests of all lengths and at edges, and what is changed; the last digest, and its signature."""
    order = pair.order.to_bytes(pair.size, 'big')
    edges = [bytes(pair.size), b'\xff' * pair.size, order, order[:-1] + bytes([order[-1] - 1]), order[:-1] + bytes([order[-1] + 1])]
    lengths = [1, pair.size - 1, pair.size, pair.size + 1, dice.randrange(2, 200)]
    digests = [(dice.choice([*HASHES]), dice.randbytes(x)) for x in lengths]
    digests += [(name, dice.randbytes(size)) for name, (_, size) in HASHES.items()] + [('SHA-256', x) for x in edges]
    for hash_name, digest in dice.sample(digests, count):
        theirs = numbers_of(PEER.passed('sign', pair.private, digest), pair.size)
        program.check('right', 'verify', pair.name, pair.key, hash_name, digest, theirs)
        made = program.ask('sign', pair.name, pair.secret, hash_name, digest) if signs else theirs
        told(program, pair.verified(made, digest), 'right', pair.name, pair.key, digest, made)
        changed_somewhere(program, dice, pair, hash_name, digest, dice.choice((made, theirs)))
    return digest, theirs


def told(program, said, wanted, *words):
    """Compares what libcrypto says of what was made here."""
    program.asked += 1
    if said != wanted:
        program.wrong += 1
        print(f'wrong: libcrypto says {said!r}, wanted {wanted!r} of {program.line(words)}')


def changed(dice, whole):
    one = bytearray(whole)
    one[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
    return bytes(one)


def changed_below(dice, n, sealed):
    """With a bit changed, and still a number below n."""
    while True:
        wrong = changed(dice, sealed)
        if int.from_bytes(wrong, 'big') < n:
            return wrong


def changed_somewhere(program, dice, pair, hash_name, digest, made):
    """A bit of the signature, the digest and the key. Of digests longer than the order the last bits mean nothing."""
    wrong = changed(dice, made)
    told(program, pair.verified(wrong, digest), 'refused', pair.name, pair.key, digest, wrong)
    program.check('refused', 'verify', pair.name, pair.key, hash_name, digest, wrong)
    other = changed(dice, digest)
    program.check(pair.verified(made, other), 'verify', pair.name, pair.key, hash_name, other, made)
    key = pair.key[:-pair.size] + changed(dice, pair.key[-pair.size:])
    public = PEER.public(pair.info(key))
    numbers = integers(*(int.from_bytes(x, 'big') for x in (made[:pair.size], made[pair.size:])))
    told(program, PEER.verified(public, numbers, digest), 'refused', pair.name, key, digest, made)
    program.check('refused', 'verify', pair.name, key, hash_name, digest, made)
    PEER.release(public)


def at_edges(program, pair, digest, made):
    """Numbers of a signature in and out of their range: what libcrypto says of each."""
    r, s = (int.from_bytes(x, 'big') for x in (made[:pair.size], made[pair.size:]))
    order, whole = pair.order, 1 << 8 * pair.size
    values = {0, 1, order - 1, order, whole - 1, order - s, r, s}
    for one in sorted(values):
        for other in sorted(values):
            numbers = pair.pair(one, other)
            program.check(pair.verified(numbers, digest), 'verify', pair.name, pair.key, 'SHA-256', digest, numbers)
    for wrong in (made[:-1], made[1:], b'\0' + made, made + b'\0', b''):
        program.check('refused', 'verify', pair.name, pair.key, 'SHA-256', digest, wrong)


class KeyOfRsa:
    """The numbers of a key, and it as libcrypto has it."""
    def __init__(self, n, e, d, p, q, *rest):
        self.bits, self.n, self.e, half = n.bit_length(), n, e, (n.bit_length() + 15) // 16
        self.size = (self.bits + 7) // 8
        self.public = n.to_bytes(self.size, 'big'), e.to_bytes(4, 'big')
        self.numbers = *self.public, *(x.to_bytes(half, 'big') for x in (p, q, *rest))
        self.private = PEER.private(integers(0, n, e, d, p, q, *rest))


def rsa_of_ours(program, bits, seed):
    made, e = program.ask('rsa-generate', bits, seed), 65537
    numbers = []
    for size in (bits // 8, bits // 8, *[bits // 16] * 5):
        numbers, made = [*numbers, int.from_bytes(made[:size], 'big')], made[size:]
    return KeyOfRsa(numbers[0], e, *numbers[1:])


def rsa_of_theirs(bits, exponent):
    private = PEER.drawn('RSA', f'rsa_keygen_bits:{bits}', f'rsa_keygen_pubexp:{exponent}')
    key = KeyOfRsa(*integers_in(PEER.written(private))[1:])
    PEER.release(private)
    return key


def rsa(program):
    dice = random.Random(f'{SEED} rsa')
    for turn in range(TIMES):
        for key in (rsa_of_ours(program, 2048, f'{dice.randrange(2**32)}'), rsa_of_theirs(2048, 65537), rsa_of_theirs(2048, 3)):
            rsa_both(program, dice, key)


def rsa_long(program):
    dice = random.Random(f'{SEED} rsa long')
    for turn in range(TIMES):
        for bits, exponent in ((3072, 65537), (4096, 17)):
            for key in (rsa_of_ours(program, bits, f'{dice.randrange(2**32)}'), rsa_of_theirs(bits, exponent)):
                rsa_both(program, dice, key)


def rsa_both(program, dice, key):
    for name in HASHES:
        rsa_signs(program, dice, key, name)
        rsa_signs_pss(program, dice, key, name)
    rsa_seals(program, dice, key)
    rsa_seals_oaep(program, dice, key)
    PEER.release(key.private)


def rsa_signs(program, dice, key, name):
    """Both make the same."""
    peer, size = HASHES[name]
    digest, options = dice.randbytes(size), (V15, f'digest:{peer}')
    theirs = PEER.passed('sign', key.private, digest, *options)
    program.check(theirs, 'rsa-sign', name, digest, *key.numbers)
    program.check('right', 'rsa', *key.public, name, digest, theirs)
    rsa_refused(program, dice, key, (name,), digest, theirs, options, ())


def rsa_refused(program, dice, key, words, digest, made, options, more):
    """What is changed, and numbers at edges; both say that it is wrong."""
    edges = [x.to_bytes(key.size, 'big') for x in (0, 1, key.n - 1, key.n, key.n + 1, 2**key.bits - 1)]
    wrong = [(digest, x) for x in (changed(dice, made), *edges, made[:-1], made + b'\0', b'\0' + made)] + [(changed(dice, digest), made)]
    for digest, signature in wrong:
        told(program, PEER.verified(key.private, signature, digest, *options), 'refused', *key.public, *words, digest, signature)
        program.check('refused', 'rsa', *key.public, *words, digest, signature, *more)


def rsa_signs_pss(program, dice, key, name):
    """Salts of all lengths, and masks of other hashes than the digest's; ours are as long as the digest, of the same hash."""
    peer, size = HASHES[name]
    digest, most = dice.randbytes(size), key.size - size - 2
    made = program.ask('rsa-sign-pss', name, digest, *key.numbers)
    options = PSS, f'digest:{peer}', f'rsa_pss_saltlen:{size}'
    told(program, PEER.verified(key.private, made, digest, *options), 'right', *key.public, name, digest, made)
    rsa_refused(program, dice, key, (name,), digest, made, options, (name, size))
    for salt in (0, 1, size, dice.randrange(most), most):
        mask = dice.choice([*HASHES])
        options = PSS, f'digest:{peer}', f'rsa_pss_saltlen:{salt}', f'rsa_mgf1_md:{HASHES[mask][0]}'
        theirs = PEER.passed('sign', key.private, digest, *options)
        program.check('right', 'rsa', *key.public, name, digest, theirs, mask, salt)
        program.check('refused', 'rsa', *key.public, name, digest, theirs, mask, salt + 1)
        program.check('refused', 'rsa', *key.public, name, digest, theirs, 'SHA-1' if mask != 'SHA-1' else 'SHA-256', salt)


def rsa_seals(program, dice, key):
    """PKCS #1 v1.5: what is changed opens as another text, always the same one."""
    most = key.size - 11
    for size in (0, 1, 16, dice.randrange(16, most), most - 1, most):
        text = dice.randbytes(size)
        sealed = program.ask('rsa-seal', text, *key.public)
        told(program, PEER.passed('decrypt', key.private, sealed, V15), text, 'rsa-seal', text, *key.public)
        program.check(text, 'rsa-open', PEER.passed('encrypt', key.private, text, V15), *key.numbers)
        if size >= 16: # a shorter one might be the other by chance
            wrong = changed_below(dice, key.n, sealed)
            other = program.ask('rsa-open', wrong, *key.numbers)
            told(program, other != text and len(other) <= most, True, 'rsa-open', wrong, *key.numbers)
            program.check(other, 'rsa-open', wrong, *key.numbers)
    told(program, PEER.passed('encrypt', key.private, bytes(most + 1), V15), None, 'rsa-seal', bytes(most + 1))
    program.check('refused', 'rsa-seal', bytes(most + 1), *key.public)
    out_of_range(program, key, V15)


def out_of_range(program, key, mode, *words):
    for value in (key.n, key.n + 1, 2**key.bits - 1):
        sealed = value.to_bytes(key.size, 'big')
        told(program, PEER.passed('decrypt', key.private, sealed, mode), None, 'rsa-open', sealed, *key.numbers)
        program.check('refused', 'rsa-open', sealed, *key.numbers, *words)


def rsa_seals_oaep(program, dice, key):
    for name, (peer, size) in HASHES.items():
        mask, label, most = dice.choice([*HASHES]), dice.randbytes(dice.choice((0, 1, dice.randrange(100)))), key.size - 2 * size - 2
        options = OAEP, f'rsa_oaep_md:{peer}', f'rsa_mgf1_md:{HASHES[mask][0]}', *([f'rsa_oaep_label:{label.hex()}'] if label else [])
        words = name, mask, label
        for length in (0, 1, dice.randrange(most), most):
            text = dice.randbytes(length)
            sealed, theirs = program.ask('rsa-seal', text, *key.public, *words), PEER.passed('encrypt', key.private, text, *options)
            told(program, PEER.passed('decrypt', key.private, sealed, *options), text, 'rsa-seal', text, *key.public, *words)
            program.check(text, 'rsa-open', theirs, *key.numbers, *words)
        wrong = changed_below(dice, key.n, sealed)
        told(program, PEER.passed('decrypt', key.private, wrong, *options), None, 'rsa-open', wrong, *key.numbers, *words)
        program.check('refused', 'rsa-open', wrong, *key.numbers, *words)
        program.check('refused', 'rsa-open', theirs, *key.numbers, name, mask, label + b'x')
        told(program, PEER.passed('encrypt', key.private, bytes(most + 1), *options), None, 'rsa-seal', bytes(most + 1), *words)
        program.check('refused', 'rsa-seal', bytes(most + 1), *key.public, *words)
    out_of_range(program, key, OAEP, name, name, b'')


if __name__ == '__main__':
    SEED, TIMES = seed_told(), int(option('times', '1'))
    PEER = opened(Keys)
    PARTS = [(part, count * TIMES) for part, count in ((ecdsa, 1092), (dsa, 730), (rsa, 1452), (rsa_long, 1936))]
    sys.exit(asked_at_level([x for x in PARTS if option('of', x[0].__name__) == x[0].__name__]))
