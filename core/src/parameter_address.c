/* SPDX-License-Identifier: ISC */
/* parameter_address.c: from the text of a parameter to an address. It is apart, since an image without such a
 * parameter is a good deal smaller without. */
#include "parameter_impl.h"

/*@ requires \valid(ip) && holm_readable(text);
    requires \separated(ip, text.ptr + (0 .. text.len - 1));
    assigns *ip;
    ensures \result ==> ip->family == HOLM_IP_V4 || ip->family == HOLM_IP_V6;
    ensures \result && family != HOLM_IP_NONE ==> ip->family == family; */
static bool ip_parse(struct holm_ip_address *ip, struct holm_bytes text, enum holm_ip_family family)
{
    return holm_text_ip_parse(ip, text) == HOLM_OK &&
           (family == HOLM_IP_NONE || family == ip->family);
}

bool holm_param_address_read(struct holm_param__value *value, enum holm_param_kind kind,
                             struct holm_bytes text)
{
    switch (kind) {
    case HOLM_PARAM_KIND_IPV4:
        return ip_parse(&value->ip, text, HOLM_IP_V4);
    case HOLM_PARAM_KIND_IPV6:
        return ip_parse(&value->ip, text, HOLM_IP_V6);
    case HOLM_PARAM_KIND_IP:
        return ip_parse(&value->ip, text, HOLM_IP_NONE);
    case HOLM_PARAM_KIND_PREFIX:
        return holm_text_prefix_parse(&value->prefix, text) == HOLM_OK;
    case HOLM_PARAM_KIND_ENDPOINT:
        return holm_text_endpoint_parse(&value->endpoint, text) == HOLM_OK;
    case HOLM_PARAM_KIND_MAC:
        return holm_text_mac_parse(&value->mac, text) == HOLM_OK;
    case HOLM_PARAM_KIND_BOOL:
    case HOLM_PARAM_KIND_U16:
    case HOLM_PARAM_KIND_U32:
    case HOLM_PARAM_KIND_U64:
    case HOLM_PARAM_KIND_DURATION:
    case HOLM_PARAM_KIND_SIZE:
    case HOLM_PARAM_KIND_TEXT:
    case HOLM_PARAM_KIND_ENUM:
    case HOLM_PARAM_KIND_LIST:
        return false;
    }
    return false;
}
