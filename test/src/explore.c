/* SPDX-License-Identifier: ISC */
/* explore.c: the walk through all states that events lead to, by length.
 *
 * (1) states holds each state once, as the state before it and the event between; those of one length
 *     stand in a row, behind all shorter ones.
 * (2) seen holds the index + 1 of each state, at the place that its digest says or behind it. */
#include <holm/explore.h>
#include <holm/wrap.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define SEEN_COUNT (2 * HOLM_EXPLORE_STATES_MAX)
/* A single event that takes longer, in seconds of the processor, does not end. */
#define EVENT_MAX_S 5

struct state {
    uint64_t digest;
    uint32_t before;
    uint32_t event;
};

static struct state states[HOLM_EXPLORE_STATES_MAX];
static uint32_t seen[SEEN_COUNT];
static uint32_t states_count;
static uint64_t transitions;
static uint8_t copy_bytes[HOLM_EXPLORE_WORLD_MAX];
static const struct holm_exploration *now;
static uint32_t path[HOLM_EXPLORE_DEPTH_MAX + 1]; /* the events that are tried */
static uint32_t path_len;

uint64_t holm_explore_mix(uint64_t digest, uint64_t value)
{
    uint64_t mixed = holm_u64_wrap_mul(digest ^ value ^ UINT64_C(0x9e3779b97f4a7c15),
                                       UINT64_C(0xbf58476d1ce4e5b9));

    mixed ^= mixed >> 29;
    mixed = holm_u64_wrap_mul(mixed, UINT64_C(0x94d049bb133111eb));
    return mixed ^ mixed >> 32;
}

uint64_t holm_explore_mix_bytes(uint64_t digest, struct holm_bytes bytes)
{
    uint64_t word = 0;
    uint8_t byte = 0;
    size_t at = 0;

    for (; holm_bytes_u64_at(bytes, at, &word); at += 8)
        digest = holm_explore_mix(digest, word);
    for (; holm_bytes_u8_at(bytes, at, &byte); at++)
        digest = holm_explore_mix(digest, byte);
    return holm_explore_mix(digest, bytes.len);
}

/* tell prints the sequence that is tried, in words and as what plays it again. */
static void tell(void)
{
    printf("    after %u events:\n", path_len);
    for (uint32_t i = 0; i < path_len; i++) {
        printf("    %3u  ", i + 1);
        now->print(HOLM_AT(path, i));
        printf("\n");
    }
    printf("    again: \"--events=");
    for (uint32_t i = 0; i < path_len; i++)
        printf("%s%u", i == 0 ? "" : " ", HOLM_AT(path, i));
    printf("\"\n");
    (void)fflush(stdout);
}

/* stopped is where traps come, and an event that does not end. */
static void stopped(int signal)
{
    printf("    stopped by signal %d (%s)\n", signal, strsignal(signal));
    tell();
    _exit(1);
}

static void signals_catch(void)
{
    static _Alignas(16) uint8_t stack[65536];
    static const int caught[] = { SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGVTALRM };
    stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_handler = stopped, .sa_flags = SA_ONSTACK };

    (void)sigaltstack(&own, NULL);
    for (size_t i = 0; i < HOLM_COUNT(caught); i++)
        (void)sigaction(HOLM_AT(caught, i), &action, NULL);
}

static void watch(void)
{
    struct itimerval most = { .it_value.tv_sec = EVENT_MAX_S };

    (void)setitimer(ITIMER_VIRTUAL, &most, NULL);
}

/* happen lets the next event of the path happen; answers whether it could. */
static bool happen(uint32_t event)
{
    bool could;

    holm_assert(path_len < HOLM_EXPLORE_DEPTH_MAX);
    HOLM_AT(path, path_len) = event;
    path_len++;
    could = now->event(event);
    if (!could)
        path_len--;
    return could;
}

/* is_new keeps the state that the path has led to, unless it was seen before. */
static bool is_new(uint32_t before, uint32_t event)
{
    uint64_t digest = now->digest();
    size_t place = digest % SEEN_COUNT;

    for (; HOLM_AT(seen, place) != 0; place = (place + 1) % SEEN_COUNT)
        if (HOLM_AT(states, HOLM_AT(seen, place) - 1).digest == digest)
            return false;
    holm_assert(states_count < HOLM_EXPLORE_STATES_MAX);
    HOLM_AT(states, states_count) = (struct state){ digest, before, event };
    states_count++;
    HOLM_AT(seen, place) = states_count; /* keeps (2) */
    return true;
}

/* go makes the world as it is in a state that was seen. */
static void go(uint32_t index, uint32_t depth)
{
    uint32_t at = index;

    for (uint32_t i = depth; i > 0; i--) {
        HOLM_AT(path, i - 1) = HOLM_AT(states, at).event;
        at = HOLM_AT(states, at).before;
    }
    path_len = 0;
    now->begin();
    while (path_len < depth)
        if (!happen(HOLM_AT(path, path_len)))
            break;
    CHECK_IS(path_len, depth); /* what could happen once can happen again */
    CHECK(now->digest() == HOLM_AT(states, index).digest);
}

static void copy(struct holm_span to, struct holm_span from)
{
    struct holm_buffer out = holm_span_buffer(to);

    holm_assert(holm_buffer_bytes(&out, holm_span_bytes(from)));
}

/* expand tries every event in one state; answers false when a check has failed. */
static bool expand(uint32_t index, uint32_t depth)
{
    unsigned failed = holm_test_failed();
    bool copied = now->world.len > 0;
    struct holm_span saved = { copy_bytes, sizeof copy_bytes };

    watch();
    go(index, depth);
    if (copied)
        copy(saved, now->world);
    saved.len = now->world.len;
    for (uint32_t event = 0; event < now->events && holm_test_failed() == failed; event++) {
        if (happen(event)) {
            transitions++;
            if (holm_test_failed() != failed)
                break;
            (void)is_new(index, event);
            path_len = depth;
            if (copied)
                copy(now->world, saved);
            else
                go(index, depth);
        }
    }
    if (holm_test_failed() == failed)
        return true;
    tell();
    return false;
}

static void clear(void)
{
    memset(seen, 0, sizeof seen);
    states_count = 0;
    transitions = 0;
    path_len = 0;
}

/* play lets the events happen that are asked for, one by one. */
static void play(const char *words)
{
    char *rest = NULL;

    now->begin();
    for (uint32_t event = (uint32_t)strtoul(words, &rest, 10); rest != words;
         event = (uint32_t)strtoul(words, &rest, 10)) {
        words = rest;
        if (event >= now->events)
            break;
        now->print(event);
        printf("%s\n", happen(event) ? "" : ": can not happen");
    }
}

void holm_explore(const struct holm_exploration *what)
{
    uint32_t depth = 0, first = 0;
    uint32_t most = what->depth + holm_test_deeper();

    now = what;
    clear();
    signals_catch();
    if (holm_test_events() != NULL) {
        play(holm_test_events());
        return;
    }
    now->begin();
    (void)is_new(0, 0);
    for (; depth < most && first < states_count; depth++) {
        uint32_t end = states_count;
        for (; first < end; first++)
            if (!expand(first, depth))
                return;
    }
    watch();
    printf("    %s: %u events in a row, %u states, %llu events tried%s\n", what->sizes, depth,
           states_count, (unsigned long long)transitions,
           first == states_count ? "; no event leads to a new state" : "");
}
