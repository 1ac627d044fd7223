/* SPDX-License-Identifier: ISC */
/* crash breaks a rule of the machine, the one that is asked for: to see what is reported of it.
 *
 *     holm run crash.holm --kind=null */
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>

HOLM_IMAGE("crash", "breaks one rule of the machine");
HOLM_PARAM_ENUM(
    kind, 0,
    "none|null|write_text|execute_data|execute_stack|overflow|check|divide|far|spin|silent",
    "which rule");

/* Some of the image's own instructions. */
static int text(void)
{
    return 1;
}

static const volatile uint32_t zero = 0;
static volatile uint32_t sink;

/* NOLINTBEGIN(hicpp-no-assembler): no mistake that C can make, the compiler sees */
static void *at(uint64_t address)
{
    __asm__ volatile("" : "+r"(address)); /* what it points to is nobody's business */
    return (void *)address;               /* NOLINT(performance-no-int-to-ptr) */
}

/* deep touches the stack downwards, page by page, as a recursion would that did not end. */
static void deep(void)
{
    uint8_t here = 0;

    for (uint64_t i = 0; i < 64; i++)
        *(volatile uint8_t *)at((uint64_t)&here - 4096 * i) = 0;
}

static void break_rule(uint32_t which)
{
    static uint8_t data[16] = { 0xc3 }; /* a return, on x86_64 */
    uint8_t stack[16] = { 0xc3 };
    uint8_t *wanted = at(which == 2 ? (uint64_t)text : which == 1 ? 0 : UINT64_C(1) << 40);

    switch (which) {
    case 1:
    case 2:
    case 8:
        *(volatile uint8_t *)wanted = 1;
        return;
    case 3:
        __asm__ volatile("pushq %0\n\tretq" : : "r"(&data[0]) : "memory");
        return;
    case 4:
        __asm__ volatile("pushq %0\n\tretq" : : "r"(&stack[0]) : "memory");
        return;
    case 5:
        deep();
        return;
    case 6:
        holm_assert(zero == 1);
        return;
    case 7:
        __asm__ volatile("xorl %%ecx, %%ecx\n\tdivl %%ecx" : : : "eax", "ecx", "edx");
        return;
    case 9:
        for (;;)
            sink = sink + 1;
    default:
        return;
    }
}
/* NOLINTEND(hicpp-no-assembler) */

enum holm_result holm_main(struct holm_image *image)
{
    if (kind == 10) /* waits for nothing */
        return holm_task_sleep(UINT64_MAX);
    (void)image;
    break_rule(kind);
    holm_console_write(HOLM_TEXT("nothing happened\n"));
    return HOLM_OK;
}
