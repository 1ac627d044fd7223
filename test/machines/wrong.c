/* SPDX-License-Identifier: ISC */
/* wrong does what no image may, as it is asked to: for machines that only this test runs. It has the instruction that
 * leaves an image, since an author who is an enemy would write it. */
#include <holm/abi/call.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>

#include <leave.h>

#define CALL_PAGE_BYTES UINT64_C(16384)

HOLM_IMAGE("wrong", "does what no image may");
HOLM_PARAM_ENUM(kind, 0, "none|null|text|data|own|page", "what");
HOLM_PARAM_U64(number, 0,
               "of the system call from the image's own text, or from inside of the call page");
HOLM_PARAM_U64(first, 0, "its first argument");

/* NOLINTBEGIN(performance-no-int-to-ptr): addresses are what this is about */
static void *pointer(uint64_t address)
{
    __asm__ volatile("" : "+r"(address)); /* the compiler does not know it */
    return (void *)address;
}

/* page_leave uses the first system call that it finds in the call page. */
static void page_leave(void)
{
    uint64_t page = (uint64_t)holm_arch_calls->exit / CALL_PAGE_BYTES * CALL_PAGE_BYTES;

    for (uint64_t at = page; at < page + CALL_PAGE_BYTES - 2; at += 2) {
        uint32_t low = *(const uint16_t *)pointer(at);
        if ((low | (uint32_t)*(const uint16_t *)pointer(at + 2) << 16) == LEAVE_WORD)
            leave_at(at, number, first);
    }
}
/* NOLINTEND(performance-no-int-to-ptr) */

enum holm_result holm_main(struct holm_image *image)
{
    static uint32_t data[] = { LEAVE_WORD };

    (void)image;
    if (kind == 1)
        *(volatile uint8_t *)pointer(0) = 1;
    if (kind == 2)
        *(volatile uint8_t *)pointer((uint64_t)&page_leave) = 1;
    if (kind == 3)
        leave_at((uint64_t)&data[0], number, first);
    if (kind == 4)
        leave(number, first);
    if (kind == 5)
        page_leave();
    holm_console_write(HOLM_TEXT("nothing happened\n"));
    return HOLM_OK;
}
