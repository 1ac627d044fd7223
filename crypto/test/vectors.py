#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""vectors.py [--long] [--level=NAME] [--one-in=N] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) all published vectors of
what the library has, and compares. --long: the ones that take a while, and no others; --level: of a processor's level,
what it has a part in (crypto/test/level.h); --one-in: of N questions one, where each takes long.
Vectors are in the folder HOLM_VECTORS, or ../shared/vectors beside the source. What is not asked is named with its
reason, and how many there are is part of the test."""
import base64
import collections
import ctypes
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

FOLDER = Path(os.environ.get('HOLM_VECTORS') or Path(__file__).resolve().parents[2] / '../shared/vectors') / 'crypto'
DIGESTS = {'SHA-1': 20, 'SHA-224': 28, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64, 'SHA-512-256': 32, 'SHA-3(224)': 28,
           'SHA-3(256)': 32, 'SHA-3(384)': 48, 'SHA-3(512)': 64}
LONG = '--long' in sys.argv
LEVEL = [x.removeprefix('--level=') for x in sys.argv if x.startswith('--level=')]
ONE_IN = max([int(x.removeprefix('--one-in=')) for x in sys.argv if x.startswith('--one-in=')], default=1)
ROUNDS_SHORT = 100000 # of PBKDF2
SKIPPED = 77 # what a test answers that could not run
SEALED = {f'AES-{bits}/{mode}' for bits in (128, 192, 256) for mode in ('GCM', 'CCM(16,3)', 'EAX', 'OCB')} | {
    'AES-128/CCM(8,3)', 'AES-256/CCM(8,3)', 'ChaCha20Poly1305'}


class Program:
    """Questions are written many at a time, since each turn of a pipe costs more than most answers."""
    AHEAD_BYTES = 30000 # of questions and answers together: half of what a pipe takes

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked, self.wrong, self.left = 0, 0, collections.Counter()
        self.ahead, self.ahead_bytes = [], 0

    def ask(self, *words):
        self.settle()
        self.send(self.line(words) + '\n')
        return self.answer()

    def check(self, wanted, *words):
        self.asked += 1
        if self.asked % ONE_IN:
            return
        line = self.line(words)
        self.ahead.append((line, wanted))
        self.ahead_bytes += len(line) + 2 * len(wanted)
        if self.ahead_bytes >= self.AHEAD_BYTES:
            self.settle()

    def settle(self):
        """Compares the answers of all that is to be checked."""
        ahead, self.ahead, self.ahead_bytes = self.ahead, [], 0
        self.send(''.join(line + '\n' for line, _ in ahead))
        for line, wanted in ahead:
            said = self.answer()
            if said != wanted:
                self.wrong += 1
                print(f'wrong: {line}\n       said {said!r}\n     wanted {wanted!r}')

    def send(self, lines):
        self.process.stdin.write(lines + '\n') # an empty line: now it answers
        self.process.stdin.flush()

    @staticmethod
    def line(words):
        return ' '.join('x' + word.hex() if isinstance(word, bytes) else str(word) for word in words)

    def answer(self):
        said = self.process.stdout.readline().strip()
        return bytes.fromhex(said[1:]) if said.startswith('x') else said


def botan(name):
    """Yields (section, {name: value}) of a file; a case ends with its last field, a blank line or the section's end."""
    section, case = None, {}
    for line in (FOLDER / 'botan-vec' / name).read_text().splitlines() + ['']:
        line = line.split('#')[0].strip()
        if line.startswith('[') or not line:
            if case:
                yield section, case
            case = {}
            if line:
                section = line.strip('[]')
        else:
            key, _, value = line.partition('=')
            case[key.strip()] = value.strip()


def wycheproof(name):
    """Yields (group, case) of a file."""
    for group in json.loads((FOLDER / 'wycheproof' / name).read_text())['testGroups']:
        for case in group['tests']:
            yield group, case


def unhex(case, key):
    return bytes.fromhex(case.get(key, ''))


def cuts(message):
    """Each place where a message may be cut, or of a long one some."""
    return range(len(message) + 1) if len(message) <= 200 else sorted({0, 1, 63, 64, 65, 127, 128, 129, len(message)})


def hashes(program):
    for file in ('sha1', 'sha2_32', 'sha2_64', 'sha3', 'blake2b', 'blake2s'):
        for name, case in botan(f'hash/{file}.vec'):
            message, digest = unhex(case, 'In'), unhex(case, 'Out')
            for cut in cuts(message):
                program.check(digest, 'hash', name, message, cut, len(digest))


def shake(program):
    """No vectors of SHAKE are at hand: Python's own is the peer."""
    dice = random.Random(1)
    for name, peer in (('SHAKE-128', hashlib.shake_128), ('SHAKE-256', hashlib.shake_256)):
        for length in range(0, 700, 7):
            message = dice.randbytes(length)
            program.check(peer(message).digest(2 * length), 'hash', name, message, length // 3, 2 * length)


def hmac(program):
    for name, case in botan('mac/hmac.vec'):
        if name[5:-1] in DIGESTS:
            message, tag = unhex(case, 'In'), unhex(case, 'Out')
            for cut in cuts(message):
                program.check(tag, 'mac', name, unhex(case, 'Key'), message, cut, len(tag))
    for file, name in (('sha1', 'SHA-1'), ('sha224', 'SHA-224'), ('sha256', 'SHA-256'), ('sha384', 'SHA-384'),
                       ('sha512', 'SHA-512'), ('sha3_256', 'SHA-3(256)')):
        for group, case in wycheproof(f'hmac_{file}_test.json'):
            key, message, tag = (bytes.fromhex(case[x]) for x in ('key', 'msg', 'tag'))
            words = 'mac', f'HMAC({name})', key, message, len(message) // 2, group['tagSize'] // 8
            if case['result'] == 'invalid':
                program.asked += 1
                program.wrong += program.ask(*words) == tag
            else:
                program.check(tag, *words)


def mac(program):
    for file in ('cmac', 'poly1305'):
        for name, case in botan(f'mac/{file}.vec'):
            if name.startswith(('CMAC(AES', 'Poly')):
                message, tag = unhex(case, 'In'), unhex(case, 'Out')
                for cut in cuts(message):
                    program.check(tag, 'mac', name, unhex(case, 'Key'), message, cut, len(tag))
    for group, case in wycheproof('aes_cmac_test.json'):
        key, message, tag = (bytes.fromhex(case[x]) for x in ('key', 'msg', 'tag'))
        words = 'mac', f"CMAC(AES-{group['keySize']})", key, message, len(message) // 2, len(tag)
        if group['keySize'] not in (128, 192, 256):
            program.left[words[1]] += 1
        elif case['result'] == 'invalid':
            program.asked += 1
            program.wrong += program.ask(*words) == tag
        else:
            program.check(tag, *words)


def hkdf(program):
    for name, case in botan('kdf/hkdf.vec'):
        kind, _, mac = name.partition('(')
        mac = mac[:-1]
        if mac[5:-1] not in DIGESTS:
            continue
        out = unhex(case, 'Output')
        if kind == 'HKDF':
            program.check(out, 'hkdf', mac, unhex(case, 'Salt'), unhex(case, 'Secret'), unhex(case, 'Label'), len(out))
        elif kind == 'HKDF-Expand':
            program.check(out, 'expand', mac, unhex(case, 'Secret'), unhex(case, 'Label') or unhex(case, 'Salt'), len(out))
    for file, name in (('sha1', 'SHA-1'), ('sha256', 'SHA-256'), ('sha384', 'SHA-384'), ('sha512', 'SHA-512')):
        for _, case in wycheproof(f'hkdf_{file}_test.json'):
            if case['result'] == 'valid': # the others ask for more than there can be, which is a defect of the caller
                program.check(unhex(case, 'okm'), 'hkdf', f'HMAC({name})', unhex(case, 'salt'), unhex(case, 'ikm'),
                              unhex(case, 'info'), case['size'])


def pbkdf2(program):
    for name, case in botan('pbkdf/pbkdf2.vec'):
        mac = name[len('PBKDF2('):-1]
        if not LONG and mac[5:-1] in DIGESTS and 'Passphrase' in case:
            out = unhex(case, 'Output')
            program.check(out, 'pbkdf2', mac, case['Passphrase'].encode(), unhex(case, 'Salt'), case['Iterations'], len(out))
    for file, name in (('1', 'SHA-1'), ('256', 'SHA-256'), ('512', 'SHA-512')):
        for _, case in wycheproof(f'pbkdf2_hmacsha{file}_test.json'):
            if (case['iterationCount'] > ROUNDS_SHORT) == LONG:
                program.check(unhex(case, 'dk'), 'pbkdf2', f'HMAC({name})', unhex(case, 'password'), unhex(case, 'salt'),
                              case['iterationCount'], case['dkLen'])


def scrypt(program):
    """Of published vectors only the standard's few are at hand (test_password.c): Python's is the peer."""
    dice = random.Random(4)
    for i in range(150):
        password, salt, n, r, p = dice.randbytes(i), dice.randbytes(i % 40), 2 << i % 10, 1 + i % 9, 1 + i % 4
        length = 1 + i % 100
        if r < 4 and n >= 1 << 16 * r:
            continue
        program.check(hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=length, maxmem=1 << 26), 'scrypt', password,
                      salt, n, r, p, length)


def argon2(program):
    """The same; the peer is the authors' libargon2."""
    peer, size, number = ctypes.CDLL('libargon2.so.1').argon2id_hash_raw, ctypes.c_size_t, ctypes.c_uint32
    peer.argtypes = [number, number, number, *[ctypes.c_char_p, size] * 3]
    dice = random.Random(5)
    for i in range(150):
        lanes, password, salt, length = 1 + i % 6, dice.randbytes(i), dice.randbytes(8 + i % 40), 4 + i * 3
        kibibytes, passes, out = 8 * lanes + i * 7, 1 + i % 5, ctypes.create_string_buffer(length)
        done = peer(passes, kibibytes, lanes, password, len(password), salt, len(salt), out, length)
        assert done == 0, done
        program.check(out.raw, 'argon2id', password, salt, kibibytes, passes, lanes, length)


def bcrypt(program):
    """Private keys that OpenSSH hid: what follows from the password opens them, by AES in CTR; they begin with a number
    twice, and end with 1, 2, 3 and so on."""
    folder = FOLDER.parent / 'ssh/openssh-testdata/sshkey/testdata'
    password = (folder / 'pw').read_text().strip().encode()
    for file in sorted(folder.iterdir()):
        text = file.read_text(errors='replace')
        if 'BEGIN OPENSSH PRIVATE KEY' not in text:
            continue
        fields, rest = [], base64.b64decode(''.join(text.split('-----')[2].split()))[len('openssh-key-v1\0'):]
        for i in range(6): # cipher, kdf, its options, (how many,) public key, private keys
            if i == 3:
                rest = rest[4:]
                continue
            length = int.from_bytes(rest[:4], 'big')
            fields, rest = fields + [rest[4:4 + length]], rest[4 + length:]
        if fields[1] != b'bcrypt' or fields[0] != b'aes256-ctr':
            continue
        salt, rounds = fields[2][4:-4], int.from_bytes(fields[2][-4:], 'big')
        made = program.ask('bcrypt', password, salt, rounds, 48)
        opened = program.ask('pass-back', 'AES-256/CTR', made[:32], made[32:], fields[4], 0)
        program.asked += 1
        last = opened[-(opened[-1] % 16):] if opened[-1] % 16 else b''
        if opened[:4] != opened[4:8] or last != bytes(range(1, len(last) + 1)):
            program.wrong += 1
            print(f'wrong: {file.name}')


def md5(program):
    for _, case in botan('hash/md5.vec'):
        message, digest = unhex(case, 'In'), unhex(case, 'Out')
        for cut in cuts(message):
            program.check(digest, 'hash', 'MD5', message, cut, len(digest))


def des(program):
    for _, case in botan('block/des.vec'):
        key, text, secret = (unhex(case, x) for x in ('Key', 'In', 'Out'))
        key = (key * 3)[:24] # a key of DES is three that are the same, of two the first comes again
        program.check(secret, 'des', key, text)
        program.check(text, 'des-back', key, secret)
    for name, case in botan('modes/cbc.vec'):
        if name in ('DES/CBC/NoPadding', 'TripleDES/CBC/NoPadding'):
            key, start, text, secret = (unhex(case, x) for x in ('Key', 'Nonce', 'In', 'Out'))
            program.check(secret, 'des-cbc', (key * 3)[:24], start, text)
            program.check(text, 'des-cbc-back', (key * 3)[:24], start, secret)


def aes(program):
    for name, case in botan('block/aes.vec'):
        if name in ('AES-128', 'AES-192', 'AES-256') and case.get('Iterations', '1') == '1':
            key, text, secret = (unhex(case, x) for x in ('Key', 'In', 'Out'))
            program.check(secret, 'aes', key, text)
            program.check(text, 'aes-back', key, secret)


def sealed(program, name, key, nonce, about, text, whole):
    """Sealing gives what is wanted, opening gives it back, and with any change it is refused."""
    program.check(whole, 'seal', name, key, nonce, about, text)
    program.check(text, 'open', name, key, nonce, about, whole)
    for at in {0, len(whole) // 2, len(whole) - 1}:
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        program.check('refused', 'open', name, key, nonce, about, bytes(changed))
    program.check('refused', 'open', name, key, nonce, about + b'x', whole)


def aead(program):
    for file, nonce_len in (('gcm', 12), ('ccm', 12), ('eax', 16), ('ocb', 12)):
        for name, case in botan(f'aead/{file}.vec'):
            key, nonce, about, text, whole = (unhex(case, x) for x in ('Key', 'Nonce', 'AD', 'In', 'Out'))
            if name in SEALED and len(nonce) == nonce_len: # the others have short tags
                sealed(program, name, key, nonce, about, text, whole)
    for file, names in (('aes_gcm', 'AES-{}/GCM'), ('aes_ccm', 'AES-{}/CCM({},3)'), ('aes_eax', 'AES-{}/EAX'),
                        ('chacha20_poly1305', 'ChaCha20Poly1305')):
        for group, case in wycheproof(f'{file}_test.json'):
            name = names.format(group['keySize'], group['tagSize'] // 8)
            key, nonce, about, text, ct, tag = (unhex(case, x) for x in ('key', 'iv', 'aad', 'msg', 'ct', 'tag'))
            if name in SEALED and len(nonce) != (16 if 'EAX' in name else 12): # a caller's defect: the library does not take it
                program.check('none', 'seal', name, key, nonce, about, text)
            elif name not in SEALED:
                program.left[name] += 1
            elif case['result'] == 'invalid':
                program.check('refused', 'open', name, key, nonce, about, ct + tag)
            else:
                sealed(program, name, key, nonce, about, text, ct + tag)


LENGTHS = 1100 * 4 + 48


def lengths(program):
    """Messages of all lengths, and about one of many bytes: sealed by ours, opened by ours apart and in place, and the tag
    and text are what the pieces of the same algorithm make of it: CTR, and GHASH as sums of products of numbers here."""
    dice = random.Random(2)
    for length in [*range(1100), *range(16384 - 6, 16384 + 6)]:
        bits = (128, 192, 256)[length % 3]
        key, nonce, about = dice.randbytes(bits // 8), dice.randbytes(12), dice.randbytes(length % 67)
        text = dice.randbytes(length)
        cipher = gcm(program, bits, key, nonce, about, text)
        program.check(cipher, 'seal', f'AES-{bits}/GCM', key, nonce, about, text)
        program.check(text, 'open', f'AES-{bits}/GCM', key, nonce, about, cipher)
        program.check('refused', 'open', f'AES-{bits}/GCM', key, nonce, about + b'x', cipher)
        program.check('refused', 'open', f'AES-{bits}/GCM', key, nonce, about, bytes([cipher[0] ^ 1]) + cipher[1:])


LENGTHS_CHACHA = 4 * (1100 + 44)


def lengths_chacha(program):
    """The same of ChaCha20-Poly1305, from RFC 8439 as it is written there: one stream, whose beginnings all messages take,
    and the tag as a sum of products of numbers."""
    dice = random.Random(3)
    key, nonce = dice.randbytes(32), dice.randbytes(12)
    stream = b''.join(chacha_block(key, i, nonce) for i in range(260))
    r, end = int.from_bytes(stream[:16], 'little') & 0x0ffffffc0ffffffc0ffffffc0fffffff, int.from_bytes(stream[16:32], 'little')
    for length in [*range(1100), *range(16384 - 64, 16384 + 65, 3), 16384]:
        about, text = dice.randbytes(length % 67), dice.randbytes(length)
        cipher, total = bytes(x ^ y for x, y in zip(text, stream[64:])), 0
        padded = about + bytes(-len(about) % 16) + cipher + bytes(-len(cipher) % 16)
        padded += len(about).to_bytes(8, 'little') + len(cipher).to_bytes(8, 'little')
        for i in range(0, len(padded), 16):
            total = (total + int.from_bytes(padded[i:i + 16] + b'\1', 'little')) * r % ((1 << 130) - 5)
        whole = cipher + ((total + end) % (1 << 128)).to_bytes(16, 'little')
        program.check(whole, 'seal', 'ChaCha20Poly1305', key, nonce, about, text)
        program.check(text, 'open', 'ChaCha20Poly1305', key, nonce, about, whole)
        program.check('refused', 'open', 'ChaCha20Poly1305', key, nonce, about + b'x', whole)
        program.check('refused', 'open', 'ChaCha20Poly1305', key, nonce, about, bytes([whole[0] ^ 1]) + whole[1:])


def chacha_block(key, number, nonce):
    """RFC 8439 section 2.3."""
    first = [int.from_bytes(x, 'little') for x in
             (b'expa', b'nd 3', b'2-by', b'te k', *(key[i:i + 4] for i in range(0, 32, 4)), number.to_bytes(4, 'little'),
              *(nonce[i:i + 4] for i in range(0, 12, 4)))]
    w = first[:]
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12),
                           (2, 7, 8, 13), (3, 4, 9, 14)):
            for x, y, z, left in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                w[x] = (w[x] + w[y]) & 0xffffffff
                w[z] ^= w[x]
                w[z] = (w[z] << left | w[z] >> 32 - left) & 0xffffffff
    return b''.join(((x + y) & 0xffffffff).to_bytes(4, 'little') for x, y in zip(w, first))


def gcm(program, bits, key, nonce, about, text):
    """A sealed message, by SP 800-38D, from single blocks of AES alone."""
    count = -(-len(text) // 16) + 1
    blocks = program.ask('aes', key, bytes(16) + b''.join(nonce + i.to_bytes(4, 'big') for i in range(1, count + 1)))
    cipher = bytes(x ^ y for x, y in zip(text, blocks[32:]))
    h, total = int.from_bytes(blocks[:16], 'big'), 0
    table = [h] # times x^i, first bit first
    for _ in range(127):
        table.append(table[-1] >> 1 ^ (0xe1 << 120 if table[-1] & 1 else 0))
    padded = about + bytes(-len(about) % 16) + cipher + bytes(-len(cipher) % 16)
    padded += (8 * len(about)).to_bytes(8, 'big') + (8 * len(text)).to_bytes(8, 'big')
    for at in range(0, len(padded), 16):
        total ^= int.from_bytes(padded[at:at + 16], 'big')
        product = 0
        for i in range(128):
            product ^= table[i] * (total >> 127 - i & 1)
        total = product
    return cipher + (total ^ int.from_bytes(blocks[16:32], 'big')).to_bytes(16, 'big')


def ciphers(program):
    names = {f'AES-{bits}/{mode}{end}': f'AES-{bits}/{mode}' for bits in (128, 192, 256)
             for mode, end in (('CBC', '/NoPadding'), ('CFB', ''))}
    names |= {f'CTR-BE(AES-{bits})': f'AES-{bits}/CTR' for bits in (128, 192, 256)}
    for file in ('modes/cbc', 'modes/cfb', 'modes/ctr', 'stream/ctr'):
        for name, case in botan(f'{file}.vec'):
            start = unhex(case, 'Nonce') or bytes(16)
            if name not in names or len(start) != 16 or 'Seek' in case: # a stream is read from its start
                continue
            out = unhex(case, 'Out')
            text = unhex(case, 'In') or bytes(len(out))
            for cut in cuts(text):
                program.check(out, 'pass', names[name], unhex(case, 'Key'), start, text, cut)
                program.check(text, 'pass-back', names[name], unhex(case, 'Key'), start, out, cut)
    for group, case in wycheproof('aes_cbc_pkcs5_test.json'):
        if case['result'] == 'valid': # the others are about padding, which is the protocol's
            text = unhex(case, 'msg')
            text += bytes([16 - len(text) % 16]) * (16 - len(text) % 16)
            program.check(unhex(case, 'ct'), 'pass', f"AES-{group['keySize']}/CBC", unhex(case, 'key'), unhex(case, 'iv'),
                          text, 16)


def keywrap(program):
    for name, case in [*botan('keywrap/nist_key_wrap.vec'), *botan('keywrap/nist_key_wrap_invalid.vec')]:
        padded = '-padded' if name == 'KWP' else ''
        if 'Output' not in case:
            program.check('refused', 'unwrap' + padded, unhex(case, 'Key'), unhex(case, 'Input'))
            continue
        if not padded and len(unhex(case, 'Input')) == 8:
            program.left['keys of 8 bytes (RFC 3394 wants 16)'] += 1
            continue
        program.check(unhex(case, 'Output'), 'wrap' + padded, unhex(case, 'Key'), unhex(case, 'Input'))
        program.check(unhex(case, 'Input'), 'unwrap' + padded, unhex(case, 'Key'), unhex(case, 'Output'))
    for _, case in wycheproof('aes_wrap_test.json'):
        key, text, wrapped = (unhex(case, x) for x in ('key', 'msg', 'ct'))
        if len(text) == 8:
            program.left['keys of 8 bytes (RFC 3394 wants 16)'] += 1
        elif case['result'] == 'valid':
            program.check(wrapped, 'wrap', key, text)
            program.check(text, 'unwrap', key, wrapped)
        elif case['result'] == 'invalid':
            program.check('refused', 'unwrap', key, wrapped)


def agreement(program):
    for _, case in botan('pubkey/x25519.vec'):
        program.check(unhex(case, 'K') if set(case['K']) != {'0'} else 'refused', 'agree', 'X25519', unhex(case, 'Secret'),
                      unhex(case, 'CounterKey'))
    for _, case in wycheproof('x25519_test.json'):
        shared = unhex(case, 'shared')
        program.check(shared if any(shared) else 'refused', 'agree', 'X25519', unhex(case, 'private'), unhex(case, 'public'))
    for _, case in botan('pubkey/x448.vec'):
        program.check(unhex(case, 'K') if set(case['K']) != {'0'} else 'refused', 'agree', 'X448', unhex(case, 'Secret'),
                      unhex(case, 'CounterKey'))
    for _, case in wycheproof('x448_test.json'):
        shared, key = unhex(case, 'shared'), unhex(case, 'public')
        program.check(shared if any(shared) and len(key) == 56 else 'refused', 'agree', 'X448', unhex(case, 'private'), key)


    for file, name, size in (('secp256r1', 'ECDH(P-256)', 32), ('secp384r1', 'ECDH(P-384)', 48), ('secp521r1', 'ECDH(P-521)', 66)):
        vectors = f'ecdh_{file}_ecpoint_test.json' if file == 'secp256r1' else f'ecdh_{file}_test.json'
        for _, case in wycheproof(vectors):
            key = unhex(case, 'public') if 'ecpoint' in vectors else point_of(unhex(case, 'public'), size)
            if key is None:
                program.left[f'{name}: keys in forms that X.509 reads'] += 1
                continue
            secret = (bytes(size) + bytes.fromhex(case['private'].zfill(len(case['private']) + len(case['private']) % 2)))[-size:]
            program.check(unhex(case, 'shared') if case['result'] == 'valid' else 'refused', 'agree', name, secret, key)


def point_of(der, size):
    """The point of a SubjectPublicKeyInfo of the named curve, not compressed; None: it is another thing, for X.509."""
    head = {48: '3076301006072a8648ce3d020106052b8104002203620004',
            66: '30819b301006072a8648ce3d020106052b810400230381860004'}[size]
    return der[-2 * size - 1:] if der[:-2 * size].hex() == head else None


def ecdsa(program):
    names = {'secp256r1': ('ECDSA(P-256)', 32), 'secp384r1': ('ECDSA(P-384)', 48), 'secp521r1': ('ECDSA(P-521)', 66)}
    group, secret, message = None, None, None
    for line in (FOLDER / 'botan-vec/pubkey/ecdsa_rfc6979.vec').read_text().splitlines():
        key, _, value = (x.strip() for x in line.partition('='))
        group, secret = (value, secret) if key == 'Group' else (group, value[2:] if key == 'X' else secret)
        message = bytes.fromhex(value) if key == 'Msg' else message
        if key == 'Hash':
            digest_name = value
        if key == 'Signature' and group in names and not digest_name.startswith('Raw'):
            name, size = names[group]
            digest = hashlib.new(digest_name.replace('-', ''), message).digest()
            secret_bytes = bytes.fromhex(secret.zfill(2 * size))
            program.check(bytes.fromhex(value), 'sign', name, secret_bytes, digest_name, digest)
            program.check('right', 'verify', name, program.ask('public', name.replace('ECDSA', 'ECDH'), secret_bytes),
                          digest_name, digest, bytes.fromhex(value))
    for group, case in wycheproof('ecdsa_secp256r1_sha256_p1363_test.json'):
        key, made = bytes.fromhex(group['publicKey']['uncompressed']), unhex(case, 'sig')
        digest = hashlib.sha256(unhex(case, 'msg')).digest()
        program.check('right' if case['result'] == 'valid' else 'refused', 'verify', 'ECDSA(P-256)', key, 'SHA-256', digest, made)
    for file, (name, size), hash_name in (('secp256r1_sha256', names['secp256r1'], 'SHA-256'),
                                          ('secp384r1_sha384', names['secp384r1'], 'SHA-384'),
                                          ('secp521r1_sha512', names['secp521r1'], 'SHA-512')):
        for group, case in wycheproof(f'ecdsa_{file}_test.json'):
            made = numbers_of(unhex(case, 'sig'), size)
            if made is None: # how numbers are written there is X.509's
                program.left[f'{name}: signatures that are not DER'] += 1
                continue
            key = bytes.fromhex(group['publicKey']['uncompressed'])
            digest = hashlib.new(hash_name.replace('-', ''), unhex(case, 'msg')).digest()
            program.check('right' if case['result'] == 'valid' else 'refused', 'verify', name, key, hash_name, digest, made)


def numbers_of(der, size):
    """The two numbers of a signature in DER, of size bytes each; None: it is no such thing."""
    rest, numbers = der[2:] if len(der) < 130 else der[3:], []
    for _ in range(2):
        if len(rest) < 2 or rest[0] != 2 or rest[1] == 0 or rest[1] > len(rest) - 2:
            return None
        value = int.from_bytes(rest[2:2 + rest[1]], 'big', signed=True)
        if value < 0 or value >= 1 << 8 * size:
            return None
        numbers.append(value)
        rest = rest[2 + rest[1]:]
    body = b''.join(b'\2' + bytes([len(x)]) + x for x in (n.to_bytes(n.bit_length() // 8 + 1, 'big') for n in numbers))
    whole = b'0' + (bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])) + body
    return b''.join(n.to_bytes(size, 'big') for n in numbers) if whole == der else None


def dsa(program):
    """Secrets of p of 1024 bits sign nothing here: what others signed with them is verified."""
    domain, hash_name, message, secret = {}, None, None, None
    for file in ('rfc6979', 'prob', 'verify'):
        for line in (FOLDER / f'botan-vec/pubkey/dsa_{file}.vec').read_text().splitlines():
            key, _, value = (x.strip() for x in line.partition('='))
            if key in ('P', 'Q', 'G', 'X', 'Y'):
                domain[key] = int(value, 16)
            hash_name = None if file == 'verify' else value if key == 'Hash' else hash_name
            message = bytes.fromhex(value) if key == 'Msg' else message
            if key != 'Signature':
                continue
            p, q, g = (domain[x] for x in 'PQG')
            name = f'DSA({p.bit_length()},{q.bit_length()})'
            if p.bit_length() < 1024:
                program.left[f'{name}: too short'] += 1
                continue
            digest = message if file == 'verify' else hashlib.new(hash_name.replace('-', ''), message).digest()
            y = domain['Y'] if file == 'verify' else pow(g, domain['X'], p)
            size, made = (p.bit_length() + 7) // 8, bytes.fromhex(value)
            shared = b''.join(x.to_bytes(length, 'big') for x, length in ((p, size), (q, len(made) // 2), (g, size)))
            words = name, shared + y.to_bytes(size, 'big'), hash_name or 'SHA-1'
            program.check('right', 'verify', *words, digest, made)
            if file != 'prob':
                program.check('refused', 'verify', *words, bytes([digest[0] ^ 1]) + digest[1:], made)
            if file == 'rfc6979' and p.bit_length() > 1024:
                program.check(made, 'sign', name, shared + domain['X'].to_bytes(len(made) // 2, 'big'), hash_name, digest)
    for bits, hash_name in ((224, 'SHA-224'), (256, 'SHA-256')):
        for group, case in wycheproof(f'dsa_2048_{bits}_{hash_name.lower().replace("-", "")}_test.json'):
            name, made = f'DSA(2048,{bits})', numbers_of(unhex(case, 'sig'), bits // 8)
            if made is None: # how numbers are written there is X.509's
                program.left[f'{name}: signatures that are not DER'] += 1
                continue
            key = b''.join(int(group['publicKey'][x], 16).to_bytes(size, 'big') for x, size in (('p', 256), ('q', bits // 8), ('g', 256), ('y', 256)))
            digest = hashlib.new(hash_name.replace('-', ''), unhex(case, 'msg')).digest()
            program.check('right' if case['result'] == 'valid' else 'refused', 'verify', name, key, hash_name, digest, made)


def eddsa(program):
    for case in json.loads(gzip.decompress((FOLDER / 'rfc-json/8032-eddsa/ed25519.json.gz').read_bytes())):
        secret, key, message, made = (unhex(case, x) for x in ('secretKey', 'publicKey', 'message', 'signature'))
        program.check(key, 'public', 'Ed25519', secret)
        program.check(made, 'sign', 'Ed25519', secret, '-', message)
        program.check(made, 'sign', 'Ed25519', secret, '-', message, key)
        program.check('right', 'verify', 'Ed25519', key, '-', message, made)
    for group, case in wycheproof('ed25519_test.json'):
        program.check('right' if case['result'] == 'valid' else 'refused', 'verify', 'Ed25519',
                      bytes.fromhex(group['publicKey']['pk']), '-', unhex(case, 'msg'), unhex(case, 'sig'))
    for name, case in botan('pubkey/ed25519_verify.vec'):
        if 'Pubkey' in case: # none of this file is valid
            program.check('refused', 'verify', 'Ed25519', unhex(case, 'Pubkey'), '-', unhex(case, 'Msg'), unhex(case, 'Signature'))
    eddsa_448(program)


def eddsa_448(program):
    for case in json.loads(gzip.decompress((FOLDER / 'rfc-json/8032-eddsa/ed448.json.gz').read_bytes())):
        if case.get('context'):
            program.left['Ed448: messages with a context'] += 1
            continue
        secret, key, message, made = (unhex(case, x) for x in ('secretKey', 'publicKey', 'message', 'signature'))
        program.check(key, 'public', 'Ed448', secret)
        program.check(made, 'sign', 'Ed448', secret, '-', message)
        program.check(made, 'sign', 'Ed448', secret, '-', message, key)
        program.check('right', 'verify', 'Ed448', key, '-', message, made)
    for group, case in wycheproof('ed448_test.json'):
        program.check('right' if case['result'] == 'valid' else 'refused', 'verify', 'Ed448',
                      bytes.fromhex(group['publicKey']['pk']), '-', unhex(case, 'msg'), unhex(case, 'sig'))
    for name, case in botan('pubkey/ed448.vec'):
        if name != 'Pure':
            program.left['Ed448: digests signed (Ed448ph) and messages with a context'] += 1
            continue
        key, message, made = (unhex(case, x) for x in ('PublicKey', 'Msg', 'Signature'))
        program.check('right' if case['Valid'] == '1' else 'refused', 'verify', 'Ed448', key, '-', message, made)
        if case['Valid'] == '1':
            program.check(made, 'sign', 'Ed448', unhex(case, 'PrivateKey'), '-', message)


def rsa(program):
    files = [(f'rsa_signature_{x}_test.json', None) for x in ('2048_sha256', '2048_sha384', '2048_sha512', '3072_sha256')]
    files += [('rsa_pss_2048_sha256_mgf1_32_test.json', 32), ('rsa_pss_2048_sha384_mgf1_48_test.json', 48),
              ('rsa_pss_4096_sha512_mgf1_64_test.json', 64)]
    for file, salt in files:
        for group, case in wycheproof(file):
            name = group['sha']
            digest = hashlib.new(name.replace('-', ''), unhex(case, 'msg')).digest()
            more = () if salt is None else (group['mgfSha'], group['sLen'])
            words = ('rsa', bytes.fromhex(group['publicKey']['modulus']), bytes.fromhex(group['publicKey']['publicExponent'].zfill(8)),
                     name, digest, unhex(case, 'sig'), *more)
            if case['result'] == 'acceptable': # a signature without NULL in it: we take one way of writing
                program.check('refused', *words)
            else:
                program.check('right' if case['result'] == 'valid' else 'refused', *words)

    for group, case in wycheproof('rsa_pkcs1_2048_sig_gen_test.json'):
        numbers = integers_of(bytes.fromhex(group['privateKeyPkcs8']))
        n, e, _, p, q, dp, dq, qinv = numbers[-8:]
        if len(p) != len(q):
            program.check('refused', 'rsa-sign', group['sha'], bytes(32), n, e, p, q, dp, dq, qinv) # as the header says
            continue
        digest = hashlib.new(group['sha'].replace('-', ''), unhex(case, 'msg')).digest()
        program.check(unhex(case, 'sig'), 'rsa-sign', group['sha'], digest, n, e, p, q, dp, dq, qinv)
        made = program.ask('rsa-sign-pss', group['sha'], digest, n, e, p, q, dp, dq, qinv)
        program.check('right', 'rsa', n, e, group['sha'], digest, made, group['sha'], len(digest))
        wrong = (int.from_bytes(dp, 'big') - 1).to_bytes(len(dp), 'big') # as a fault would have it
        program.check('refused', 'rsa-sign', group['sha'], digest, n, e, p, q, wrong, dq, qinv)


def rsa_open(program):
    """Of what PKCS #1 v1.5 has not sealed another text is told, always the same one."""
    for file in ('rsa_pkcs1_2048', 'rsa_oaep_2048_sha1_mgf1sha1', 'rsa_oaep_2048_sha256_mgf1sha256'):
        for group, case in wycheproof(f'{file}_test.json'):
            n, e, _, *rest = integers_of(bytes.fromhex(group['privateKeyPkcs8']))[-8:]
            oaep = (group['sha'], group['mgfSha'], unhex(case, 'label')) if 'oaep' in file else ()
            words = ('rsa-open', unhex(case, 'ct'), n, e, *rest, *oaep)
            text = unhex(case, 'msg')
            if case['result'] != 'invalid':
                program.check(text, *words)
                sealed = program.ask('rsa-seal', text, n, e, *oaep)
                program.check(text, 'rsa-open', sealed, n, e, *rest, *oaep)
                wrong = (int.from_bytes(rest[2], 'big') - 2).to_bytes(len(rest[2]), 'big')
                program.check('refused', 'rsa-open', sealed, n, e, *rest[:2], wrong, *rest[3:], *oaep)
            elif oaep or len(unhex(case, 'ct')) != 256:
                program.check('refused', *words)
            else:
                other = program.ask(*words)
                assert other != text and len(other) <= 245, case['tcId']
                program.check(other, *words)
        most = 245 if not oaep else 254 - 2 * hashlib.new(group['sha'].replace('-', '')).digest_size
        for length in (0, 1, most):
            text = bytes(length)
            program.check(text, 'rsa-open', program.ask('rsa-seal', text, n, e, *oaep), n, e, *rest, *oaep)
        program.check('refused', 'rsa-seal', bytes(most + 1), n, e, *oaep)
        for value in (int.from_bytes(n, 'big'), 2**2048 - 1):
            program.check('refused', 'rsa-open', value.to_bytes(256, 'big'), n, e, *rest, *oaep)


def kem(program):
    name = 'ML-KEM-768' # of the others there are none here: edges_kem.py
    for _, case in wycheproof('mlkem_768_keygen_seed_test.json'):
        secret = unhex(case, 'dk')
        program.check(secret, 'kem-secret', name, unhex(case, 'seed'))
        program.check(unhex(case, 'ek'), 'kem-public', name, secret)
        program.check('right', 'kem-valid', name, secret)
    for _, case in wycheproof('mlkem_768_encaps_test.json'):
        wanted = unhex(case, 'c') + unhex(case, 'K') if case['result'] == 'valid' else 'refused'
        program.check(wanted, 'kem-seal', name, unhex(case, 'ek'), unhex(case, 'm'))
    for _, case in wycheproof('mlkem_768_test.json'):
        if len(unhex(case, 'seed')) != 64:
            program.left['ML-KEM: seeds of another length (an assertion)'] += 1
            continue
        secret = program.ask('kem-secret', name, unhex(case, 'seed'))
        program.check(unhex(case, 'K') if case['result'] == 'valid' else 'refused', 'kem-open', name, secret, unhex(case, 'c'))
        if case['result'] == 'valid':
            program.check(unhex(case, 'ek'), 'kem-public', name, secret)


def integers_of(der):
    """The integers of an RSAPrivateKey within a PrivateKeyInfo, in their order."""
    found, at = [], der.index(bytes.fromhex('2a864886f70d0101010500')) + 11 + 4
    at += 4 # the sequence
    while at < len(der):
        length, at = der[at + 1], at + 2
        if length >= 0x80:
            length, at = int.from_bytes(der[at:at + length - 0x80], 'big'), at + length - 0x80
        found.append(der[at:at + length])
        at += length
    return found


# What is asked, and how often: as many as the vectors have.
PARTS = [(hashes, 130266), (shake, 200), (hmac, 4863), (mac, 5018), (hkdf, 352), (pbkdf2, 195), (scrypt, 150), (argon2, 150), (bcrypt, 4), (md5, 2806), (des, 634), (aes, 2706),
         (aead, 5243), (lengths, LENGTHS), (lengths_chacha, LENGTHS_CHACHA), (ciphers, 4398), (keywrap, 475)]
PARTS += [(agreement, 3412), (ecdsa, 1156), (dsa, 558), (eddsa, 398), (rsa, 1586), (rsa_open, 312), (kem, 891)]
PARTS_LONG = [(pbkdf2, 1)]
OF_LEVELS = hashes, hmac, mac, hkdf, pbkdf2, aes, aead, lengths, lengths_chacha, ciphers, keywrap, \
    agreement, ecdsa, dsa, eddsa, rsa, rsa_open, kem


def main():
    if not FOLDER.is_dir():
        print(f'skipped: no {FOLDER}')
        return 0
    command = [*reversed([x for x in sys.argv[1:] if not x.startswith('--')]), *LEVEL]
    if LEVEL and subprocess.run(command, stdin=subprocess.DEVNULL).returncode == SKIPPED:
        print(f'skipped: this processor does not have the level {LEVEL[0]}')
        return SKIPPED
    return asked(PARTS_LONG if LONG else [x for x in PARTS if not LEVEL or x[0] in OF_LEVELS], command)


def asked(parts, command):
    """Asks what each part has to, and answers the status of a test: all was right, and as much as is to be asked."""
    wrong = 0
    for part, wanted in parts:
        program = Program(*command)
        part(program)
        program.settle()
        of = f' (one in {ONE_IN} of most)' if ONE_IN > 1 else ''
        print(f'{part.__name__}: {program.asked} asked{of}, {program.wrong} wrong')
        if program.left:
            print(f'    left out, since not offered: {", ".join(f"{x} of {name}" for name, x in sorted(program.left.items()))}')
        if program.asked != wanted:
            print(f'{part.__name__}: {wanted} are to be asked')
        wrong += program.wrong + (program.asked != wanted)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
