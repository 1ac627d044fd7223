#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""holm-crypt beside openssl: the same digests and tags of the same files, what one signs the other verifies, what one seals
libcrypto opens; and what is wrong is refused, with the status that the manual page says."""
import base64
import ctypes
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CRYPT = str(Path(os.environ['WEBSITE']).with_name('holm-crypt'))
DIGESTS = {'SHA-1': 'sha1', 'SHA-224': 'sha224', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512',
           'SHA-512-256': 'sha512-256', 'SHA-3(224)': 'sha3-224', 'SHA-3(256)': 'sha3-256', 'SHA-3(384)': 'sha3-384',
           'SHA-3(512)': 'sha3-512', 'BLAKE2b(512)': 'blake2b512', 'BLAKE2s(256)': 'blake2s256'}
AEADS = {'AES-128/GCM': ('aes_128_gcm', 16), 'AES-192/GCM': ('aes_192_gcm', 24), 'AES-256/GCM': ('aes_256_gcm', 32),
         'ChaCha20Poly1305': ('chacha20_poly1305', 32)}
# what stands before the secret and behind it, in SEC 1; before the public key, in X.509
CURVES = {'ECDSA(P-256)': (32, 'sha256', '30310201010420', 'a00a06082a8648ce3d030107', '3059301306072a8648ce3d020106082a8648ce3d030107034200'),
          'ECDSA(P-384)': (48, 'sha384', '303e0201010430', 'a00706052b81040022', '3076301006072a8648ce3d020106052b81040022036200'),
          'ECDSA(P-521)': (66, 'sha512', '30500201010442', 'a00706052b81040023', '30819b301006072a8648ce3d020106052b8104002303818600')}
# the digest of what is signed, and the bytes of p and of q
DSA = {'DSA(2048,224)': ('sha224', 256, 28), 'DSA(2048,256)': ('sha256', 256, 32), 'DSA(3072,256)': ('sha256', 384, 32)}
DICE = random.Random(3)
MESSAGES = b'', b'a', DICE.randbytes(1000), DICE.randbytes(70000), DICE.randbytes(200001)


def numbers_to_der(made):
    numbers = [int.from_bytes(x, 'big') for x in (made[:len(made) // 2], made[len(made) // 2:])]
    body = b''.join(bytes([2, n.bit_length() // 8 + 1]) + n.to_bytes(n.bit_length() // 8 + 1, 'big') for n in numbers)
    return b'\x30' + (b'\x81' if len(body) > 127 else b'') + bytes([len(body)]) + body


def numbers_from_der(der, size):
    at, made = 2 if der[1] < 128 else 3, b''
    for _ in range(2):
        made += int.from_bytes(der[at + 2:at + 2 + der[at + 1]], 'big').to_bytes(size, 'big')
        at += 2 + der[at + 1]
    return made


def der(kind, body):
    size = len(body)
    return bytes([kind]) + (bytes([size]) if size < 128 else b'\x82' + size.to_bytes(2, 'big')) + body


def rsa_numbers(made, bits):
    """The numbers of a key of RSA, as holm-crypt writes them: of a secret seven, of a public key two."""
    sizes, numbers = [4, bits // 8] + [bits // 16] * 5, []
    for size in sizes[:2 if len(made) == 4 + bits // 8 else 7]:
        numbers, made = numbers + [int.from_bytes(made[:size], 'big')], made[size:]
    assert not made
    return numbers


def rsa_private(made, bits):
    """RFC 8017 appendix A.1.2."""
    e, n, p, q, *rest = rsa_numbers(made, bits)
    numbers = 0, n, e, pow(e, -1, (p - 1) * (q - 1)), p, q, *rest
    return der(0x30, b''.join(der(2, x.to_bytes(x.bit_length() // 8 + 1, 'big')) for x in numbers))


def rsa_public(made, bits):
    """RFC 8017 appendix A.1.1, in what X.509 puts around it."""
    e, n = rsa_numbers(made, bits)
    key = der(0x30, b''.join(der(2, x.to_bytes(x.bit_length() // 8 + 1, 'big')) for x in (n, e)))
    return der(0x30, bytes.fromhex('300d06092a864886f70d0101010500') + der(3, b'\0' + key))


def dsa_domain(name):
    """The least p of all of its bits with the least q of all of its, above three quarters: it takes no drawing. With g = 2^((p - 1) / q)."""
    _, p_bytes, q_bytes = DSA[name]
    q_more, times = {'DSA(2048,224)': (37, 1964), 'DSA(2048,256)': (49, 2068), 'DSA(3072,256)': (49, 1250)}[name]
    q = 3 * 2**(8 * q_bytes - 2) + q_more
    p = q * (10 * 2**(8 * p_bytes - 4) // q // 2 * 2 + times) + 1
    return p, q, pow(2, (p - 1) // q, p)


def dsa_numbers(made, name, more):
    """p, q and g, and x of q's length or y of p's behind them, as holm-crypt writes them."""
    _, p_bytes, q_bytes = DSA[name]
    sizes, numbers = [p_bytes, q_bytes, p_bytes, more], []
    for size in sizes:
        numbers, made = numbers + [int.from_bytes(made[:size], 'big')], made[size:]
    assert not made
    return numbers


def integers(*numbers):
    return der(0x30, b''.join(der(2, x.to_bytes(x.bit_length() // 8 + 1, 'big')) for x in numbers))


def dsa_private(made, name):
    """What openssl reads and writes as a private key of DSA: 0, p, q, g, y, x."""
    p, q, g, x = dsa_numbers(made, name, DSA[name][2])
    return integers(0, p, q, g, pow(g, x, p), x)


def dsa_public(made, name):
    """RFC 3279 section 2.3.2."""
    p, q, g, y = dsa_numbers(made, name, DSA[name][1])
    number = der(2, y.to_bytes(y.bit_length() // 8 + 1, 'big'))
    return der(0x30, der(0x30, bytes.fromhex('06072a8648ce380401') + integers(p, q, g)) + der(3, b'\0' + number))


def opened(cipher, key, nonce, sealed):
    """The text of a sealed message, by libcrypto; None: it is not right."""
    peer = ctypes.CDLL('libcrypto.so.3')
    for name in (f'EVP_{cipher}', 'EVP_CIPHER_CTX_new'):
        getattr(peer, name).restype = ctypes.c_void_p
    context, text, length = ctypes.c_void_p(peer.EVP_CIPHER_CTX_new()), ctypes.create_string_buffer(len(sealed) + 16), ctypes.c_int()
    assert peer.EVP_DecryptInit_ex(context, ctypes.c_void_p(getattr(peer, f'EVP_{cipher}')()), None, key, nonce) == 1
    assert peer.EVP_DecryptUpdate(context, text, ctypes.byref(length), sealed[:-16], len(sealed) - 16) == 1
    assert peer.EVP_CIPHER_CTX_ctrl(context, 0x11, 16, sealed[-16:]) == 1
    right = peer.EVP_DecryptFinal_ex(context, ctypes.create_string_buffer(16), ctypes.byref(length)) == 1
    peer.EVP_CIPHER_CTX_free(context)
    return text.raw[:len(sealed) - 16] if right else None


class Crypt(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.at = Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def run_it(self, *words, status=0, **more):
        done = subprocess.run([CRYPT, *map(str, words)], capture_output=True, timeout=200, **more)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout

    def openssl(self, *words, **more):
        return subprocess.run(['openssl', *map(str, words)], capture_output=True, check=True, timeout=60, **more).stdout

    def file(self, name, content):
        (self.at / name).write_bytes(content)
        return self.at / name

    def test_digests(self):
        for message in MESSAGES:
            path = self.file('in', message)
            for name, peer in DIGESTS.items():
                digest = self.openssl('dgst', f'-{peer}', '-binary', path)
                self.assertEqual(self.run_it('digest', name, path), digest.hex().encode() + b'\n')
        self.assertEqual(self.run_it('digest', name, input=message), digest.hex().encode() + b'\n')
        self.assertEqual(self.run_it('digest', '--form=raw', name, path), digest)
        self.assertEqual(self.run_it('digest', '--form=base64', name, path), base64.b64encode(digest) + b'\n')

    def test_macs(self):
        for name in ('SHA-1', 'SHA-256', 'SHA-512', 'SHA-3(256)'):
            for length in (1, 32, 150):
                key, path = DICE.randbytes(length), self.file('in', MESSAGES[2])
                tag = self.openssl('dgst', f'-{DIGESTS[name]}', '-mac', 'HMAC', '-macopt', f'hexkey:{key.hex()}', '-binary', path)
                said = self.run_it('mac', f'HMAC({name})', f'--key={self.file("key", key.hex().encode())}', path)
                self.assertEqual(said, tag.hex().encode() + b'\n')
        for bits in (128, 192, 256):
            key = DICE.randbytes(bits // 8)
            tag = self.openssl('mac', '-cipher', f'AES-{bits}-CBC', '-macopt', f'hexkey:{key.hex()}', '-binary', '-in', path, 'CMAC')
            said = self.run_it('mac', f'CMAC(AES-{bits})', '--form=raw', f'--key={self.file("key", key)}', path)
            self.assertEqual(said, tag)

    def test_sealed_messages(self):
        for name, (peer, size) in AEADS.items():
            for message in MESSAGES:
                key = self.at / 'key'
                key.unlink(missing_ok=True)
                self.run_it('keygen', name, f'--out={key}')
                self.assertEqual(key.stat().st_mode & 0o777, 0o600)
                secret = bytes.fromhex(key.read_text().strip())
                self.assertEqual(len(secret), size)
                sealed = self.run_it('encrypt', name, f'--key={key}', self.file('in', message))
                self.assertEqual(len(sealed), len(message) + 28)
                self.assertEqual(opened(peer, secret, sealed[:12], sealed[12:]), message)
                self.assertEqual(self.run_it('decrypt', name, f'--key={key}', self.file('in', sealed)), message)
                again = self.run_it('encrypt', name, f'--key={key}', self.file('in', message))
                self.assertNotEqual(again[:12], sealed[:12])
                for at in (0, 12, len(sealed) - 1):
                    changed = bytearray(sealed)
                    changed[at] ^= 1
                    self.assertEqual(self.run_it('decrypt', name, f'--key={key}', self.file('in', changed), status=1), b'')
            for short in (0, 11, 12, 27):
                self.assertEqual(self.run_it('decrypt', name, f'--key={key}', self.file('in', sealed[:short]), status=1), b'')

    def signs(self, name, private, public, peer_signs, peer_verifies, *more):
        """Both ways, with a key that was made here."""
        secret = self.at / 'key'
        self.run_it('keygen', name, f'--out={secret}', '--form=base64', *more)
        self.file('private', private(base64.b64decode(secret.read_text())))
        self.file('public', public(base64.b64decode((self.at / 'key.pub').read_text())))
        for message in MESSAGES[self.least:]:
            path = self.file('in', message)
            made = base64.b64decode(self.run_it('sign', name, f'--key={secret}', '--form=base64', path))
            self.file('made', peer_verifies(made))
            self.assertIn(b'Verified Successfully', self.verified(path))
            theirs = self.file('theirs', base64.b64encode(peer_signs(path)))
            words = 'verify', name, '--form=base64', f'--key={secret}.pub', f'--signature={theirs}'
            self.assertEqual(self.run_it(*words, path), b'right\n')
            self.assertEqual(self.run_it(*words, self.file('in', message + b'x'), status=1), b'wrong\n')
        secret.unlink()
        (self.at / 'key.pub').unlink()

    def verified(self, path):
        return self.openssl('pkeyutl', '-verify', *self.how, '-rawin', '-pubin', '-inkey', self.at / 'public', '-keyform', 'DER',
                            '-sigfile', self.at / 'made', '-in', path)

    def signed(self, path):
        return self.openssl('pkeyutl', '-sign', *self.how, '-rawin', '-inkey', self.at / 'private', '-keyform', 'DER', '-in', path)

    def test_ed25519(self):
        self.how, self.least = [], 1 # openssl 3.0 takes no empty file for Ed25519
        self.signs('Ed25519', lambda x: bytes.fromhex('302e020100300506032b657004220420') + x,
                   lambda x: bytes.fromhex('302a300506032b6570032100') + x, self.signed, lambda x: x)

    def test_ecdsa(self):
        for name, (size, digest, before, behind, public) in CURVES.items():
            self.how, self.least = ['-digest', digest], 0
            self.signs(name, lambda x: bytes.fromhex(before) + x + bytes.fromhex(behind), lambda x: bytes.fromhex(public) + x,
                       lambda path: numbers_from_der(self.signed(path), size), numbers_to_der)

    def domain(self, name):
        _, p_bytes, q_bytes = DSA[name]
        return b''.join(x.to_bytes(size, 'big') for x, size in zip(dsa_domain(name), (p_bytes, q_bytes, p_bytes)))

    def test_dsa(self):
        for name in ('DSA(2048,224)', 'DSA(2048,256)'):
            digest, _, q_bytes = DSA[name]
            self.how, self.least = ['-digest', digest], 3
            path = self.file('domain', base64.b64encode(self.domain(name)))
            self.signs(name, lambda x: dsa_private(x, name), lambda x: dsa_public(x, name),
                       lambda path: numbers_from_der(self.signed(path), q_bytes), numbers_to_der, f'--domain={path}')

    def test_dsa_keys_of_others(self):
        """Whether their domain is one is asked of those that are made here, since it takes long; of others' keys, what is quick."""
        name, path = 'DSA(3072,256)', self.file('in', MESSAGES[2])
        p, q, g = dsa_domain(name)
        x = DICE.randrange(1, q)
        secret, public = self.domain(name) + x.to_bytes(32, 'big'), self.domain(name) + pow(g, x, p).to_bytes(384, 'big')
        self.how = ['-digest', 'sha256']
        self.file('private', dsa_private(secret, name))
        self.file('public', dsa_public(public, name))
        made = self.run_it('sign', name, '--form=raw', f'--key={self.file("key", secret)}', path)
        self.file('made', numbers_to_der(made))
        self.assertIn(b'Verified Successfully', self.verified(path))
        theirs = self.file('theirs', numbers_from_der(self.signed(path), 32))
        words = 'verify', name, '--form=raw', f'--signature={theirs}'
        self.assertEqual(self.run_it(*words, f'--key={self.file("open", public)}', path), b'right\n')
        self.assertEqual(self.run_it(*words, f'--key={self.file("open", public[:-1] + bytes([public[-1] ^ 1]))}', path, status=1), b'wrong\n')
        for wrong in (secret[:-1], secret + b'\0', public, secret[:-32] + bytes(32), b'\0' + secret[1:]):
            self.run_it('sign', name, '--form=raw', f'--key={self.file("wrong", wrong)}', path, status=2)

    def test_dsa_domains(self):
        """What is no domain, and who has none."""
        name, out = 'DSA(2048,256)', self.at / 'key'
        whole = self.domain(name)
        changed = lambda at: whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1:]
        for wrong in (whole[:-1], whole + b'\0', b'', changed(255), changed(287), changed(len(whole) - 1), self.domain('DSA(3072,256)')):
            path = self.file('wrong', wrong)
            self.run_it('keygen', name, '--form=raw', f'--domain={path}', f'--out={out}', status=2)
        self.run_it('keygen', name, f'--out={out}', status=2)
        self.run_it('keygen', 'DSA(1024,160)', f'--out={out}', status=2)
        self.run_it('keygen', 'Ed25519', '--form=raw', f'--domain={self.file("domain", whole)}', f'--out={out}', status=2)
        self.assertEqual(list(self.at.glob('key*')), [])

    def test_dsa_of_1024_bits_verifies(self):
        """A key of openssl's; and nothing is signed with it here."""
        self.openssl('genpkey', '-genparam', '-algorithm', 'DSA', '-pkeyopt', 'dsa_paramgen_bits:1024', '-pkeyopt', 'dsa_paramgen_q_bits:160',
                     '-out', self.at / 'params')
        self.openssl('genpkey', '-paramfile', self.at / 'params', '-out', self.at / 'pem')
        named = {}
        for line in self.openssl('pkey', '-in', self.at / 'pem', '-noout', '-text').decode().splitlines():
            name = line.split(':')[0] if not line.startswith(' ') else name
            named[name] = named.get(name, '') + (line.strip().replace(':', '') if line.startswith(' ') else '')
        p, q, g, y = (int(named[x], 16).to_bytes(size, 'big') for x, size in (('P', 128), ('Q', 20), ('G', 128), ('pub', 128)))
        key, path = self.file('key', p + q + g + y), self.file('in', MESSAGES[2])
        made = numbers_from_der(self.openssl('dgst', '-sha1', '-sign', self.at / 'pem', path), 20)
        words = 'verify', 'DSA(1024,160)', '--form=raw', f'--key={key}', f'--signature={self.file("made", made)}'
        self.assertEqual(self.run_it(*words, path), b'right\n')
        self.assertEqual(self.run_it(*words, self.file('in', MESSAGES[3]), status=1), b'wrong\n')
        self.run_it('sign', 'DSA(1024,160)', '--form=raw', f'--key={key}', path, status=2)

    def test_rsa(self):
        for bits in (2048, 3072):
            for name, how in ((f'RSA({bits})', []), (f'RSA-PSS({bits})', ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:32'])):
                self.how, self.least = ['-digest', 'sha256', *how], 0 if bits == 2048 else 3
                self.signs(name, lambda x: rsa_private(x, bits), lambda x: rsa_public(x, bits), self.signed, lambda x: x)

    def test_rsa_keys_of_openssl(self):
        for bits, more in ((2048, ()), (4096, ('-pkeyopt', 'rsa_keygen_pubexp:3'))):
            self.openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', f'rsa_keygen_bits:{bits}', *more, '-outform', 'DER', '-out', self.at / 'private')
            modulus = self.openssl('rsa', '-inform', 'DER', '-in', self.at / 'private', '-noout', '-modulus').strip().split(b'=')[1]
            text = self.openssl('rsa', '-inform', 'DER', '-in', self.at / 'private', '-noout', '-text').decode()
            numbers = {}
            for line in text.splitlines():
                name = line.split(':')[0] if not line.startswith(' ') else name
                numbers[name] = numbers.get(name, '') + (line.strip().replace(':', '') if line.startswith(' ') else '')
            exponent = 3 if more else 65537
            half = [int(numbers[x], 16).to_bytes(bits // 16, 'big') for x in ('prime1', 'prime2', 'exponent1', 'exponent2', 'coefficient')]
            public = exponent.to_bytes(4, 'big') + bytes.fromhex(modulus.decode())
            key, path, open_key = self.file('key', public + b''.join(half)), self.file('in', MESSAGES[2]), self.file('open', public)
            self.how = ['-digest', 'sha256']
            made = self.run_it('sign', f'RSA({bits})', '--form=raw', f'--key={key}', path)
            self.assertEqual(made, self.signed(path)) # no randomness is in it
            right = 'verify', f'RSA({bits})', '--form=raw', f'--key={open_key}'
            self.assertEqual(self.run_it(*right, f'--signature={self.file("made", made)}', path), b'right\n')
            for wrong in (made[:-1], made + b'\0', b'', bytes(len(made)), b'\xff' * len(made), made[:-1] + bytes([made[-1] ^ 1])):
                self.assertEqual(self.run_it(*right, f'--signature={self.file("made", wrong)}', path, status=1), b'wrong\n')
            # what is signed with PSS is wrong with v1.5, and the other way round
            pss = self.run_it('sign', f'RSA-PSS({bits})', '--form=raw', f'--key={key}', path)
            self.run_it(*right, f'--signature={self.file("made", pss)}', path, status=1)
            self.run_it('verify', f'RSA-PSS({bits})', *right[2:], f'--signature={self.file("made", made)}', path, status=1)
        whole = key.read_bytes()
        coefficient = whole[:-1] + bytes([whole[-1] ^ 1])
        for wrong in (whole[:-1], whole + b'\0', bytes(len(whole)), whole[:4] + bytes([whole[4] ^ 1]) + whole[5:], coefficient, public):
            self.assertEqual(self.run_it('sign', 'RSA(4096)', '--form=raw', f'--key={self.file("wrong", wrong)}', path, status=2), b'')
        self.run_it('sign', 'RSA(2048)', '--form=raw', f'--key={key}', path, status=2)
        for wrong in (public[:-1], public + b'\0', bytes(len(public)), public[:4] + b'\0' + public[5:], bytes(4) + public[4:]):
            self.run_it('verify', 'RSA(4096)', '--form=raw', f'--key={self.file("wrong", wrong)}', f'--signature={self.file("made", made)}', path, status=2)

    def test_what_cannot_be(self):
        key, path = self.file('key', b'00' * 16), self.file('in', b'x')
        for words in ((), ('digests',), ('digest',), ('digest', 'SHA-7', path), ('digest', 'SHA-256', self.at / 'none'),
                      ('digest', 'SHA-256', path, path), ('digest', 'SHA-256', '--form=octal', path), ('mac', 'HMAC(SHA-256)', path),
                      ('encrypt', 'AES-256/GCM', f'--key={key}', path), ('encrypt', 'AES-128/GCM', '--form=base64', f'--key={key}', path),
                      ('sign', 'ECDSA(P-256)', f'--key={self.file("zero", b"00" * 32)}', path), ('keygen', 'AES-128/GCM'),
                      ('mac', 'HMAC(SHA-256)', f'--key={self.file("empty", b"")}', path),
                      ('verify', 'Ed25519', f'--key={self.file("public", b"00" * 32)}', path), ('keygen', 'AES-128/GCM', f'--out={key}'),
                      ('keygen', 'SHA-256', f'--out={self.at / "new"}'), ('list', 'x'), ('mac', 'HMAC(SHA-256)', f'--key={self.file("odd", b"0g")}', path)):
            self.assertEqual(self.run_it(*words, status=2, input=b''), b'', words)
        said = subprocess.run([CRYPT, 'digests'], capture_output=True, text=True, timeout=60).stderr
        self.assertEqual(said, 'holm-crypt: digests: no such command; holm-crypt --help names them\n')
        self.assertEqual(key.read_bytes(), b'00' * 16)

    def test_what_was_there_is_not_lost(self):
        key, text = self.at / 'key', self.file('text', b'a text')
        self.file('key.pub', b'of another')
        self.run_it('keygen', 'Ed25519', f'--out={key}', status=2)
        self.assertEqual((self.at / 'key.pub').read_bytes(), b'of another')
        self.assertFalse(key.exists()) # neither is left of a pair that is not whole
        self.run_it('keygen', 'AES-128/GCM', f'--out={key}')
        secret = key.read_bytes()
        (self.at / 'other').hardlink_to(text)
        for out in (key, text, self.at / 'other'):
            self.run_it('encrypt', 'AES-128/GCM', f'--key={key}', f'--out={out}', text, status=2)
        self.assertEqual((key.read_bytes(), text.read_bytes()), (secret, b'a text'))

    def test_what_cannot_be_written_whole(self):
        path = self.file('text', bytes(100000))
        self.run_it('keygen', 'AES-128/GCM', f'--out={self.at / "key"}')
        words = 'encrypt', 'AES-128/GCM', f'--key={self.at / "key"}'

        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        self.run_it(*words, f'--out={self.at / "sealed"}', path, status=2, preexec_fn=little_room)
        self.run_it('keygen', 'Ed25519', f'--out={self.at / "pair"}', status=2, preexec_fn=little_room)
        for name in ('sealed', 'pair', 'pair.pub'):
            self.assertFalse((self.at / name).exists(), name)
        was = self.file('was', b'before')
        self.run_it(*words, f'--out={was}', path, status=2, preexec_fn=little_room)
        self.assertEqual(was.read_bytes(), b'before')
        self.assertEqual(self.drafts(), []) # it had the time to remove them
        self.run_it(*words, '--out=/dev/full', path, status=2)
        with open('/dev/full', 'wb') as full:
            for what in (('--help',), ('list',), ('digest', 'SHA-256', path)):
                self.assertEqual(subprocess.run([CRYPT, *what], stdout=full, stderr=subprocess.PIPE, timeout=60).returncode, 2, what)
        self.assertEqual(os.stat('/dev/full').st_mode >> 12, 2) # still a device

    def test_what_is_interrupted(self):
        """The kernel ends it in the midst of writing: what was there stays, of a key there is nothing, and what is left is for its owner."""
        key, text, sealed = self.at / 'key', self.file('text', bytes(100000)), self.file('sealed', b'before')
        self.run_it('keygen', 'AES-128/GCM', f'--out={key}')

        def ended_at(size):
            def limit():
                os.umask(0)
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            return limit
        def ended(size, *words):
            """What is left besides what was there."""
            before = {*self.at.iterdir()}
            self.run_it(*words, status=-signal.SIGXFSZ, preexec_fn=ended_at(size))
            left = sorted({*self.at.iterdir()} - before)
            for draft in left:
                if draft.name.startswith('.holm-crypt-'):
                    self.assertEqual(draft.stat().st_mode & 0o777, 0o600)
            return [(x.name[:12], x.stat().st_size) for x in left]
        self.assertEqual(ended(5000, 'encrypt', 'AES-128/GCM', f'--key={key}', f'--out={sealed}', text), [('.holm-crypt-', 5000)])
        self.assertEqual(sealed.read_bytes(), b'before')
        new = f'--out={self.at / "new"}'
        for algorithm in ('AES-256/GCM', 'Ed25519'):
            self.assertEqual(ended(10, 'keygen', algorithm, new), [('.holm-crypt-', 10)])
        # of a pair the public key comes first: no secret without it
        self.assertEqual(ended(260, 'keygen', 'RSA(2048)', '--form=raw', new), [('.holm-crypt-', 260), ('new.pub', 260)])

    def drafts(self):
        return [*self.at.glob('.holm-crypt-*')]

    def test_what_is_replaced(self):
        """As writing to it would: its mode stays, a link leads to it, what may not be written is not; new ones are as the umask says."""
        text, out, link = self.file('text', b'a text'), self.file('out', b'before, and longer than a digest in hexadecimal digits is ' * 9), self.at / 'link'
        digest = self.run_it('digest', 'SHA-256', text)
        out.chmod(0o640)
        link.symlink_to('out')
        self.run_it('digest', 'SHA-256', f'--out={link}', text)
        self.assertEqual((out.read_bytes(), out.stat().st_mode & 0o777, link.is_symlink()), (digest, 0o640, True))
        self.run_it('digest', 'SHA-256', '--out=new', text, cwd=self.at, umask=0o027)
        self.assertEqual(((self.at / 'new').read_bytes(), (self.at / 'new').stat().st_mode & 0o777), (digest, 0o640))
        for name in ('AES-128/GCM', 'Ed25519'):
            self.run_it('keygen', name, f'--out={self.at / name[:3]}', umask=0)
            self.assertEqual((self.at / name[:3]).stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.at / 'Ed2.pub').stat().st_mode & 0o777, 0o666)
        self.run_it('keygen', 'AES-128/GCM', f'--out={link}', status=2) # a key is a new file
        self.run_it('digest', 'SHA-256', f'--out={self.at / "none" / "out"}', text, status=2)
        self.assertEqual(self.drafts(), [])
        if os.geteuid() != 0: # who may write anywhere
            out.chmod(0o440)
            self.run_it('digest', 'SHA-256', f'--out={out}', text, status=2)

    def test_the_longest_input(self):
        path = self.at / 'long'
        with open(path, 'wb') as long:
            long.truncate(1 << 28)
        self.assertEqual(self.run_it('digest', 'SHA-256', path), self.openssl('dgst', '-sha256', '-r', path).split()[0] + b'\n')
        with open(path, 'ab') as long:
            long.truncate((1 << 28) + 1)
        self.run_it('digest', 'SHA-256', path, status=2)

    def test_speed_compares_the_same(self):
        said = self.run_it('speed').decode()
        self.assertEqual(said.count(' bytes '), 21)
        self.assertEqual(said.count(' /s'), 19)
        self.assertIn(said.count('libcrypto '), (21 + 17, 21 + 19)) # before 3.5 it has no ML-KEM
        self.assertNotIn('SOMETHING ELSE', said)
        self.assertNotIn('WRONG', said)


if __name__ == '__main__':
    if not shutil.which('openssl'):
        print('skipped: openssl is not here')
        sys.exit(77)
    unittest.main()
