/* SPDX-License-Identifier: ISC */
/* talk: an image for test/interop/test_stack_md5.py. On Holm's own TCP/IP over the device "service" it
 * calls a peer, or is called, with an agreed key (RFC 2385) and hop limits (RFC 5082), says a word, and
 * logs what it hears. */
#include <holm/image.h>
#include <holm/log.h>
#include <holm/parameter.h>
#include <holm/tcpip.h>

HOLM_IMAGE("stack_talk", "calls a peer with an agreed key, and logs what it hears");
HOLM_PARAM_IPV4(address, "10.9.0.2", "ours, of a network of 24 bits");
HOLM_PARAM_ENDPOINT(peer, "10.9.0.1:179", "to call; port 0: to be called by, at port 179");
HOLM_PARAM_TEXT(key, "", "what was agreed on; none: no digests");
HOLM_PARAM_BOOL(near, false, "the peer must be on the link: hop limits of 255");
HOLM_PARAM_TEXT(word, "", "to say");
HOLM_PARAM_DURATION(patience, UINT64_C(10000000000), "how long it waits for the peer");

#define PORT 179

static enum holm_result stack_make(struct holm_tcpip **stack, struct holm_image *image)
{
    static struct holm_tcp_md5_key agreed;
    struct holm_buffer copy = HOLM_BUFFER(agreed.bytes);
    struct holm_net *net = NULL;
    uint32_t index = 0;
    enum holm_result result = holm_net_start(&net, image, HOLM_TEXT("service"));

    (void)holm_image_random(image); /* the stack draws from image->random */
    if (result == HOLM_OK)
        result = holm_tcpip_init(stack, image, &(struct holm_tcpip_options){ 0 });
    if (result == HOLM_OK)
        result = holm_tcpip_interface_add(*stack, net, &index);
    if (result == HOLM_OK)
        result = holm_tcpip_address_add(*stack, index, &address, 24);
    if (result != HOLM_OK)
        return result;
    if (!holm_buffer_bytes(&copy, key))
        return HOLM_ERR_LIMIT;
    agreed.len = (uint8_t)key.len;
    struct holm_tcpip_peer about = { .address = peer.address,
                                     .key = key.len > 0 ? &agreed : NULL,
                                     .hop_limit = near ? 255 : 0,
                                     .hop_limit_min = near ? 255 : 0 };
    return holm_tcpip_peer_add(*stack, &about);
}

static enum holm_result meet(struct holm_flow **flow, struct holm_network *network, uint64_t end_ns)
{
    struct holm_listener *listener = NULL;

    if (peer.port != 0)
        return holm_network_connect(flow, network, &peer, end_ns);
    enum holm_result result = holm_network_listen(&listener, network, PORT);
    if (result != HOLM_OK)
        return result;
    listener->in.pump = holm_task_pump(holm_task_self());
    result = HOLM_AGAIN;
    while (result == HOLM_AGAIN) {
        result = holm_listener_accept(listener, flow);
        if (result == HOLM_AGAIN && holm_task_wait(end_ns) != HOLM_OK)
            return HOLM_ERR_TIMEOUT;
    }
    return result;
}

enum holm_result holm_main(struct holm_image *image)
{
    uint64_t end_ns = holm_run_now_ns(image->run) + patience;
    struct holm_tcpip *stack = NULL;
    struct holm_flow *flow = NULL;
    struct holm_span heard = { 0 };
    uint32_t first = 0;
    uint8_t last = 0;
    enum holm_result result = stack_make(&stack, image);

    if (result == HOLM_OK)
        HOLM_LOG_INFO("talk", "ready");
    if (result == HOLM_OK)
        result = meet(&flow, holm_tcpip_network(stack), end_ns);
    if (result != HOLM_OK) {
        HOLM_LOG_INFO("talk", "nobody", HOLM_FIELD_RESULT("result", result));
        return HOLM_OK;
    }
    HOLM_LOG_INFO("talk", "met");
    flow->in.pump = holm_task_pump(holm_task_self());
    result = holm_flow_lend(flow, word, NULL);
    while (result == HOLM_OK && holm_flow_peek(flow, &heard, 19) == HOLM_AGAIN)
        result = holm_task_wait(end_ns);
    struct holm_bytes rest = holm_span_bytes(heard);
    (void)!holm_bytes_u32(&rest, &first);
    (void)!holm_bytes_u8_at(holm_span_bytes(heard), 18, &last);
    HOLM_LOG_INFO("talk", "heard", HOLM_FIELD_U64("first", first), HOLM_FIELD_U64("last", last),
                  HOLM_FIELD_RESULT("result", result));
    holm_flow_take(flow, heard.len);
    (void)!holm_flow_finish(flow);
    holm_flow_close(flow);
    return HOLM_OK;
}
