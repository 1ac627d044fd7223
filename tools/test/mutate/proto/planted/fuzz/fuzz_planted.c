/* SPDX-License-Identifier: ISC */
#include <holm/planted.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct holm_bytes in = { data, size };
    uint8_t number;
    while (holm_bytes_u8(&in, &number))
        holm_assert(holm_planted_name(number) >= 'a');
    return 0;
}
