/* SPDX-License-Identifier: ISC */
/* Tests of the nets that the compiler puts into every program: each planted mistake ends its process
 * at once. A mistake runs in a process of its own; what it must not get to is its end. */
#include <holm/test.h>

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define FREE_STATUS 9
#define RETURNS 32
#define HWCAP_POINTER_AUTHENTICATION (1UL << 30) /* of aarch64: PACA */

typedef void mistake_function(void);

/* Volatile, so that the compiler neither sees the mistakes nor leaves them out. */
static volatile int zero = 0, one = 1, most = INT_MAX, sink;
static volatile uint8_t two = 2;
static volatile unsigned depth;
static uint32_t table[4];
static _Alignas(8) uint8_t bytes[16];

/* end_of is the signal that ended the process of mistake, or minus its exit status. */
static int end_of(mistake_function *mistake)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        const struct rlimit none = { 0 };
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)close(STDERR_FILENO); /* libc tells of an overwritten guard */
        mistake();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

/* A trap is an instruction that no processor has, or a breakpoint; s390x has one that compares too. */
static bool traps(mistake_function *mistake)
{
    int end = end_of(mistake);

#if defined(__s390x__)
    if (end == SIGFPE)
        return true;
#endif
    return end == SIGILL || end == SIGTRAP;
}

static void index_beyond(void)
{
    sink = (int)HOLM_AT(table, 4U + two);
}

#pragma clang unsafe_buffer_usage begin /* the mistakes that the compiler refuses elsewhere */
static void raw_index_beyond(void)
{
    sink = (int)table[4 + zero];
}

__attribute__((noinline)) static void fill(volatile uint8_t *room, size_t count)
{
    for (size_t i = 0; i < count; i++)
        room[i] = 0xa5;
}

__attribute__((noinline)) static int sum(const volatile uint8_t *room, size_t count)
{
    int all = 0;

    for (size_t i = 0; i < count; i++)
        all |= room[i];
    return all;
}

static void freed(void)
{
    _exit(FREE_STATUS);
}

/* The record of a frame is the caller's frame pointer, then the address to return to. */
__attribute__((noinline)) static void return_elsewhere(void)
{
    volatile uintptr_t *record = __builtin_frame_address(0);

    record[1] = (uintptr_t)freed;
    sink = one;
}
#pragma clang unsafe_buffer_usage end

/* return_elsewhere_below does it depth frames further down. */
__attribute__((noinline)) static void return_elsewhere_below(void)
{
    if (depth == 0) {
        return_elsewhere();
        return;
    }
    depth--;
    return_elsewhere_below();
    sink = one;
}

__attribute__((noinline)) static void frame_overwritten(void)
{
    uint8_t room[16];

    fill(room, sizeof room + 64U * (unsigned)one);
}

static void overflow(void)
{
    sink = most + one;
}

static void overflow_of_a_product(void)
{
    sink = most * two;
}

static void shift(void)
{
    sink = one << (31 + one);
}

static void divide(void)
{
    sink = one / zero;
}

static void get_where_nobody_goes(void)
{
    if (one == 1)
        __builtin_unreachable();
}

static void no_bool(void)
{
    static volatile union {
        uint8_t raw;
        bool flag;
    } both;

    both.raw = two;
    sink = both.flag;
}

static void builtin(void)
{
    sink = __builtin_clz((unsigned)zero);
}

static void misaligned(void)
{
    void *inside = &HOLM_AT(bytes, two / 2U);
    const uint32_t *volatile at = inside;

    sink = (int)*at;
}

static int takes_a_number(int number)
{
    return number + 1;
}

/* call calls a function by another type than its own. */
static void call(void)
{
    union {
        int (*is)(int);
        int (*said)(const uint8_t *);
    } function = { .is = takes_a_number };
    int (*volatile said)(const uint8_t *) = function.said;

    sink = said(NULL);
}

static void call_as_it_is(void)
{
    int (*volatile function)(int) = takes_a_number;

    sink = function(1);
}

TEST(an_index_past_an_array_traps)
{
    CHECK(traps(index_beyond));
    CHECK(traps(raw_index_beyond));
}

TEST(signed_arithmetic_that_overflows_traps)
{
    CHECK(traps(overflow));
    CHECK(traps(overflow_of_a_product));
}

TEST(a_shift_by_more_than_the_bits_there_are_traps)
{
    CHECK(traps(shift));
}

TEST(a_division_by_zero_traps)
{
    CHECK(traps(divide));
}

TEST(what_can_not_be_reached_traps)
{
    CHECK(traps(get_where_nobody_goes));
}

TEST(a_bool_that_is_none_traps)
{
    CHECK(traps(no_bool));
}

TEST(a_builtin_without_an_answer_traps)
{
    CHECK(traps(builtin));
}

TEST(an_address_out_of_alignment_traps)
{
    CHECK(traps(misaligned));
}

TEST(a_call_of_a_function_of_another_type_traps)
{
    CHECK_IS(end_of(call_as_it_is), 0);
#if __has_feature(kcfi)
    CHECK(traps(call));
#else
    printf("    not on this machine: it has no kCFI (end %d)\n", end_of(call));
#endif
}

TEST(a_frame_that_was_overwritten_is_seen_before_its_end)
{
    CHECK_IS(end_of(frame_overwritten), SIGABRT);
}

__attribute__((noinline)) static void stack_dirty(void)
{
    volatile uint8_t room[512];

    fill(room, sizeof room);
}

__attribute__((noinline)) static int stack_left(void)
{
    uint8_t room[256];

    return sum(room, sizeof room);
}

__attribute__((noinline)) static int struct_left(void)
{
    struct {
        uint64_t number;
        uint8_t bytes[40];
    } object;

    return sum((const volatile uint8_t *)&object, sizeof object);
}

TEST(automatic_variables_start_as_zeroes)
{
    stack_dirty();
    CHECK_IS(stack_left(), 0);
    stack_dirty();
    CHECK_IS(struct_left(), 0);
}

/* A signature is short, 7 bits where addresses have 48, and a process signs with a random key: one
 * return in 128 is taken for signed. It goes with the stack pointer, so each depth is another throw, and
 * that 8 of 32 are taken by chance happens less than once in 10^9. */
TEST(overwritten_return_addresses_are_refused_where_the_machine_signs_them)
{
    unsigned refused = 0;

    for (unsigned i = 0; i < RETURNS; i++) {
        depth = i;
        int end = end_of(return_elsewhere_below);
        refused += end == SIGSEGV || end == SIGBUS || end == SIGILL;
    }
#if defined(__aarch64__)
    if ((getauxval(AT_HWCAP) & HWCAP_POINTER_AUTHENTICATION) != 0) {
        CHECK(refused > RETURNS - 8);
        return;
    }
#endif
    printf("    not on this machine: it signs no addresses (%u of %u refused)\n", refused, RETURNS);
}
