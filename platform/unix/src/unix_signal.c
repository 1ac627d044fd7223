/* SPDX-License-Identifier: ISC */
/* unix_signal.c: SIGINT and SIGTERM ask for a stop; a second one ends the process at once,
 * and names the task that kept the processor, if one did. The handler counts, and writes to a
 * descriptor that epoll watches, so that no stop is slept over. */
#include "unix_impl.h"

#include <signal.h>
#include <unistd.h>

#include <holm/abi/exit.h>
#include <holm/console.h>
#include <holm/text.h>

atomic_uint holm_unix__stops;

/* Says what the second stop drops. Nothing is called that a signal handler may not call. */
static void tell_dropped(void)
{
    uint8_t room[96];
    struct holm_buffer line = HOLM_BUFFER(room);

    if (holm_buffer_bytes(&line,
                          HOLM_TEXT("stopped at once by a second signal; streams dropped: ")) &&
        holm_text_u64_emit(&line, holm_unix__port_count(HOLM_UNIX__STREAM)) &&
        holm_buffer_u8(&line, '\n'))
        holm_console_error(holm_buffer_filled(&line));
}

static void on_stop(int signal)
{
    int error = errno;
    uint64_t one = 1;

    (void)signal;
    if (atomic_fetch_add(&holm_unix__stops, 1) > 0) {
        tell_dropped();
        holm_unix__crash_name_task();
        _exit(HOLM_EXIT_STOPPED);
    }
    (void)!write(holm_unix__state.events, &one, sizeof one);
    errno = error;
}

static bool handle(int signal, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART };

    (void)sigemptyset(&action.sa_mask);
    return sigaction(signal, &action, NULL) == 0;
}

enum holm_result holm_unix__signal_start(void)
{
    /* a write to a pipe or socket that nobody reads any more answers an error, and a read from a
     * terminal that is not ours too */
    bool well = handle(SIGINT, on_stop) && handle(SIGTERM, on_stop) && handle(SIGPIPE, SIG_IGN) &&
                handle(SIGTTIN, SIG_IGN) && handle(SIGTTOU, SIG_IGN);
    return well ? HOLM_OK : HOLM_ERR_IO;
}
