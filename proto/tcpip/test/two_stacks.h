/* SPDX-License-Identifier: ISC */
/* two_stacks.h: two of our stacks and a line between them, in one loop whose time stands still unless
 * nothing is left to do. The first is 10.9.0.1/24, the second 10.9.0.2/24; or fd00::1/64 and
 * fd00::2/64. */
#pragma once

#include <holm/image.h>
#include <holm/model_net.h>
#include <holm/tcpip.h>

#define TWO_CHUNKS 256

struct two_stacks {
    struct holm_run run;
    struct holm_arena arena;
    struct holm_chunk_pool pool;
    struct holm_random random;
    struct holm_image images[2];
    struct holm_tcpip *stacks[2];
    struct holm_network *networks[2];
    struct holm_ip_address addresses[2];
    struct holm_model_net nets[2];
    uint64_t now_ns;
    uint64_t line_ns; /* when the line has something */
    bool stopped;     /* the clock stands still */
    bool woken;       /* the next turn is that of a clone which has just woken */
};

extern struct two_stacks two;

/* two_stacks_begin makes all anew; two_stacks_begin_ipv6 does so with IPv6 alone. */
void two_stacks_begin(const struct holm_model_net_options *line);
void two_stacks_begin_ipv6(const struct holm_model_net_options *line);

/* two_stacks_run runs a case in a task until it has ended; then every chunk must come back. */
void two_stacks_run(holm_task_function *function);

/* two_stacks_turn lets one turn pass. */
void two_stacks_turn(void);

/* two_stacks_join connects the first stack with a listener of the second at port 80: *near is its end, *far
 * the other; two_stacks_pair has the second listen first. false: it takes too long. */
bool two_stacks_join(struct holm_listener *listener, struct holm_flow **near,
                     struct holm_flow **far);
bool two_stacks_pair(struct holm_flow **near, struct holm_flow **far);
