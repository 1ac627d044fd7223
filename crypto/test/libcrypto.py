# SPDX-License-Identifier: ISC
"""libcrypto.py: OpenSSL's libcrypto 3 in this process, for the tests that compare with it, and the little of DER that its keys and
signatures are written in. OSError at Libcrypto(): it is not here."""
import ctypes
import secrets
import subprocess
import sys

from vectors import SKIPPED, asked

# What stands for an algorithm: RFC 3279 and RFC 5480.
OF_RSA = bytes.fromhex('300d06092a864886f70d0101010500')
OF_POINTS, OF_DSA = bytes.fromhex('06072a8648ce3d0201'), bytes.fromhex('06072a8648ce380401')
OF_CURVE = {256: bytes.fromhex('06082a8648ce3d030107'), 384: bytes.fromhex('06052b81040022'), 521: bytes.fromhex('06052b81040023')}


class Libcrypto:
    """Functions of libcrypto; those that answer pointers have to say so."""
    POINTERS = {'EVP_PKEY_CTX_new'}

    def __init__(self):
        self.library = ctypes.CDLL('libcrypto.so.3')

    def is_pointer(self, name):
        return name in self.POINTERS

    def call(self, name, *values):
        function, pointer = getattr(self.library, name), self.is_pointer(name)
        function.restype = ctypes.c_void_p if pointer else ctypes.c_int
        return ctypes.c_void_p(function(*values)) if pointer else function(*values)

    def must(self, name, *values):
        done = self.call(name, *values)
        assert done if isinstance(done, ctypes.c_void_p) else done == 1, f'{name}: {done}'
        return done


class Keys(Libcrypto):
    """What is done with keys that are written in DER."""
    POINTERS = Libcrypto.POINTERS | {'EVP_PKEY_CTX_new_from_name', 'd2i_AutoPrivateKey', 'd2i_PUBKEY', 'd2i_KeyParams'}

    def read(self, how, der, *before):
        """A key in DER."""
        room = ctypes.create_string_buffer(der, len(der))
        return self.call(how, *before, None, ctypes.byref(ctypes.cast(room, ctypes.c_void_p)), ctypes.c_long(len(der)))

    def public(self, der):
        """No pointer, if it takes the key for none."""
        return self.read('d2i_PUBKEY', der)

    def private(self, der):
        key = self.read('d2i_AutoPrivateKey', der)
        assert key, der.hex()
        return key

    def written(self, key):
        """A private key, in DER."""
        size = self.call('i2d_PrivateKey', key, None)
        room = ctypes.create_string_buffer(size)
        assert self.call('i2d_PrivateKey', key, ctypes.byref(ctypes.cast(room, ctypes.c_void_p))) == size
        return room.raw

    def drawn(self, kind, *options):
        """A new key of a kind, or in a domain, which is a key's as well."""
        context = self.must('EVP_PKEY_CTX_new', kind, None) if isinstance(kind, ctypes.c_void_p) else \
            self.must('EVP_PKEY_CTX_new_from_name', None, kind.encode(), None)
        self.must('EVP_PKEY_keygen_init', context)
        self.options(context, options)
        key = ctypes.c_void_p()
        self.must('EVP_PKEY_generate', context, ctypes.byref(key))
        self.call('EVP_PKEY_CTX_free', context)
        return key

    def options(self, context, options):
        for option in options:
            name, _, value = option.partition(':')
            self.must('EVP_PKEY_CTX_ctrl_str', context, name.encode(), value.encode())

    def passed(self, what, key, text, *options):
        """What sign, encrypt or decrypt makes of a text with a key; None: it refuses."""
        context, room = self.must('EVP_PKEY_CTX_new', key, None), ctypes.create_string_buffer(2048)
        length = ctypes.c_size_t(len(room))
        self.must(f'EVP_PKEY_{what}_init', context)
        self.options(context, options)
        done = self.call(f'EVP_PKEY_{what}', context, room, ctypes.byref(length), text, ctypes.c_size_t(len(text)))
        self.finished(context)
        return room.raw[:length.value] if done == 1 else None

    def verified(self, key, made, text, *options):
        """Whether a signature is right, in the words of answer.c."""
        if not key:
            return 'refused'
        context = self.must('EVP_PKEY_CTX_new', key, None)
        self.must('EVP_PKEY_verify_init', context)
        self.options(context, options)
        done = self.call('EVP_PKEY_verify', context, made, ctypes.c_size_t(len(made)), text, ctypes.c_size_t(len(text)))
        self.finished(context)
        return 'right' if done == 1 else 'refused'

    def finished(self, context):
        self.call('EVP_PKEY_CTX_free', context)
        self.call('ERR_clear_error')

    def release(self, *keys):
        for key in keys:
            self.call('EVP_PKEY_free', key)


def der(kind, body):
    size = len(body)
    return bytes([kind]) + (bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else
                            bytes([0x82]) + size.to_bytes(2, 'big')) + body


def integer(n):
    return der(2, n.to_bytes(n.bit_length() // 8 + 1, 'big'))


def integers(*numbers):
    return der(0x30, b''.join(map(integer, numbers)))


def key_info(algorithm, key):
    """A public key with what X.509 puts around it."""
    return der(0x30, algorithm + der(3, b'\0' + key))


def parts(whole):
    """The (kind, body) of all that stands in a sequence."""
    (_, rest, _), found = one_off(whole), []
    while rest:
        kind, body, rest = one_off(rest)
        found.append((kind, body))
    return found


def one_off(rest):
    """The first thing that stands there: its kind, its body, and what is behind it."""
    size, at = rest[1], 2
    if size >= 0x80:
        at += size - 0x80
        size = int.from_bytes(rest[2:at], 'big')
    return rest[0], rest[at:at + size], rest[at + size:]


def integers_in(whole):
    return [int.from_bytes(body, 'big') for kind, body in parts(whole) if kind == 2]


def option(name, otherwise):
    return ([x.partition('=')[2] for x in sys.argv if x.startswith(f'--{name}=')] or [otherwise])[0]


def seed_told():
    """What --seed says, 1 if nothing; drawn, if that says any. It is printed, so that the same can be asked again."""
    seed = option('seed', '1')
    seed = str(secrets.randbits(32)) if seed == 'any' else seed
    print(f'seed {seed}')
    return seed


def opened(peer):
    """One of these; where libcrypto is not, the test is skipped."""
    try:
        return peer()
    except OSError:
        print('skipped: libcrypto 3 is not here')
        sys.exit(SKIPPED)


def asked_at_level(questions):
    """Asks the program that the words name, at the level that they name, if the processor has it."""
    level = option('level', '')
    command = [*reversed([x for x in sys.argv[1:] if not x.startswith('--')]), *([level] if level else [])]
    if level and subprocess.run(command, stdin=subprocess.DEVNULL).returncode == SKIPPED:
        print(f'skipped: this processor does not have the level {level}')
        return SKIPPED
    return asked(questions, command)
