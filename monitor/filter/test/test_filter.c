/* SPDX-License-Identifier: ISC */
/* The filter's verdict on every call number, with chosen arguments, from the page and from elsewhere:
 * the program is data here, run by an interpreter of classic BPF. */
#include <holm/test.h>

#include <holm/filter.h>

#define PAGE UINT64_C(0x123456782000)
#define PAGE_BYTES 8192
#define ALLOW UINT32_C(0x7fff0000)
#define END UINT32_C(0x80000000)
#define CALLS_MAX 1024

static const struct holm_filter_facts with_two = { PAGE, PAGE_BYTES, 2, 5, 0, 0, 0 };
/* Of a machine, calls come from anywhere. */
static const struct holm_filter_facts of_machine = { 0, PAGE_BYTES, 2, 5, 6, 0, 0 };
/* Two block devices, of which one's file is open to be read. */
static const struct holm_filter_facts with_file = { PAGE, PAGE_BYTES, 2, 5, 0, 6, 1 };

struct asked {
    uint32_t number, arch;
    uint64_t pointer, arguments[6];
};

static uint32_t word_of(const struct asked *asked, uint32_t at)
{
    uint64_t wide;

    if (at == 0)
        return asked->number;
    if (at == 4)
        return asked->arch;
    wide = at < 16 ? asked->pointer : HOLM_AT(asked->arguments, (at - 16) / 8);
    return (uint32_t)(at % 8 == 0 ? wide : wide >> 32);
}

/* run answers the verdict; a program that leaves itself or never returns gives 0. */
static uint32_t run(const struct holm_linux_filter *program, uint16_t count,
                    const struct asked *asked)
{
    uint32_t a = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct holm_linux_filter *step = &HOLM_NTH(program, count, i);
        switch (step->code) {
        case 0x20:
            a = word_of(asked, step->k);
            break;
        case 0x54:
            a &= step->k;
            break;
        case 0x15:
            i += a == step->k ? step->yes : step->no;
            break;
        case 0x35:
            i += a >= step->k ? step->yes : step->no;
            break;
        case 0x06:
            return step->k;
        default:
            return 0;
        }
    }
    return 0;
}

static uint32_t verdict(const struct holm_filter_facts *facts, const struct asked *asked)
{
    struct holm_linux_filter program[HOLM_FILTER_MAX];

    return run(&program[0], holm_filter_make(&program[0], facts), asked);
}

/* is_processor_s: KVM_RUN, KVM_GET_REGS, KVM_GET_SREGS. */
static bool is_processor_s(uint32_t command)
{
    return command == 0xae80 || command == 0x8090ae81 || command == 0x8138ae83;
}

/* wanted says the same in the words of this test. */
static bool wanted(const struct holm_filter_facts *facts, const struct asked *asked)
{
    uint64_t first = asked->arguments[0];
    bool device = first >= 3 && first < 3 + (uint64_t)facts->devices_count;

    if (asked->arch != HOLM_LINUX_ARCH ||
        (facts->page != 0 && (asked->pointer < PAGE || asked->pointer >= PAGE + PAGE_BYTES)))
        return false;
    switch (asked->number) {
    case HOLM_LINUX_CLOCK_GETTIME:
        return first <= 1;
    case HOLM_LINUX_READV:
    case HOLM_LINUX_WRITEV:
        return device;
    case HOLM_LINUX_PREADV2: /* the kernel looks at 32 bits of flags: of them RWF_NOWAIT, and no other */
        return (uint32_t)HOLM_AT(asked->arguments, 5) == 8 && first >= facts->files_first &&
               first < (uint64_t)facts->files_first + facts->files_count;
    case HOLM_LINUX_PPOLL:
        return HOLM_AT(asked->arguments, 3) == 0;
    case HOLM_LINUX_READ:
        return first == 0;
    case HOLM_LINUX_WRITE:
        return first == 1 || first == 2 || first == facts->report;
    case HOLM_LINUX_IOCTL:
        return facts->processor != 0 && first == facts->processor &&
               is_processor_s((uint32_t)HOLM_AT(asked->arguments, 1));
    case HOLM_LINUX_SIGRETURN:
    case HOLM_LINUX_EXIT_GROUP:
        return true;
    default:
        return false;
    }
}

static const uint64_t values[] = {
    0, 1, 2, 3, 4, 5, 6, 63, UINT32_MAX, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1, UINT64_MAX,
};

/* sweep counts the verdicts that are not as wanted, for all numbers and values of two arguments. */
static uint64_t sweep(const struct holm_filter_facts *facts, uint32_t number_from, uint32_t arch,
                      uint64_t pointer, uint64_t *allowed)
{
    uint64_t wrong = 0;

    for (uint32_t number = number_from; number < number_from + CALLS_MAX; number++) {
        for (size_t i = 0; i < HOLM_COUNT(values); i++) {
            for (size_t j = 0; j < HOLM_COUNT(values); j++) {
                struct asked asked = { number, arch, pointer, { HOLM_AT(values, i) } };
                HOLM_AT(asked.arguments, 3) = HOLM_AT(values, j);
                uint32_t said = verdict(facts, &asked);
                *allowed += said == ALLOW;
                wrong += said != (wanted(facts, &asked) ? ALLOW : END);
            }
        }
    }
    return wrong;
}

TEST(from_the_page_exactly_what_is_wanted_passes)
{
    uint64_t allowed = 0;

    CHECK_IS(sweep(&with_two, 0, HOLM_LINUX_ARCH, PAGE + 100, &allowed), 0);
    CHECK(allowed > 0);
}

TEST(a_file_is_only_read_and_never_waited_for)
{
    uint64_t allowed = 0;

    CHECK_IS(sweep(&with_file, 0, HOLM_LINUX_ARCH, PAGE + 100, &allowed), 0);
    allowed = 0;
    for (uint64_t file = 0; file < 70; file++)
        for (uint64_t flags = 0; flags < 1024; flags++)
            for (uint64_t high = 0; high < 2; high++) {
                const struct asked asked = { HOLM_LINUX_PREADV2,
                                             HOLM_LINUX_ARCH,
                                             PAGE,
                                             { file | high << 32, 0, 0, 0, 0, flags } };
                CHECK_IS(verdict(&with_file, &asked) == ALLOW,
                         high == 0 && file == 6 && flags == 8);
                CHECK(verdict(&with_two, &asked) == END);
                allowed += verdict(&with_file, &asked) == ALLOW;
            }
    CHECK_IS(allowed, 1);
}

TEST(without_devices_no_frame_passes)
{
    const struct holm_filter_facts none = { PAGE, PAGE_BYTES, 0, 3, 0, 0, 0 };
    uint64_t allowed = 0;

    CHECK_IS(sweep(&none, 0, HOLM_LINUX_ARCH, PAGE, &allowed), 0);
}

TEST(with_the_most_devices_the_program_fits)
{
    const struct holm_filter_facts most = { PAGE, PAGE_BYTES, 32, 35, 0, 36, 32 };
    uint64_t allowed = 0;

    CHECK_IS(sweep(&most, 0, HOLM_LINUX_ARCH, PAGE + PAGE_BYTES - 1, &allowed), 0);
}

/* A worker has socket 3 and file 4, and may call from anywhere. */
static uint64_t worker_sweep(bool read_only, uint32_t arch, uint64_t *allowed)
{
    struct holm_linux_filter program[HOLM_FILTER_MAX];
    uint16_t count = holm_filter_worker_make(&program[0], 3, 4, read_only);
    uint64_t wrong = 0;

    for (uint32_t number = 0; number < CALLS_MAX; number++) {
        for (size_t i = 0; i < HOLM_COUNT(values); i++) {
            const uint64_t first = HOLM_AT(values, i);
            const struct asked asked = { number, arch, 0x1234, { first } };
            bool of_file = number == HOLM_LINUX_PREAD || number == HOLM_LINUX_FDATASYNC ||
                           (number == HOLM_LINUX_PWRITE && !read_only);
            bool of_socket = number == HOLM_LINUX_SENDTO || number == HOLM_LINUX_RECVFROM;
            bool good =
                arch == HOLM_LINUX_ARCH && ((of_file && first == 4) || (of_socket && first == 3) ||
                                            number == HOLM_LINUX_EXIT_GROUP);
            uint32_t said = run(&program[0], count, &asked);
            *allowed += said == ALLOW;
            wrong += said != (good ? ALLOW : END);
        }
    }
    return wrong;
}

TEST(a_worker_has_its_file_and_its_socket)
{
    uint64_t allowed = 0;

    CHECK_IS(worker_sweep(false, HOLM_LINUX_ARCH, &allowed), 0);
    CHECK_IS(allowed, 5 + HOLM_COUNT(values));
    allowed = 0;
    CHECK_IS(worker_sweep(true, HOLM_LINUX_ARCH, &allowed), 0);
    CHECK_IS(allowed, 4 + HOLM_COUNT(values));
    allowed = 0;
    CHECK_IS(worker_sweep(false, 0x40000003, &allowed), 0);
    CHECK_IS(allowed, 0);
}

TEST(from_outside_the_page_nothing_passes)
{
    static const uint64_t outside[] = {
        0, PAGE - 1, PAGE + PAGE_BYTES, PAGE ^ (UINT64_C(1) << 32), PAGE & UINT32_MAX, UINT64_MAX
    };
    uint64_t allowed = 0;

    for (size_t i = 0; i < HOLM_COUNT(outside); i++)
        CHECK_IS(sweep(&with_two, 0, HOLM_LINUX_ARCH, HOLM_AT(outside, i), &allowed), 0);
    CHECK_IS(allowed, 0);
}

TEST(calls_of_other_machines_never_pass)
{
    uint64_t allowed = 0;

    CHECK_IS(sweep(&with_two, 0, 0x40000003, PAGE, &allowed), 0);               /* i386 */
    CHECK_IS(sweep(&with_two, 0x40000000, HOLM_LINUX_ARCH, PAGE, &allowed), 0); /* x32 */
    CHECK_IS(allowed, 0);
}

TEST(of_a_machine_the_same_passes_from_anywhere_and_its_processor_runs)
{
    uint64_t allowed = 0, ran = 0;

    CHECK_IS(sweep(&of_machine, 0, HOLM_LINUX_ARCH, 0x201000, &allowed), 0);
    CHECK_IS(sweep(&of_machine, 0, 0x40000003, 0x201000, &ran), 0);
    CHECK_IS(sweep(&of_machine, 0x40000000, HOLM_LINUX_ARCH, 0x201000, &ran), 0);
    CHECK_IS(ran, 0);
    for (uint64_t command = 0xae00; command < 0xaf00; command++) {
        static const uint64_t kinds[] = { 0, 0x80900000, 0x81380000, 0x40900000,
                                          UINT64_C(1) << 32 };
        for (size_t i = 0; i < HOLM_COUNT(kinds); i++)
            for (size_t j = 0; j < HOLM_COUNT(values); j++) {
                struct asked asked = { HOLM_LINUX_IOCTL,
                                       HOLM_LINUX_ARCH,
                                       0x201000,
                                       { HOLM_AT(values, j), command | HOLM_AT(kinds, i) } };
                bool passes = verdict(&of_machine, &asked) == ALLOW;
                CHECK_IS(passes, wanted(&of_machine, &asked));
                CHECK(verdict(&with_two, &asked) == END);
                ran += passes;
            }
    }
    CHECK_IS(ran, 4); /* KVM_RUN with and without what the kernel does not look at; two that read */
}
