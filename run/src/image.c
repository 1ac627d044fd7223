/* SPDX-License-Identifier: ISC */
/* image.c: the request to stop, and openings for tasks. */
#include <holm/image.h>

#include "run_impl.h"

void holm_image_on_stop(struct holm_image *image, struct holm_stopper *stopper)
{
    stopper->next = image->stoppers;
    image->stoppers = stopper;
    if (image->run->turn.stops > 0)
        holm_wake_ring(&stopper->wake);
}

static bool any_busy(const struct holm_image *image)
{
    for (const struct holm_stopper *stopper = image->stoppers; stopper != NULL;
         stopper = stopper->next) {
        if (stopper->busy)
            return true;
    }
    return false;
}

/* finish waits until no stopper is busy; the pumps that were rung must have run once before. */
static enum holm_result finish(struct holm_image *image)
{
    uint64_t now_ns = holm_run_now_ns(image->run);
    uint64_t deadline_ns = image->stop_ns == 0 ? HOLM_TIMER_NEVER : now_ns + image->stop_ns;
    uint32_t stops = image->run->turn.stops;
    enum holm_result result = HOLM_OK;

    for (struct holm_stopper *stopper = image->stoppers; stopper != NULL; stopper = stopper->next)
        holm_wake_ring(&stopper->wake);
    result = holm_task_yield();
    while (result == HOLM_OK && any_busy(image)) {
        if (image->run->turn.stops != stops)
            return HOLM_ERR_CANCELLED;
        result = holm_task_wait(deadline_ns);
    }
    return result;
}

enum holm_result holm_image_until_stopped(struct holm_image *image)
{
    struct holm_pump *self = holm_task_pump(holm_task_self());
    struct holm_pump *before = image->run->stop.pump;
    enum holm_result result = HOLM_OK;

    image->run->stop.pump = self;
    image->stop.pump = self;
    while (result == HOLM_OK && image->run->turn.stops == 0)
        result = holm_task_wait(HOLM_TIMER_NEVER);
    if (result == HOLM_OK)
        result = finish(image);
    image->run->stop.pump = before;
    image->stop.pump = NULL;
    return result;
}

enum holm_result holm_network_listen(struct holm_listener **listener, struct holm_network *network,
                                     uint16_t port)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };
    struct holm_endpoint local = { .port = port };

    for (;;) {
        enum holm_result result = network->ops->listen(network, &open, listener, &local);
        if (result != HOLM_AGAIN)
            return result;
        result = holm_task_wait(HOLM_TIMER_NEVER);
        if (result != HOLM_OK) {
            network->ops->cancel(network, &open);
            return result;
        }
    }
}

enum holm_result holm_network_connect(struct holm_flow **flow, struct holm_network *network,
                                      const struct holm_endpoint *peer, uint64_t deadline_ns)
{
    struct holm_open open = { .wake = { holm_task_pump(holm_task_self()) } };

    for (;;) {
        enum holm_result result = network->ops->connect(network, &open, flow, peer);
        if (result != HOLM_AGAIN)
            return result;
        result = holm_task_wait(deadline_ns);
        if (result != HOLM_OK) {
            network->ops->cancel(network, &open);
            return result;
        }
    }
}
