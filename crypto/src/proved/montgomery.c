/* SPDX-License-Identifier: ISC */
/* montgomery.c: products of 1024 and 2048 bits by the proved assembly, for RSA of 2048 and 4096 bits. */
#include "../montgomery.h"

#include "proved.h"

#include <holm/secret.h>

enum { SMALL = 16, LARGE = 32, ROOM = 96 };

bool holm_montgomery__proved(uint64_t *out, const uint64_t *a, const uint64_t *b,
                             const struct holm_modulus *modulus)
{
    uint64_t product[2 * LARGE], room[ROOM];
    size_t limbs = modulus->limbs;

    if (limbs == SMALL && a == b)
        holm_proved__bignum_ksqr_16_32(product, a, room);
    else if (limbs == SMALL)
        holm_proved__bignum_kmul_16_32(product, a, b, room);
    else if (limbs == LARGE && a == b)
        holm_proved__bignum_ksqr_32_64(product, a, room);
    else if (limbs == LARGE)
        holm_proved__bignum_kmul_32_64(product, a, b, room);
    else
        return false;
    uint64_t carry = holm_proved__bignum_emontredc_8n(limbs, product, modulus->m, modulus->factor);
    for (size_t i = 0; i < limbs; i++)
        HOLM_NTH(out, limbs, i) = HOLM_AT(product, limbs + i);
    holm_montgomery__reduce(out, carry, modulus);
    holm_secret_wipe(product, 2 * limbs * sizeof product[0]);
    return true;
}
