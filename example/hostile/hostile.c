/* SPDX-License-Identifier: ISC */
/* hostile tries one thing that no image may, as an attacker would who had taken an image over: it shall
 * be ended, or be answered with an error, and nothing else may come of it (test/interop/test_hostile.py).
 *
 *     holm run hostile.holm --attack=call --number=59 */
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>

HOLM_IMAGE("hostile", "tries what no image may");
HOLM_PARAM_ENUM(
    attack, 0, "none|call|page_call|instruction|read|write|page|turn|console",
    "what is tried: a call of the kernel from the image or from the call page, an instruction, an "
    "access to an address, one to the call page, a wrong call of the monitor");
HOLM_PARAM_U64(number, 0, "which");
HOLM_PARAM_U64(first, 0, "its first argument; those behind are addresses of the image's own");
HOLM_PARAM_U64(fourth, 0, "its fourth");

enum { NONE, CALL, PAGE_CALL, INSTRUCTION, READ, WRITE, PAGE, TURN, CONSOLE };

/* Of holm/abi/boot.h, which no honest service looks at: where the calls are in the boot record. */
enum { BOOT_CONSOLE = 192, BOOT_TURN = 200, PAGE_BYTES = 8192 };
extern const uint8_t holm_arch_calls[8] __attribute__((weak));

/* NOLINTBEGIN(hicpp-no-assembler): nothing here is what C can say */
static void *at(uint64_t address)
{
    __asm__ volatile("" : "+r"(address)); /* what it points to is nobody's business */
    return (void *)address;               /* NOLINT(performance-no-int-to-ptr) */
}

static uint64_t word_at(uint64_t address)
{
    return *(volatile uint64_t *)at(address);
}

/* go calls what is at address, or the kernel if that is 0, and answers what comes of it. */
static uint64_t go(uint64_t address, uint64_t a, uint64_t b, uint64_t c)
{
    register uint64_t r10 __asm__("r10") = fourth;
    register uint64_t r8 __asm__("r8") = address;
    uint64_t answer = number;

    if (address == 0)
        __asm__ volatile("syscall"
                         : "+a"(answer)
                         : "D"(a), "S"(b), "d"(c), "r"(r10)
                         : "rcx", "r11", "r9", "memory");
    else
        __asm__ volatile("leaq 1f(%%rip), %%rcx\n\tpushq %%rcx\n\tpushq %%r8\n\tretq\n1:"
                         : "+a"(answer), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8)
                         :
                         : "rcx", "r11", "r9", "memory", "cc");
    return answer;
}

static uint64_t boot_word(uint64_t offset)
{
    return word_at(word_at((uint64_t)&holm_arch_calls[0]) + offset);
}

static uint64_t page_start(void)
{
    return boot_word(BOOT_TURN) / PAGE_BYTES * PAGE_BYTES;
}

/* page_kernel_call finds the bytes 0f 05 in the call page, behind the number of those that come before. */
static uint64_t page_kernel_call(void)
{
    uint64_t page = page_start();

    for (uint64_t i = 0; i + 8 < PAGE_BYTES; i++)
        if ((word_at(page + i) & 0xffff) == 0x050f)
            return page + i;
    return 0;
}

static void instruction(void)
{
    switch (number) {
    case 0:
        __asm__ volatile("hlt");
        return;
    case 1:
        __asm__ volatile("cli");
        return;
    case 2:
        __asm__ volatile("inb $0x80, %%al" : : : "eax");
        return;
    case 3:
        __asm__ volatile("outb %%al, $0x80" : : "a"(0));
        return;
    case 4:
        __asm__ volatile("movq %%cr3, %%rax" : : : "rax");
        return;
    case 5:
        __asm__ volatile("wrmsr" : : "a"(0), "c"(0xc0000082), "d"(0));
        return;
    case 6:
        __asm__ volatile("lidt 0(%%rsp)" : : : "memory");
        return;
    case 7:
        __asm__ volatile("invlpg (%%rsp)" : : : "memory");
        return;
    case 8:
        __asm__ volatile("int $0x80" : : "a"(11) : "memory");
        return;
    case 9:
        __asm__ volatile("sysenter" : : "a"(11) : "memory");
        return;
    case 10:
        __asm__ volatile("vmcall" : : "a"(0) : "memory");
        return;
    case 11:
        __asm__ volatile("vmmcall" : : "a"(0) : "memory");
        return;
    case 12:
        __asm__ volatile("swapgs");
        return;
    case 13:
        __asm__ volatile("pushq $0x10\n\tpushq $0\n\tlretq" : : : "memory");
        return;
    case 14:
        __asm__ volatile("int3");
        return;
    default:
        return;
    }
}

/* page_rewrite fills all that the call page keeps, and then lets it work with that. */
static void page_rewrite(void)
{
    for (uint64_t i = 0; i < PAGE_BYTES; i++)
        *(volatile uint8_t *)at(page_start() + PAGE_BYTES + i) = (uint8_t)(number + i * first);
    (void)go(boot_word(BOOT_CONSOLE), 1, (uint64_t)&number, 1);
    *(volatile uint8_t *)at(0) = 0; /* its report, too */
}

/* turn_misuse hands over requests that can't be: how many, where, of which device, of what kind. */
static uint64_t turn_misuse(void)
{
    static uint64_t request[4], turn[64], pieces[2];
    const uint64_t wild[] = {
        1, 0, UINT64_C(1) << 40, UINT64_MAX, page_start(), UINT64_C(1) << 63
    };
    uint64_t what = HOLM_AT(wild, number % HOLM_COUNT(wild));

    request[0] = first; /* kind, and device above it */
    HOLM_AT(request, 1) = number < 6 ? (uint64_t)&pieces[0] : what;
    HOLM_AT(request, 2) = number < 6 ? what : 1;
    pieces[0] = what;
    HOLM_AT(pieces, 1) = what;
    HOLM_AT(turn, 1) = number < 12 ? (uint64_t)&request[0] : what;
    HOLM_AT(turn, 2) = 1;
    return go(boot_word(BOOT_TURN), number < 18 ? (uint64_t)&turn[0] : what, 0, 0);
}
/* NOLINTEND(hicpp-no-assembler) */

static void try_it(void)
{
    static uint64_t room[64];
    uint64_t own = (uint64_t)&room[0];

    switch (attack) {
    case CALL:
        (void)go(0, first, own, own);
        return;
    case PAGE_CALL:
        (void)go(page_kernel_call(), first, own, own);
        return;
    case INSTRUCTION:
        instruction();
        return;
    case READ:
        (void)word_at(number);
        return;
    case WRITE:
        *(volatile uint64_t *)at(number) = 0;
        return;
    case PAGE:
        if (number == UINT64_MAX)
            *(volatile uint8_t *)at(page_start() + first) = 0xc3;
        page_rewrite();
        return;
    case TURN:
        (void)turn_misuse();
        return;
    case CONSOLE:
        (void)go(boot_word(BOOT_CONSOLE), first, number, fourth);
        return;
    default:
        return;
    }
}

enum holm_result holm_main(struct holm_image *image)
{
    (void)image;
    if (&holm_arch_calls[0] == NULL) {
        holm_console_error(HOLM_TEXT("hostile: only in a sandbox: holm run hostile.holm\n"));
        return HOLM_ERR_REFUSED;
    }
    try_it();
    holm_console_write(HOLM_TEXT("nothing happened\n"));
    return HOLM_OK;
}
