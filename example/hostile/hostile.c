/* SPDX-License-Identifier: ISC */
/* hostile tries what no image may, one thing a run: it writes words somewhere, fills all registers, and
 * jumps; or it looks for memory that is not its own. What to try comes by parameters, so that the list
 * of tries is the test's (test/interop/test_hostile.py), for every isolation. It alone of all images
 * contains the instructions that leave an image, since an author who is an enemy would write them.
 *
 *     holm run hostile.holm --to=own+0 --rax=none+27 */
#include <holm/abi/call.h>
#include <holm/console.h>
#include <holm/image.h>
#include <holm/parameter.h>
#include <holm/text.h>

#define WORDS_COUNT 512
#define PAGE_BYTES UINT64_C(4096)
#define CALL_PAGE_BYTES UINT64_C(16384)
#define GIB (UINT64_C(1) << 30)

HOLM_IMAGE("hostile", "tries what no image may: an address or a number is PLACE+HEX");
HOLM_PARAM_TEXT(words, "", "what is written, with commas between, of 8 bytes each");
HOLM_PARAM_TEXT(at, "scratch+0", "where the words are written");
HOLM_PARAM_TEXT(to, "none+0", "where to jump; none+0: nowhere");
HOLM_PARAM_TEXT(rax, "none+0", "a register");
HOLM_PARAM_TEXT(rbx, "none+0", "a register");
HOLM_PARAM_TEXT(rbp, "none+0", "a register");
HOLM_PARAM_TEXT(rdi, "none+0", "a register");
HOLM_PARAM_TEXT(rsi, "none+0", "a register");
HOLM_PARAM_TEXT(rdx, "none+0", "a register");
HOLM_PARAM_TEXT(r10, "none+0", "a register");
HOLM_PARAM_TEXT(r8, "none+0", "a register");
HOLM_PARAM_TEXT(r9, "none+0", "a register");
HOLM_PARAM_TEXT(rsp, "none+0", "a register; none+0: a good stack");
HOLM_PARAM_TEXT(show, "scratch+0", "from where 16 words are printed if the jump returns");
HOLM_PARAM_BOOL(look, false, "look for memory that can be read and is not the image's");
HOLM_PARAM_BOOL(hunt, false, "look for page tables in all memory that can be read");

static uint64_t scratch[WORDS_COUNT] __attribute__((aligned(4096)));
/* Where the stack was before the jump; named by the jump itself. */
static uint64_t kept __attribute__((used));

struct registers {
    uint64_t to, rax, rbx, rbp, rdi, rsi, rdx, r10, r8, r9, rsp;
};

/* NOLINTBEGIN(hicpp-no-assembler): nothing of this can be said in C */
/* hostile_own: instructions 16 bytes apart, in the order of the test's OWN; what goes on ends. */
__asm__(".macro hostile_one what:vararg\n"
        "  .p2align 4\n  \\what\n  ud2\n"
        ".endm\n"
        ".pushsection .text.hostile, \"ax\", @progbits\n"
        ".p2align 4\n"
        ".globl hostile_own\n.hidden hostile_own\n.type hostile_own, @function\n"
        "hostile_own:\n"
        "hostile_one syscall\n"
        "hostile_one int $0x80\n"
        "hostile_one sysenter\n"
        "hostile_one movq (%rdi), %rax\n"
        "hostile_one cli\n"
        "hostile_one hlt\n"
        "hostile_one inb %dx, %al\n"
        "hostile_one outb %al, %dx\n"
        "hostile_one movq %cr3, %rax\n"
        "hostile_one movq %rax, %cr3\n"
        "hostile_one rdmsr\n"
        "hostile_one wrmsr\n"
        "hostile_one lidt (%rdi)\n"
        "hostile_one invlpg (%rdi)\n"
        "hostile_one swapgs\n"
        "hostile_one iretq\n"
        "hostile_one sysretq\n"
        "hostile_one int3\n"
        "hostile_one movq %rax, %dr0\n"
        "hostile_one xsetbv\n"
        "hostile_one vmcall\n"
        "hostile_one vmmcall\n"
        "hostile_one lretq\n"
        "hostile_one int $14\n"
        "hostile_one int $2\n"
        "hostile_one .byte 0xf1\n" /* int1 */
        "hostile_one inl %dx, %eax\n"
        "hostile_one outl %eax, %dx\n"
        "hostile_one rep outsl\n"
        "hostile_one insb\n"
        "hostile_one jmp .\n"
        ".size hostile_own, . - hostile_own\n"
        ".popsection\n");
extern const uint8_t hostile_own[] __attribute__((visibility("hidden")));

/* jump goes to registers->to by the one instruction that sets the stack too; it answers rax if what is
 * there returns as a function does. */
static uint64_t jump(const struct registers *registers)
{
    uint64_t answer = 0;

    __asm__ volatile("subq $128, %%rsp\n\t" /* what the compiler may use below the stack */
                     "pushq %%rbp\n\tpushq %%rbx\n\t"
                     "movq %%rsp, kept(%%rip)\n\t"
                     "leaq 1f(%%rip), %%rax\n\tpushq %%rax\n\t"
                     "movq 80(%%rdi), %%rax\n\ttestq %%rax, %%rax\n\tcmoveq %%rsp, %%rax\n\t"
                     "movq %%ss, %%rcx\n\tpushq %%rcx\n\tpushq %%rax\n\tpushq $0x202\n\t"
                     "movq %%cs, %%rcx\n\tpushq %%rcx\n\tpushq (%%rdi)\n\t"
                     "movq 8(%%rdi), %%rax\n\tmovq 16(%%rdi), %%rbx\n\tmovq 24(%%rdi), %%rbp\n\t"
                     "movq 40(%%rdi), %%rsi\n\tmovq 48(%%rdi), %%rdx\n\tmovq 56(%%rdi), %%r10\n\t"
                     "movq 64(%%rdi), %%r8\n\tmovq 72(%%rdi), %%r9\n\tmovq 32(%%rdi), %%rdi\n\t"
                     "iretq\n"
                     "1:\n\t"
                     "movq kept(%%rip), %%rsp\n\tpopq %%rbx\n\tpopq %%rbp\n\taddq $128, %%rsp"
                     : "=&a"(answer), "+D"(registers)
                     :
                     : "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
                       "memory", "cc");
    return answer;
}

static void *pointer(uint64_t address)
{
    __asm__ volatile("" : "+r"(address)); /* what it points to is nobody's business */
    return (void *)address;               /* NOLINT(performance-no-int-to-ptr) */
}
/* NOLINTEND(hicpp-no-assembler) */

static uint64_t place_of(struct holm_bytes name)
{
    const struct holm_abi_boot *boot = holm_arch_calls;
    const struct {
        struct holm_bytes name;
        uint64_t address;
    } places[] = {
        { HOLM_TEXT("none"), 0 },
        { HOLM_TEXT("own"), (uint64_t)hostile_own },
        { HOLM_TEXT("scratch"), (uint64_t)scratch },
        { HOLM_TEXT("page"), (uint64_t)boot->exit & ~(CALL_PAGE_BYTES - 1) },
        { HOLM_TEXT("exit"), (uint64_t)boot->exit },
        { HOLM_TEXT("console"), (uint64_t)boot->console },
        { HOLM_TEXT("turn"), (uint64_t)boot->turn },
        { HOLM_TEXT("boot"), (uint64_t)boot },
        { HOLM_TEXT("image"), (uint64_t)boot->image.at },
        { HOLM_TEXT("stack"), (uint64_t)boot->stack.at },
        { HOLM_TEXT("stacks"), (uint64_t)boot->stacks.at },
        { HOLM_TEXT("memory"), (uint64_t)boot->memory.at },
        { HOLM_TEXT("end"), (uint64_t)boot->memory.at + boot->memory.size },
    };

    for (size_t i = 0; i < HOLM_COUNT(places); i++)
        if (holm_bytes_equal(HOLM_AT(places, i).name, name))
            return HOLM_AT(places, i).address;
    holm_assert(false);
    return 0;
}

/* until takes what stands before mark off *rest, and the mark; all of it if there is none. */
static struct holm_bytes until(struct holm_bytes *rest, uint8_t mark)
{
    struct holm_bytes before = { 0 };
    uint8_t gone = 0;
    size_t len = 0;

    while (len < rest->len && !holm_bytes_is(*rest, len, mark))
        len++;
    holm_assert(holm_bytes_take(rest, len, &before));
    (void)!holm_bytes_u8(rest, &gone);
    return before;
}

static uint64_t number_of(struct holm_bytes text)
{
    uint64_t offset = 0, place = place_of(until(&text, '+'));

    holm_assert(holm_text_hex_parse(&offset, text) == HOLM_OK);
    return place + offset;
}

static void words_write(void)
{
    uint64_t address = number_of(at);
    struct holm_bytes rest = words;

    for (; rest.len > 0; address += sizeof(uint64_t))
        *(volatile uint64_t *)pointer(address) = number_of(until(&rest, ','));
}

static void say(struct holm_bytes what, uint64_t number)
{
    uint8_t room[64];
    struct holm_buffer line = HOLM_BUFFER(room);

    if (holm_buffer_bytes(&line, what) && holm_text_hex_emit(&line, number, 1) &&
        holm_buffer_bytes(&line, HOLM_TEXT("\n")))
        holm_console_write(holm_buffer_filled(&line));
}

static void jump_try(void)
{
    const struct registers registers = {
        .to = number_of(to),
        .rax = number_of(rax),
        .rbx = number_of(rbx),
        .rbp = number_of(rbp),
        .rdi = number_of(rdi),
        .rsi = number_of(rsi),
        .rdx = number_of(rdx),
        .r10 = number_of(r10),
        .r8 = number_of(r8),
        .r9 = number_of(r9),
        .rsp = number_of(rsp),
    };

    say(HOLM_TEXT("returned "), jump(&registers));
    for (size_t i = 0; i < 16; i++)
        say(HOLM_TEXT("word "), *(volatile uint64_t *)pointer(number_of(show) + 8 * i));
}

/* readable asks the monitor to write a byte: the kernel reads it, or says that it can't. */
static bool readable(uint64_t address)
{
    return holm_arch_console(HOLM_ABI_ERROR, pointer(address), 1) == 1;
}

/* ours is from the call page to behind the memory: what the image was given. */
static bool ours(uint64_t address)
{
    return address >= place_of(HOLM_TEXT("page")) && address < place_of(HOLM_TEXT("end"));
}

static uint64_t look_from(uint64_t first, uint64_t step, uint64_t count)
{
    uint64_t found = 0;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t address = first + i * step;
        if (ours(address) || !readable(address))
            continue;
        say(HOLM_TEXT("readable "), address);
        found++;
    }
    return found;
}

/* look_around goes page by page where a monitor would be (below 16 MiB, near the image, below the end
 * of the addresses that a process has), and in large steps through all that there is. */
static void look_around(void)
{
    uint64_t page = place_of(HOLM_TEXT("page")), end = place_of(HOLM_TEXT("end"));
    uint64_t found = look_from(0, PAGE_BYTES, 4096);

    found += look_from(page - GIB / 8, PAGE_BYTES, GIB / 8 / PAGE_BYTES);
    found += look_from(end, PAGE_BYTES, GIB / 8 / PAGE_BYTES);
    found += look_from((UINT64_C(1) << 47) - GIB / 8, PAGE_BYTES, GIB / 8 / PAGE_BYTES);
    found += look_from(0, GIB, 1 << 17);
    found += look_from(UINT64_C(1) << 47, UINT64_C(1) << 45, 1 << 11);
    found += look_from(UINT64_C(0xffffffff80000000), PAGE_BYTES * 16, 1 << 14);
    say(HOLM_TEXT("foreign "), found);
    say(HOLM_TEXT("own "), readable(page) ? 1 : 0);
}

/* is_table answers whether a page could be a page table: entries of machines like this one, and nothing else. */
static bool is_table(uint64_t page)
{
    uint64_t found = 0;

    for (uint64_t place = page; place < page + PAGE_BYTES; place += sizeof(uint64_t)) {
        uint64_t word = *(volatile uint64_t *)pointer(place), bits = word & 0xf9f;
        if (word == 0)
            continue;
        if ((bits != 0x7 && bits != 0x5 && bits != 0x3 && bits != 0x1 && bits != 0x87) ||
            (word << 1) >> 40 != 0)
            return false;
        found++;
    }
    return found > 0;
}

/* hunt_all reads each page of its own that there is: what the monitor can read of it, the image can too. */
static void hunt_all(void)
{
    uint64_t found = 0, pages = 0;

    for (uint64_t page = place_of(HOLM_TEXT("page")); page < place_of(HOLM_TEXT("end"));
         page += PAGE_BYTES) {
        if (!readable(page))
            continue;
        pages++;
        if (is_table(page)) {
            say(HOLM_TEXT("table "), page);
            found++;
        }
    }
    say(HOLM_TEXT("pages "), pages);
    say(HOLM_TEXT("tables "), found);
}

enum holm_result holm_main(struct holm_image *image)
{
    (void)image;
    words_write();
    if (look)
        look_around();
    if (hunt)
        hunt_all();
    if (number_of(to) != 0)
        jump_try();
    return HOLM_OK;
}
