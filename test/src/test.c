/* SPDX-License-Identifier: ISC */
/* test.c: runs the cases of a test program and prints what failed. */
#include <holm/test.h>

#include <stdio.h>
#include <string.h>

static struct holm_test_case *first;
static struct holm_test_case **last = &first;
static unsigned failed_count;
static uint64_t seed = 1;
static uint32_t deeper;
static const char *events;

void holm_test_case_add(struct holm_test_case *test)
{
    *last = test;
    last = &test->next;
}

uint64_t holm_test_seed(void)
{
    return seed;
}

unsigned holm_test_failed(void)
{
    return failed_count;
}

uint32_t holm_test_deeper(void)
{
    return deeper;
}

const char *holm_test_events(void)
{
    return events;
}

bool holm_test_check(bool holds, const char *claim, const char *file, int line)
{
    if (holds)
        return true;
    failed_count++;
    printf("%s:%d: not so: %s\n", file, line, claim);
    return false;
}

bool holm_test_check_is(intmax_t is, intmax_t wanted, const char *is_text, const char *wanted_text,
                        const char *file, int line)
{
    if (is == wanted)
        return true;
    failed_count++;
    printf("%s:%d: %s is %jd (0x%jx), not %s = %jd (0x%jx)\n", file, line, is_text, is,
           (uintmax_t)is, wanted_text, wanted, (uintmax_t)wanted);
    return false;
}

static void bytes_print(const char *what, struct holm_bytes bytes)
{
    uint8_t byte;

    printf("    %s \"", what);
    while (holm_bytes_u8(&bytes, &byte)) {
        if (byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\')
            (void)putchar(byte);
        else
            printf("\\x%02x", byte);
    }
    printf("\"\n");
}

bool holm_test_check_bytes(struct holm_bytes is, struct holm_bytes wanted, const char *is_text,
                           const char *file, int line)
{
    if (holm_bytes_equal(is, wanted))
        return true;
    failed_count++;
    printf("%s:%d: %s differs\n", file, line, is_text);
    bytes_print("is    ", is);
    bytes_print("wanted", wanted);
    return false;
}

/* option_take answers whether argument is an option, and keeps its value. */
static bool option_take(const char *argument)
{
    unsigned long long value;

    if (sscanf(argument, "--seed=%llu", &value) == 1)
        seed = value;
    else if (sscanf(argument, "--deeper=%llu", &value) == 1)
        deeper = (uint32_t)value;
    else if (strncmp(argument, "--events=", strlen("--events=")) == 0)
        events = strpbrk(argument, "0123456789");
    else
        return false;
    return true;
}

/* case_run runs one case and answers whether all of its checks held. */
static bool case_run(const struct holm_test_case *test)
{
    unsigned before = failed_count;

    printf("  %s\n", test->name);
    (void)fflush(stdout); /* the name of a case that crashes is seen */
    test->run();
    return failed_count == before;
}

int main(int argc, char **argv)
{
    const char *filter = "";
    unsigned run_count = 0;
    unsigned bad_count = 0;

    for (int i = 1; i < argc; i++) {
#pragma clang unsafe_buffer_usage begin /* main gets its words as C does */
        const char *word = argv[i];
#pragma clang unsafe_buffer_usage end
        if (!option_take(word))
            filter = word;
    }
    for (const struct holm_test_case *test = first; test != NULL; test = test->next) {
        if (strstr(test->name, filter) == NULL)
            continue;
        run_count++;
        if (!case_run(test))
            bad_count++;
    }
    if (run_count == 0) {
        printf("no case has \"%s\" in its name\n", filter);
        return 1;
    }
    if (bad_count > 0)
        printf("%u of %u cases failed (--seed=%llu)\n", bad_count, run_count,
               (unsigned long long)seed);
    return bad_count == 0 ? 0 : 1;
}
