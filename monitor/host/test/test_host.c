/* SPDX-License-Identifier: ISC */
/* Many images at once: prepared, which holds all that they need, and begun only when they are told. */
#include <holm/monitor.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <holm/abi/exit.h>
#include <holm/test.h>

#define IMAGES 100
#define LINE "hello, world\n"

static struct holm_monitor_image images[IMAGES];

/* prepare makes an image ready whose output goes into the pipe. */
static void prepare(struct holm_monitor_image *image, int output)
{
    static char program[] = TEST_BUILD "/holm-exec", hello[] = TEST_BUILD "/hello.holm";
    static char count[] = "--count=1", memory[] = "--mem=1MiB", console[32];
    char *words[] = { console, memory, hello, count };

    (void)snprintf(console, sizeof console, "--console=%d", output);
    CHECK_IS(holm_monitor_prepare(image, program, words, HOLM_COUNT(words)), HOLM_OK);
}

static size_t lines_read(int input)
{
    static uint8_t room[IMAGES * sizeof LINE];
    ssize_t size = read(input, room, sizeof room);

    return size < 0 ? 0 : (size_t)size / (sizeof LINE - 1);
}

TEST(a_hundred_images_wait_for_their_start)
{
    int ends[2];

    CHECK_IS(pipe2(ends, O_NONBLOCK), 0);
    for (size_t i = 0; i < IMAGES; i++)
        prepare(&HOLM_AT(images, i), HOLM_AT(ends, 1));
    CHECK_IS(holm_monitor_wait(&images[0], 1), -2);
    CHECK_IS(lines_read(ends[0]), 0);
    for (size_t i = 0; i < IMAGES; i++)
        holm_monitor_start(&HOLM_AT(images, i));
    for (size_t i = 0; i < IMAGES; i++)
        CHECK_IS(holm_monitor_wait(&HOLM_AT(images, i), UINT64_MAX), HOLM_EXIT_DONE);
    CHECK_IS(lines_read(ends[0]), IMAGES);
    (void)close(ends[0]);
    (void)close(HOLM_AT(ends, 1));
}

TEST(what_was_never_started_can_be_ended)
{
    int null = open("/dev/null", O_WRONLY);

    prepare(&images[0], null);
    holm_monitor_end(&images[0]);
    CHECK_IS(holm_monitor_wait(&images[0], UINT64_MAX), HOLM_EXIT_TIMEOUT);
    CHECK_IS(images[0].signal, SIGKILL);
    (void)close(null);
}

TEST(what_can_not_be_started_says_so_at_wait)
{
    static char program[] = TEST_BUILD "/holm-exec", none[] = TEST_BUILD "/none.holm";
    char *words[] = { none };

    CHECK_IS(holm_monitor_prepare(&images[0], program, words, 1), HOLM_OK);
    holm_monitor_start(&images[0]);
    CHECK_IS(holm_monitor_wait(&images[0], UINT64_MAX), HOLM_EXIT_USAGE);
    CHECK_IS(holm_monitor_prepare(&images[0], none, words, 1), HOLM_ERR_IO);
}

TEST(a_stop_before_the_start_is_not_forgotten)
{
    static char program[] = TEST_BUILD "/holm-exec", hello[] = TEST_BUILD "/hello.holm";
    static char hour[] = "--interval=1h";
    char *words[] = { hello, hour };

    CHECK_IS(holm_monitor_prepare(&images[0], program, words, HOLM_COUNT(words)), HOLM_OK);
    CHECK_IS(kill(images[0].process, SIGTERM), 0); /* as whoever knows its number may */
    holm_monitor_start(&images[0]);
    CHECK_IS(holm_monitor_wait(&images[0], 20 * UINT64_C(1000000000)), HOLM_EXIT_DONE);
    CHECK_IS(images[0].signal, 0);
    CHECK_IS(holm_monitor_prepare(&images[0], program, words, HOLM_COUNT(words)), HOLM_OK);
    holm_monitor_stop(&images[0]); /* which cannot hear it */
    CHECK_IS(holm_monitor_wait(&images[0], 20 * UINT64_C(1000000000)), HOLM_EXIT_STOPPED);
}

TEST(what_has_ended_hears_nothing)
{
    static char program[] = TEST_BUILD "/holm-exec", none[] = TEST_BUILD "/none.holm";
    char *words[] = { none };

    CHECK_IS(holm_monitor_prepare(&images[0], none, words, 1), HOLM_ERR_IO);
    CHECK(images[0].handle < 0);
    holm_monitor_stop(&images[0]);
    CHECK_IS(holm_monitor_prepare(&images[0], program, words, 1), HOLM_OK);
    holm_monitor_start(&images[0]);
    CHECK_IS(holm_monitor_wait(&images[0], UINT64_MAX), HOLM_EXIT_USAGE);
    CHECK(images[0].handle < 0);
    holm_monitor_stop(&images[0]);
    holm_monitor_end(&images[0]);
}

TEST(an_end_that_another_was_told_of_is_no_success)
{
    static char program[] = TEST_BUILD "/holm-exec", hello[] = TEST_BUILD "/hello.holm";
    static char once[] = "--count=1", silent[] = "--name=";
    char *words[] = { hello, once, silent };

    (void)signal(SIGCHLD, SIG_IGN); /* the kernel keeps no status then */
    CHECK_IS(holm_monitor_prepare(&images[0], program, words, HOLM_COUNT(words)), HOLM_OK);
    holm_monitor_start(&images[0]);
    CHECK_IS(holm_monitor_wait(&images[0], UINT64_MAX), HOLM_EXIT_HOST);
    (void)signal(SIGCHLD, SIG_DFL);
}
