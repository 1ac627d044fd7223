/* SPDX-License-Identifier: ISC */
/* recording_sum.c: apart from the rest of recordings, since the call page has room for no more. */
#include <holm/recording.h>

uint64_t holm_recording_sum(uint64_t sum, struct holm_bytes in)
{
    uint8_t byte = 0;

    while (holm_bytes_u8(&in, &byte))
        sum = (sum ^ byte) * HOLM_RECORDING_SUM_MULTIPLIER;
    return sum;
}
