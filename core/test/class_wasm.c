/* SPDX-License-Identifier: ISC */
/* class_wasm.c: core/machine/wasm32 against the plain loop, as a module without a libc that
 * class_wasm.sh runs. */
#include <holm/class.h>
#include <holm/random.h>

/* holm_class_differences gives how many of many searches had another answer than the plain loop. */
__attribute__((export_name("differences"))) uint32_t holm_class_differences(uint32_t seed);

static uint32_t differs(struct holm_bytes all, size_t from, const struct holm_class *class,
                        uint8_t value)
{
    size_t span = from, find = from;
    uint8_t byte;
    while (holm_bytes_u8_at(all, span, &byte) && holm_class_has(class, byte))
        span++;
    while (find < all.len && !holm_bytes_is(all, find, value))
        find++;
    return (holm_bytes_span(all, from, class, value) != (span < all.len ? span : all.len) ? 1U
                                                                                          : 0U) +
           (holm_bytes_find(all, from, value) != (find < all.len ? find : all.len) ? 1U : 0U);
}

uint32_t holm_class_differences(uint32_t seed)
{
    struct holm_random_seeded seeded;
    uint32_t count = 0;
    holm_random_seeded_init(&seeded, seed);
    for (uint32_t round = 0; round < 20000; round++) {
        struct holm_class class = { { 0 }, { 0 } };
        uint8_t text[67];
        struct holm_bytes all = { &text[0], holm_random_seeded_next(&seeded) % sizeof text };
        for (unsigned c = 0; c < 256; c++) {
            if (holm_random_seeded_next(&seeded) % 16 < (round % 2 != 0 ? 15 : 8)) {
                HOLM_AT(class.has, c) = 1;
                HOLM_AT(class.rows, c / 128 * 16 + c % 16) |= (uint8_t)(1U << c / 16 % 8);
            }
        }
        for (size_t i = 0; i < sizeof text; i++)
            HOLM_AT(text, i) = (uint8_t)holm_random_seeded_next(&seeded);
        for (size_t from = 0; from <= all.len; from++)
            count += differs(all, from, &class, text[0]);
    }
    return count;
}
