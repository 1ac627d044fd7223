#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peers_dsa.py PROGRAM [EMULATOR]: asks PROGRAM (answer.c) for signatures of DSA, which Python's integers make as FIPS 186-4 and
RFC 6979 write it; for numbers at the edges of their ranges; and openssl, where it is, verifies what ours signs, and the other
way round. How many questions there are is part of the test."""
import base64
import hashlib
import hmac
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from libcrypto import integers
from vectors import asked, numbers_of

# Of the bits of p and q: what q is more than 3/4 of 2^bits, and what p - 1 is more, in times q, than about 5/8 of that.
DOMAINS = {(1024, 160): (25, 72), (2048, 224): (37, 1964), (2048, 256): (49, 2068), (3072, 256): (49, 1250)}
HASHES = 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'


class Domain:
    def __init__(self, bits):
        (self.p_bits, self.q_bits), (q_more, times) = bits, DOMAINS[bits]
        self.name = f'DSA({self.p_bits},{self.q_bits})'
        self.q = 3 * 2**(self.q_bits - 2) + q_more
        self.p = self.q * (10 * 2**(self.p_bits - 4) // self.q // 2 * 2 + times) + 1
        self.g = pow(2, (self.p - 1) // self.q, self.p)
        self.size, self.short = self.p_bits // 8, self.q_bits // 8

    def octets(self, p=None, q=None, g=None):
        """As keys have it, or with another number in it."""
        return b''.join(own.to_bytes(size, 'big') if other is None else other.to_bytes(size, 'big')
                        for own, other, size in ((self.p, p, self.size), (self.q, q, self.short), (self.g, g, self.size)))

    def key(self, y, **others):
        return self.octets(**others) + y.to_bytes(self.size, 'big')

    def secret(self, x):
        return self.octets() + x.to_bytes(self.short, 'big')

    def number(self, digest):
        return int.from_bytes(digest[:self.short], 'big')

    def signed(self, x, digest, nonce):
        r = pow(self.g, nonce, self.p) % self.q
        return r, pow(nonce, -1, self.q) * (self.number(digest) + x * r) % self.q

    def pair(self, r, s):
        return b''.join(n.to_bytes(self.short, 'big') for n in (r, s))

    def nonce(self, x, hash_name, digest):
        """RFC 6979 section 3.2."""
        mac = lambda key, *parts: hmac.new(key, b''.join(parts), hash_name.replace('-', '')).digest()
        seed = x.to_bytes(self.short, 'big') + (self.number(digest) % self.q).to_bytes(self.short, 'big')
        key, value = bytes(len(digest)), b'\1' * len(digest)
        for step in (b'\0', b'\1'):
            key = mac(key, value, step, seed)
            value = mac(key, value)
        while True:
            made = b''
            while len(made) < self.short:
                value = mac(key, value)
                made += value
            if 0 < self.number(made) < self.q:
                return self.number(made)
            key = mac(key, value, b'\0')
            value = mac(key, value)


SIGNING = [Domain(bits) for bits in DOMAINS if bits[0] > 1024]
ALL = [Domain(bits) for bits in DOMAINS]


def signatures(program):
    """The same as in Python, of digests longer and shorter than q, and of secrets at edges."""
    dice = random.Random(1)
    for of in SIGNING:
        for x in (1, 2, of.q - 1, dice.randrange(1, of.q)):
            y = pow(of.g, x, of.p)
            program.check(of.key(y), 'public', of.name, of.secret(x))
            for name in HASHES:
                length = hashlib.new(name.replace('-', '')).digest_size
                for digest in (bytes(length), b'\xff' * length, dice.randbytes(length)):
                    made = of.pair(*of.signed(x, digest, of.nonce(x, name, digest)))
                    program.check(made, 'sign', of.name, of.secret(x), name, digest)
                    program.check('right', 'verify', of.name, of.key(y), name, digest, made)


def ranges(program):
    """Numbers of signatures out of their range, of nonces at edges, and lengths."""
    dice = random.Random(2)
    for of in ALL:
        x = dice.randrange(2, of.q)
        y, whole = pow(of.g, x, of.p), 2**of.q_bits
        key = of.key(y)
        for nonce in (1, 2, of.q - 1, dice.randrange(1, of.q)):
            digest = dice.randbytes(of.short)
            r, s = of.signed(x, digest, nonce)
            check = lambda wanted, r, s, key=key: program.check(wanted, 'verify', of.name, key, 'SHA-256', digest, of.pair(r, s))
            check('right', r, s)
            check('right' if 2 * r == of.q else 'refused', r, of.q - s)
            for bad in (0, of.q, (r + of.q) % whole, whole - 1, r ^ 1):
                check('refused', bad, s)
            for bad in (0, of.q, (s + of.q) % whole, whole - 1, s ^ 1):
                check('refused', r, bad)
            check('refused', r, s, of.key(pow(of.g, x + 1, of.p)))
            # what is a digest and q more is the same number, where it has room
            more = int.from_bytes(digest, 'big') % of.q + of.q
            if more < whole:
                program.check('right', 'verify', of.name, key, 'SHA-256', more.to_bytes(of.short, 'big'), of.pair(r, s))
            made = of.pair(r, s)
            for wrong in (made[1:], made + b'\0', b'\0' + made, b''):
                program.check('refused', 'verify', of.name, key, 'SHA-256', digest, wrong)
            for wrong in (key[1:], key + b'\0', key[:-1], b''):
                program.check('refused', 'verify', of.name, wrong, 'SHA-256', digest, made)


def domains(program):
    """Domains and keys that are none. Of some a signature would be right, was nothing asked about them."""
    dice = random.Random(3)
    for of in ALL:
        x, digest = dice.randrange(2, of.q), dice.randbytes(32)
        y = pow(of.g, x, of.p)
        made, other = of.pair(*of.signed(x, digest, dice.randrange(1, of.q))), pow(2, x, of.p)
        shorter = (2**(of.p_bits - 1) - 1) // (2 * of.q) * 2 * of.q + 1
        bad = [{'p': of.p ^ 1}, {'p': shorter}, {'p': of.p - 2}, {'p': of.p + 2 * of.q}, {'p': 0}, {'q': of.q ^ 1}, {'q': of.q - 2}, {'q': of.q % 2**(of.q_bits - 1) | 1}, {'q': 0}, {'q': 1},
               {'g': 0}, {'g': 1}, {'g': of.p - 1}, {'g': of.p}, {'g': of.p - of.g}, {'g': 2}, {'g': 2**of.p_bits - 1}]
        program.check('right', 'verify', of.name, of.key(y), 'SHA-256', digest, made)
        program.check('right', 'domain', of.name, of.octets())
        for wrong in bad:
            program.check('refused', 'verify', of.name, of.key(y, **wrong), 'SHA-256', digest, made)
            program.check('refused', 'domain', of.name, of.octets(**wrong))
            program.check('refused', 'valid', of.name, of.octets(**wrong) + x.to_bytes(of.short, 'big'))
        for wrong in (0, 1, of.p - 1, of.p, of.p - y, other, of.g * y % of.p * other % of.p, 2**of.p_bits - 1):
            program.check('refused', 'verify', of.name, of.key(wrong), 'SHA-256', digest, made)
        # with y = 1 each r that is a power of g is right, and with g = 1 r = 1
        r = pow(of.g, of.number(digest), of.p) % of.q
        program.check('refused', 'verify', of.name, of.key(1), 'SHA-256', digest, of.pair(r, 1))
        program.check('refused', 'verify', of.name, of.key(1, g=1), 'SHA-256', digest, of.pair(1, 1))
        for value, right in ((0, False), (1, True), (of.q - 1, True), (of.q, False), (2**of.q_bits - 1, False)):
            program.check('right' if right and of.p_bits > 1024 else 'refused', 'valid', of.name, of.secret(value))
        program.check('refused', 'valid', of.name, of.octets())
        program.check('refused', 'valid', of.name, b'')
        program.check('refused', 'domain', of.name, of.octets()[:-1])
    composite(program)


def composite(program):
    """A domain of which all is right but that p is a product of two primes, both 1 modulo q."""
    of = Domain((1024, 160))
    parts, times = [], 2**(512 - of.q_bits) * 6 // 5 // 2 * 2
    while len(parts) < 2:
        times += 2
        n = of.q * times + 1
        if all(n % x for x in range(3, 2000, 2)) and pow(2, n - 1, n) == 1:
            parts.append(n)
    p = parts[0] * parts[1]
    g = pow(2, (parts[0] - 1) * (parts[1] - 1) // of.q**2, p)
    assert p.bit_length() == 1024 and g != 1 and pow(g, of.q, p) == 1
    x, digest = 12345, bytes(range(20))
    r = pow(g, 6789, p) % of.q
    s = pow(6789, -1, of.q) * (of.number(digest) + x * r) % of.q
    program.check('right', 'verify', of.name, of.key(pow(g, x, p), p=p, g=g), 'SHA-1', digest, of.pair(r, s))
    program.check('refused', 'domain', of.name, of.octets(p=p, g=g))


def secrets(program):
    for of in SIGNING:
        drawn = {program.ask('secret', of.name, of.octets(), seed) for seed in range(4)}
        for secret in drawn:
            program.asked += 1
            x = int.from_bytes(secret[len(of.octets()):], 'big')
            program.wrong += not (secret[:len(of.octets())] == of.octets() and 0 < x < of.q and x.bit_length() > of.q_bits - 40)
        program.wrong += len(drawn) != 4


def openssl(program):
    """Keys of openssl's, in a domain of its own and in those here; each verifies what the other signed."""
    def run(*words, **more):
        return subprocess.run(['openssl', *map(str, words)], capture_output=True, check=True, timeout=120, **more).stdout
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        for bits in DOMAINS:
            of = Domain(bits)
            peers_domain(run, at, of)
            for hash_name in HASHES:
                message = hash_name.encode() * 100
                (at / 'message').write_bytes(message)
                digest, peer_hash = hashlib.new(hash_name.replace('-', ''), message).digest(), f'-{hash_name.replace("-", "").lower()}'
                words = of.name, of.key(of.y), hash_name, digest
                theirs = numbers_of(run('dgst', peer_hash, '-sign', at / 'key', at / 'message'), of.short)
                program.check('right', 'verify', *words, theirs)
                if of.p_bits == 1024:
                    continue
                made = program.ask('sign', of.name, of.secret(of.x), hash_name, digest)
                (at / 'made').write_bytes(integers(*(int.from_bytes(x, 'big') for x in (made[:of.short], made[of.short:]))))
                program.asked += 1
                said = subprocess.run(['openssl', 'dgst', peer_hash, '-verify', at / 'public', '-signature', at / 'made', at / 'message'],
                                      capture_output=True)
                if b'Verified OK' not in said.stdout:
                    program.wrong += 1
                    print(f'wrong: openssl says {said}')


def peers_domain(run, at, of):
    """A key of openssl's: of bits where it draws a domain in a second also the domain; else in ours."""
    text = base64.encodebytes(integers(of.p, of.q, of.g)).decode()
    (at / 'domain.pem').write_text(f'-----BEGIN DSA PARAMETERS-----\n{text}-----END DSA PARAMETERS-----\n')
    if of.p_bits == 2048:
        run('genpkey', '-genparam', '-algorithm', 'DSA', '-pkeyopt', f'dsa_paramgen_bits:{of.p_bits}',
            '-pkeyopt', f'dsa_paramgen_q_bits:{of.q_bits}', '-out', at / 'domain.pem')
    run('gendsa', '-out', at / 'key', at / 'domain.pem')
    run('dsa', '-in', at / 'key', '-pubout', '-out', at / 'public')
    named = {}
    for line in run('dsa', '-in', at / 'key', '-noout', '-text').decode().splitlines():
        if not line.startswith(' '):
            name = line.split(':')[0].strip()
            named[name] = ''
        else:
            named[name] += line.strip().replace(':', '')
    of.x, of.y, of.p, of.q, of.g = (int(named[x], 16) for x in ('priv', 'pub', 'P', 'Q', 'G'))


PARTS = [(signatures, 372), (ranges, 343), (domains, 286), (secrets, 12)]


def main():
    parts = PARTS
    if shutil.which('openssl'):
        parts = [*PARTS, (openssl, 35)]
    else:
        print('openssl is not here: what it would sign and verify is left out')
    return asked(parts, [*reversed(sys.argv[1:])])


if __name__ == '__main__':
    sys.exit(main())
