#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""curve_tables.py [--write]: makes crypto/src/tables/*.h, the constants of the curves of SP 800-186 section 3.2.1 and RFC 8032
section 5.1 as the library has them, and of the transform of
FIPS 203, and compares; --write: puts them there. Each size is checked to be prime, the base
point to be on the curve and the order to be its."""
import subprocess
import sys
from pathlib import Path

import ml_kem

FOLDER = Path(__file__).resolve().parents[1] / 'src/tables'
WINDOW = 16  # odd multiples
CURVES = {
    'p256': dict(
        p=2**256 - 2**224 + 2**192 + 2**96 - 1, limbs=4, rows=4, columns=13,
        n=0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
        b=0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
        x=0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        y=0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5),
    'p384': dict(
        p=2**384 - 2**128 - 2**96 + 2**32 - 1, limbs=6, rows=8, columns=10,
        n=0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973,
        b=0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
        x=0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
        y=0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f),
    'p521': dict(
        p=2**521 - 1, limbs=9, rows=15, columns=7,
        n=0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409,
        b=0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00,
        x=0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66,
        y=0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650),
}


def number(value, count):
    """The lines of a number."""
    words = [f'0x{value >> 64 * i & 2**64 - 1:016x}' for i in range(count)]
    return '{ { ' + ', '.join(words) + ' } }'


def add(p, one, two):
    """Of two points of a curve with a = -3; None is that at infinity."""
    if one is None or two is None:
        return two if one is None else one
    if one[0] == two[0] and (one[1] + two[1]) % p == 0:
        return None
    slope = ((3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, p) if one == two else
             (two[1] - one[1]) * pow(two[0] - one[0], -1, p))
    x = (slope * slope - one[0] - two[0]) % p
    return x, (slope * (one[0] - x) - one[1]) % p


def times(p, scalar, point):
    out = None
    for bit in bin(scalar)[2:]:
        out = add(p, out, out)
        if bit == '1':
            out = add(p, out, point)
    return out


def prime(number):
    """Miller and Rabin, to twenty bases."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in range(2, 22):
        power = pow(base, odd, number)
        if power not in (1, number - 1) and all(pow(power, 2**i, number) != number - 1 for i in range(twos)):
            return False
    return True


def text_of(name, p, n, b, x, y, limbs, rows, columns):
    form = lambda value: number(value * 2**(64 * limbs) % p, limbs)
    assert prime(p) and prime(n) and (y * y - x**3 + 3 * x - b) % p == 0 and times(p, n, (x, y)) is None
    out = ['/* SPDX-License-Identifier: ISC */',
           f'/* {name}.h: constants of {name.upper().replace("P", "P-")} (SP 800-186 section 3.2.1), made by test/curve_tables.py. '
           'R is\n * 2^64 to the power of how many limbs there are; what says so is in Montgomery form, times R. */',
           'struct affine {', '    struct number x, y;', '};', '',
           f'static const struct number field = {number(p, limbs)};',
           f'static const struct number field_one = {form(1)}; /* Montgomery form */',
           f'static const struct number field_square = {number(2**(128 * limbs) % p, limbs)}; /* R^2 */',
           f'static const struct number curve_b = {form(b)}; /* Montgomery form */',
           f'static const struct number order = {number(n, limbs)};',
           f'static const struct number order_square = {number(2**(128 * limbs) % n, limbs)}; /* R^2 */',
           f'#define ORDER_FACTOR UINT64_C(0x{-pow(n, -1, 2**64) % 2**64:016x}) /* -1 / order modulo 2^64 */', '',
           f'/* 1, 3, 5 to 31 times the base point, in Montgomery form; then so of 2^{5 * rows} times it, and so on. */',
           f'static const struct affine base_table[{WINDOW * columns}] = {{']
    point = (x, y)
    for _ in range(columns):
        two, odd = add(p, point, point), point
        for _ in range(WINDOW):
            out.append(f'    {{ {form(odd[0])},\n      {form(odd[1])} }},')
            odd = add(p, odd, two)
        point = times(p, 2**(5 * rows), point)
    return formatted(out)


def formatted(lines):
    done = subprocess.run(['clang-format-19', '--assume-filename=crypto/src/tables/x.h'], input='\n'.join(lines) + '\n};\n',
                          capture_output=True, text=True, check=True, cwd=FOLDER)
    return done.stdout


BLOCK_BITS = 5


def blocks_text(p, n, x, y, **_):
    """The table that the proved assembly takes for multiples of the base point of P-256."""
    out = ['/* SPDX-License-Identifier: ISC */',
           '/* p256_blocks.h: the base point of P-256 for the proved assembly, made by test/curve_tables.py.',
           ' * style: table */',
           f'enum {{ LIMBS = 4, BLOCK_BITS = {BLOCK_BITS} }};', '',
           f'static const uint64_t order[LIMBS] = {number(n, 4)[2:-2]};', '',
           '/* 1 to 16 times the base point, x and y, in Montgomery form; then so of 32 times it, and so on. */',
           f'static const uint64_t blocks[{256 // BLOCK_BITS + 1} * 16 * 2 * LIMBS] = {{']
    point = x, y
    for _ in range(256 // BLOCK_BITS + 1):
        many = None
        for _ in range(2**(BLOCK_BITS - 1)):
            many = add(p, many, point)
            out += [f'    {number(value * 2**256 % p, 4)[4:-4]},' for value in many]
        point = times(p, 2**BLOCK_BITS, point)
    return formatted(out)


ED_P, ED_ROWS, ED_MULTIPLES = 2**255 - 19, 4, 8
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P
ED_N = 2**252 + 27742317777372353535851937790883648493
ED_ROOT = pow(2, (ED_P - 1) // 4, ED_P)


def edwards_add(one, two):
    (x1, y1), (x2, y2) = one, two
    xy = ED_D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + xy, -1, ED_P) % ED_P, (y1 * y2 + x1 * x2) * pow(1 - xy, -1, ED_P) % ED_P)


def edwards_times(scalar, point):
    out = 0, 1
    for bit in bin(scalar)[2:]:
        out = edwards_add(out, out)
        if bit == '1':
            out = edwards_add(out, point)
    return out


def edwards_point(y, odd):
    """The point of a coordinate y, or None."""
    square = (y * y - 1) * pow(ED_D * y * y + 1, -1, ED_P) % ED_P
    x = pow(square, (ED_P + 3) // 8, ED_P)
    x = x if x * x % ED_P == square else x * ED_ROOT % ED_P
    if x * x % ED_P != square or x == 0 and odd:
        return None
    return (x if x % 2 == odd else ED_P - x), y


ED_BASE = edwards_point(4 * pow(5, -1, ED_P) % ED_P, 0)


def edwards_text():
    def field(value):
        return '{ { ' + ', '.join(f'0x{value % ED_P >> 51 * i & 2**51 - 1:013x}' for i in range(5)) + ' } }'

    assert prime(ED_P) and prime(ED_N) and edwards_times(ED_N, ED_BASE) == (0, 1) and ED_ROOT**2 % ED_P == ED_P - 1
    out = ['/* SPDX-License-Identifier: ISC */',
           '/* edwards25519.h: constants of the curve of RFC 8032 section 5.1, made by test/curve_tables.py. */',
           f'enum {{ HOLM_EDWARDS25519__ROWS = {ED_ROWS}, HOLM_EDWARDS25519__MULTIPLES = {ED_MULTIPLES} }};', '',
           '/* A point as it is added: y + x, y - x, 2 d x y. */',
           'struct holm_edwards25519_affine {', 'struct holm_field25519 more, less, two_dxy;', '};', '',
           '/* d, 2 d, and a root of -1. */',
           f'static const struct holm_field25519 holm_edwards25519__d = {field(ED_D)};',
           f'static const struct holm_field25519 holm_edwards25519__2d = {field(2 * ED_D)};',
           f'static const struct holm_field25519 holm_edwards25519__root = {field(ED_ROOT)};', '',
           f'/* 1 to {ED_MULTIPLES} times the base point; then so of 2^{4 * ED_ROWS} times it, and so on. */',
           f'static const struct holm_edwards25519_affine holm_edwards25519__table[{64 // ED_ROWS * ED_MULTIPLES}] = {{']
    point = ED_BASE
    for _ in range(64 // ED_ROWS):
        many = point
        for _ in range(ED_MULTIPLES):
            x, y = many
            out.append(f'    {{ {field(y + x)}, {field(y - x)}, {field(2 * ED_D * x * y)} }},')
            many = edwards_add(many, point)
        point = edwards_times(2**(4 * ED_ROWS), point)
    return formatted(out)


ED4_P, ED4_D, ED4_ROWS, ED4_MULTIPLES = 2**448 - 2**224 - 1, -39081, 8, 8
ED4_N = 2**446 - 13818066809895115352007386748515426880336692474882178609894547503885


def edwards4_add(one, two):
    (x1, y1), (x2, y2) = one, two
    xy = ED4_D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + xy, -1, ED4_P) % ED4_P, (y1 * y2 - x1 * x2) * pow(1 - xy, -1, ED4_P) % ED4_P)


def edwards4_times(scalar, point):
    out = 0, 1
    for bit in bin(scalar)[2:]:
        out = edwards4_add(out, out)
        if bit == '1':
            out = edwards4_add(out, point)
    return out


def edwards4_point(y, odd):
    """The point of a coordinate y, or None."""
    square = (y * y - 1) * pow(ED4_D * y * y - 1, -1, ED4_P) % ED4_P
    x = pow(square, (ED4_P + 1) // 4, ED4_P)
    if x * x % ED4_P != square or x == 0 and odd:
        return None
    return (x if x % 2 == odd else ED4_P - x), y


# The point of the curve that u = 5 of X448 stands for: RFC 7748 section 4.2 gives y.
ED4_BASE = edwards4_point(298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660, 0)


def edwards448_text():
    def field(value):
        return '{ { ' + ', '.join(f'0x{value % ED4_P >> 56 * i & 2**56 - 1:014x}' for i in range(8)) + ' } }'

    assert prime(ED4_P) and prime(ED4_N) and edwards4_times(ED4_N, ED4_BASE) == (0, 1)
    out = ['/* SPDX-License-Identifier: ISC */',
           '/* edwards448.h: multiples of the base point of RFC 8032 section 5.2, made by test/curve_tables.py.',
           ' * style: table */',
           f'enum {{ HOLM_EDWARDS448__ROWS = {ED4_ROWS}, HOLM_EDWARDS448__MULTIPLES = {ED4_MULTIPLES} }};', '',
           '/* A point as it is added: x, y, d x y. */',
           'struct holm_edwards448_affine {', 'struct holm_field448 x, y, dxy;', '};', '',
           f'/* 1 to {ED4_MULTIPLES} times the base point; then so of 2^{4 * ED4_ROWS} times it, and so on. */',
           f'static const struct holm_edwards448_affine holm_edwards448__table[{112 // ED4_ROWS * ED4_MULTIPLES}] = {{']
    point = ED4_BASE
    for _ in range(112 // ED4_ROWS):
        many = point
        for _ in range(ED4_MULTIPLES):
            x, y = many
            out.append(f'    {{ {field(x)}, {field(y)}, {field(ED4_D * x * y)} }},')
            many = edwards4_add(many, point)
        point = edwards4_times(2**(4 * ED4_ROWS), point)
    return formatted(out)


def main():
    wrong = 0
    texts = {name: text_of(name, **curve) for name, curve in CURVES.items()} | {'edwards25519': edwards_text()}
    texts['edwards448'] = edwards448_text()
    texts['ml_kem'] = ml_kem.table_text(formatted)
    files = {FOLDER / f'{name}.h': made for name, made in texts.items()}
    files[FOLDER.parent / 'proved/p256_blocks.h'] = blocks_text(**CURVES['p256'])
    for file, made in files.items():
        if '--write' in sys.argv:
            file.write_text(made)
        same = file.read_text() == made
        print(f'{file.name}: {"as it must be" if same else "is not what is made"}')
        wrong += not same
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
