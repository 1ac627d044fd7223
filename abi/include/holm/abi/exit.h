/* SPDX-License-Identifier: ISC */
/* holm/abi/exit.h: how an image ended, the same under every target. A host that only has exit
 * statuses (a process, a monitor) shows these numbers; they never change their meaning.
 *
 * They keep clear of what shells and hosts use: 126 to 165 (not found, killed by a signal), and
 * 2, which shells use for their own usage. */
#pragma once

enum holm_exit {
    HOLM_EXIT_DONE = 0,      /* holm_main answered HOLM_OK, or all that was in hand was finished */
    HOLM_EXIT_FAILED = 1,    /* holm_main answered an error; a log record says which */
    HOLM_EXIT_PARAMETER = 3, /* an unknown, malformed or missing parameter; nothing was started */
    HOLM_EXIT_MEMORY = 4,    /* the memory that the parameters ask for is not there */
    HOLM_EXIT_HOST = 5,      /* the host lacks what the target needs */
    HOLM_EXIT_FAULT = 6,     /* the image broke a rule of the machine or of its own; a crash report
                                 was written */
    HOLM_EXIT_STACK = 7,     /* a stack was too small; the report names its task */
    HOLM_EXIT_STOPPED = 8,   /* a second request to stop ended it at once; work in hand is lost */
    HOLM_EXIT_DROPPED = 9,   /* the image ended, but work in hand had to be dropped */
    HOLM_EXIT_REPLAY = 10,   /* a replay went another way than its recording, or that ended first */
    HOLM_EXIT_USAGE = 11,    /* what the monitor was asked for can't be; nothing was started */
    HOLM_EXIT_IMAGE = 12,    /* the image is none that this monitor runs; nothing was started */
    HOLM_EXIT_TIMEOUT = 13,  /* the monitor ended it: its time was over */
    HOLM_EXIT_CAUGHT = 14,   /* the monitor ended it: it tried what no image may */
};
