#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peers_libcrypto.py [--level=NAME] [--seed=N] [--times=N] PROGRAM [EMULATOR]: asks PROGRAM (answer.c) for digests, MACs, sealed
messages, ciphers, agreements and signatures of random keys, lengths and cuts, and compares with OpenSSL's libcrypto, in this
process. The same seed (1) asks the same; --seed=any draws one, and says which; --times asks so many times as much."""
import ctypes
import hashlib
import random
import sys

from libcrypto import Libcrypto, asked_at_level, opened, option, seed_told

HASHES = {'SHA-1': 'SHA1', 'SHA-224': 'SHA224', 'SHA-256': 'SHA256', 'SHA-384': 'SHA384', 'SHA-512': 'SHA512',
          'SHA-512-256': 'SHA512-256', 'SHA-3(224)': 'SHA3-224', 'SHA-3(256)': 'SHA3-256', 'SHA-3(384)': 'SHA3-384',
          'SHA-3(512)': 'SHA3-512', 'BLAKE2b(512)': 'BLAKE2B-512', 'BLAKE2s(256)': 'BLAKE2S-256'}
HMACS = 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512', 'SHA-512-256', 'SHA-3(224)', 'SHA-3(256)', 'SHA-3(384)', 'SHA-3(512)'
AEADS = {f'AES-{bits}/{mode}': (f'aes_{bits}_{peer}', bits // 8) for bits in (128, 192, 256)
         for mode, peer in (('GCM', 'gcm'), ('CCM(16,3)', 'ccm'), ('OCB', 'ocb'))} | {'ChaCha20Poly1305': ('chacha20_poly1305', 32)}
MODES = {'CBC': 'cbc', 'CFB': 'cfb128', 'CTR': 'ctr'}
AGREEMENTS = {'X25519': (1034, 32), 'X448': (1035, 56)} # the number that libcrypto has for it
SIGNATURES = {'Ed25519': (1087, 32, 64), 'Ed448': (1088, 57, 114)}
SET_NONCE_BYTES, GET_TAG, SET_TAG = 9, 0x10, 0x11
TEXT_MAX = 100000


class Peer(Libcrypto):
    POINTERS = Libcrypto.POINTERS | {'EVP_CIPHER_CTX_new', 'EVP_MD_CTX_new', 'EVP_PKEY_new_raw_private_key',
                                     'EVP_PKEY_new_raw_public_key', 'EVP_Q_mac'}

    def is_pointer(self, name):
        return super().is_pointer(name) or name.startswith(('EVP_aes', 'EVP_chacha'))

    def digest(self, name, message):
        out, length = ctypes.create_string_buffer(64), ctypes.c_size_t()
        self.must('EVP_Q_digest', None, name.encode(), None, message, ctypes.c_size_t(len(message)), out, ctypes.byref(length))
        return out.raw[:length.value]

    def mac(self, kind, of, key, message):
        out, length = ctypes.create_string_buffer(64), ctypes.c_size_t()
        self.must('EVP_Q_mac', None, kind.encode(), None, of and of.encode(), None, key, ctypes.c_size_t(len(key)), message,
                  ctypes.c_size_t(len(message)), out, ctypes.c_size_t(64), ctypes.byref(length))
        return out.raw[:length.value]

    def update(self, context, room, at, part):
        length = ctypes.c_int()
        self.must('EVP_EncryptUpdate', context, ctypes.byref(room, at) if room else None, ctypes.byref(length), part, len(part))
        return length.value

    def passed(self, cipher, key, start, text):
        """By a mode without a tag; of CBC without padding."""
        context, room, length = self.must('EVP_CIPHER_CTX_new'), ctypes.create_string_buffer(len(text) + 32), ctypes.c_int()
        self.must('EVP_EncryptInit_ex', context, self.must(f'EVP_{cipher}'), None, key, start)
        self.must('EVP_CIPHER_CTX_set_padding', context, 0)
        at = self.update(context, room, 0, text)
        self.must('EVP_EncryptFinal_ex', context, ctypes.byref(room, at), ctypes.byref(length))
        self.call('EVP_CIPHER_CTX_free', context)
        return room.raw[:at + length.value]

    def sealed(self, cipher, key, nonce, about, text):
        context, room, tag = self.must('EVP_CIPHER_CTX_new'), ctypes.create_string_buffer(len(text) + 32), ctypes.create_string_buffer(16)
        length = ctypes.c_int()
        self.must('EVP_EncryptInit_ex', context, self.must(f'EVP_{cipher}'), None, None, None)
        self.must('EVP_CIPHER_CTX_ctrl', context, SET_NONCE_BYTES, len(nonce), None)
        if cipher.endswith('ccm'): # wants all lengths first
            self.must('EVP_CIPHER_CTX_ctrl', context, SET_TAG, 16, None)
        self.must('EVP_EncryptInit_ex', context, None, None, key, nonce)
        if cipher.endswith('ccm'):
            self.must('EVP_EncryptUpdate', context, None, ctypes.byref(length), None, len(text))
        if about:
            self.update(context, None, 0, about)
        at = self.update(context, room, 0, text)
        self.must('EVP_EncryptFinal_ex', context, ctypes.byref(room, at), ctypes.byref(length))
        self.must('EVP_CIPHER_CTX_ctrl', context, GET_TAG, 16, tag)
        self.call('EVP_CIPHER_CTX_free', context)
        return room.raw[:at + length.value] + tag.raw

    def key(self, number, secret):
        return self.must('EVP_PKEY_new_raw_private_key', number, None, secret, ctypes.c_size_t(len(secret)))

    def public(self, number, secret):
        key, out, length = self.key(number, secret), ctypes.create_string_buffer(64), ctypes.c_size_t(64)
        self.must('EVP_PKEY_get_raw_public_key', key, out, ctypes.byref(length))
        self.call('EVP_PKEY_free', key)
        return out.raw[:length.value]

    def agreed(self, number, secret, public):
        key = self.key(number, secret)
        theirs = self.must('EVP_PKEY_new_raw_public_key', number, None, public, ctypes.c_size_t(len(public)))
        context, out, length = self.must('EVP_PKEY_CTX_new', key, None), ctypes.create_string_buffer(64), ctypes.c_size_t(64)
        self.must('EVP_PKEY_derive_init', context)
        self.must('EVP_PKEY_derive_set_peer', context, theirs)
        self.must('EVP_PKEY_derive', context, out, ctypes.byref(length))
        self.call('EVP_PKEY_CTX_free', context)
        for one in (key, theirs):
            self.call('EVP_PKEY_free', one)
        return out.raw[:length.value]

    def signed(self, number, secret, message):
        key, context = self.key(number, secret), self.must('EVP_MD_CTX_new')
        out, length = ctypes.create_string_buffer(128), ctypes.c_size_t(128)
        self.must('EVP_DigestSignInit', context, None, None, None, key)
        self.must('EVP_DigestSign', context, out, ctypes.byref(length), message, ctypes.c_size_t(len(message)))
        self.call('EVP_MD_CTX_free', context)
        self.call('EVP_PKEY_free', key)
        return out.raw[:length.value]


def length(dice):
    """Mostly of a few blocks, often at the edge of some; a few are long."""
    kind = dice.randrange(10)
    if kind < 4:
        return dice.randrange(300)
    if kind < 8:
        return max(0, dice.choice((16, 64, 128, 136, 256, 512, 1024, 4096)) * dice.randrange(1, 9) + dice.randrange(-2, 3))
    return dice.randrange(5000) if kind < 9 else dice.randrange(TEXT_MAX // 2)


def hashes(program):
    dice = random.Random(f'{SEED} hashes')
    for _ in range(40 * TIMES):
        for name, peer in HASHES.items():
            text = dice.randbytes(length(dice))
            wanted = PEER.digest(peer, text)
            program.check(wanted, 'hash', name, text, dice.randrange(len(text) + 1), len(wanted))
        for name, peer in (('SHAKE-128', hashlib.shake_128), ('SHAKE-256', hashlib.shake_256)):
            text, out = dice.randbytes(length(dice)), dice.randrange(1, 700)
            program.check(peer(text).digest(out), 'hash', name, text, dice.randrange(len(text) + 1), out)


def macs(program):
    dice = random.Random(f'{SEED} macs')
    for _ in range(30 * TIMES):
        kinds = [(f'HMAC({x})', ('HMAC', HASHES[x]), dice.randrange(1, 300)) for x in HMACS]
        kinds += [(f'CMAC(AES-{bits})', ('CMAC', f'AES-{bits}-CBC'), bits // 8) for bits in (128, 192, 256)]
        for name, peer, key_bytes in [*kinds, ('Poly1305', ('POLY1305', None), 32)]:
            key, text = dice.randbytes(key_bytes), dice.randbytes(length(dice))
            wanted = PEER.mac(*peer, key, text)
            program.check(wanted, 'mac', name, key, text, dice.randrange(len(text) + 1), len(wanted))


def aeads(program):
    dice = random.Random(f'{SEED} aeads')
    for _ in range(30 * TIMES):
        for name, (peer, key_bytes) in AEADS.items():
            key, nonce, text = dice.randbytes(key_bytes), dice.randbytes(12), dice.randbytes(length(dice))
            about = dice.randbytes(dice.choice((0, 0, dice.randrange(70), dice.randrange(2000))))
            whole = PEER.sealed(peer, key, nonce, about, text)
            program.check(whole, 'seal', name, key, nonce, about, text)
            program.check(text, 'open', name, key, nonce, about, whole)
            changed = bytearray(whole)
            changed[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
            program.check('refused', 'open', name, key, nonce, about, bytes(changed))


def ciphers(program):
    dice = random.Random(f'{SEED} ciphers')
    for _ in range(20 * TIMES):
        for bits in (128, 192, 256):
            for mode, peer in MODES.items():
                size = length(dice)
                text, key, start = dice.randbytes(size - size % 16 if mode == 'CBC' else size), dice.randbytes(bits // 8), dice.randbytes(16)
                wanted = PEER.passed(f'aes_{bits}_{peer}', key, start, text)
                cut = dice.randrange(len(text) + 1)
                program.check(wanted, 'pass', f'AES-{bits}/{mode}', key, start, text, cut)
                program.check(text, 'pass-back', f'AES-{bits}/{mode}', key, start, wanted, cut)


def agreements(program):
    dice = random.Random(f'{SEED} agreements')
    for _ in range(15 * TIMES):
        for name, (number, size) in AGREEMENTS.items():
            secret, other = dice.randbytes(size), dice.randbytes(size)
            public = PEER.public(number, other)
            program.check(public, 'public', name, other)
            program.check(PEER.agreed(number, secret, public), 'agree', name, secret, public)


def signatures(program):
    dice = random.Random(f'{SEED} signatures')
    for _ in range(15 * TIMES):
        for name, (number, size, made_bytes) in SIGNATURES.items():
            secret, text = dice.randbytes(size), dice.randbytes(length(dice) + 1) # libcrypto 3.0 takes no empty ones
            public, wanted = PEER.public(number, secret), PEER.signed(number, secret, text)
            assert len(wanted) == made_bytes
            program.check(public, 'public', name, secret)
            program.check(wanted, 'sign', name, secret, '-', text)
            program.check('right', 'verify', name, public, '-', text, wanted)
            changed = bytearray(wanted)
            changed[dice.randrange(made_bytes)] ^= 1 << dice.randrange(8)
            program.check('refused', 'verify', name, public, '-', text, bytes(changed))


SEED, TIMES = seed_told(), int(option('times', '1'))
PEER = opened(Peer)
PARTS = [(part, count * TIMES) for part, count in ((hashes, 560), (macs, 420), (aeads, 900), (ciphers, 360),
                                                   (agreements, 60), (signatures, 120))]
sys.exit(asked_at_level(PARTS))
