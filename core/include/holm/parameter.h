/* SPDX-License-Identifier: ISC */
/* holm/parameter.h: what can be set when an image is built or started. Pure. A parameter is declared
 * beside the code that uses it, and is a variable there:
 *
 *     HOLM_PARAM_U16(port, 8080, "TCP port to listen on");
 *     ... holm_network_listen(&listener, network, port) ...
 *
 * The linker collects the declarations of what is linked, so --help names these and no others. A
 * value is what the declaration says, else what the build says, else what the boot arguments say
 * (`--port=80`; the last one wins). In a name `-` and `_` are the same. */
#pragma once

#include <holm/text.h>

/* HOLM_PARAM_PROBLEM_MAX is the room that any line about a wrong value needs; a longer text that was
 * given is cut in it, a longer list of what is expected too. */
#define HOLM_PARAM_PROBLEM_MAX 512
/* HOLM_PARAM_HELP_MAX is the room that holm_params_help needs at a time; HOLM_PARAM_WORDS_MAX is the
 * longest help, default, list of choices or description, inclusive, so that it is enough. */
#define HOLM_PARAM_HELP_MAX 2048
#define HOLM_PARAM_WORDS_MAX 400

/* enum holm_param_kind is the type of a parameter's variable. */
enum holm_param_kind {
    HOLM_PARAM_KIND_BOOL,     /* bool */
    HOLM_PARAM_KIND_U16,      /* uint16_t */
    HOLM_PARAM_KIND_U32,      /* uint32_t */
    HOLM_PARAM_KIND_U64,      /* uint64_t */
    HOLM_PARAM_KIND_DURATION, /* uint64_t, nanoseconds */
    HOLM_PARAM_KIND_SIZE,     /* uint64_t, bytes */
    HOLM_PARAM_KIND_TEXT,     /* struct holm_bytes */
    HOLM_PARAM_KIND_IPV4,     /* struct holm_ip_address */
    HOLM_PARAM_KIND_IPV6,     /* struct holm_ip_address */
    HOLM_PARAM_KIND_IP,       /* struct holm_ip_address, of either family */
    HOLM_PARAM_KIND_PREFIX,   /* struct holm_ip_prefix */
    HOLM_PARAM_KIND_ENDPOINT, /* struct holm_endpoint */
    HOLM_PARAM_KIND_MAC,      /* struct holm_mac_address */
    HOLM_PARAM_KIND_ENUM,     /* uint32_t: which of the choices, from 0 */
    HOLM_PARAM_KIND_LIST,     /* struct holm_bytes, for holm_param_list_next */
};

/* What reads a text of a kind that is an address. A declaration of such a kind names it, so that images without
 * one are without it. */
struct holm_param__value;
typedef bool holm_param_address_fn(struct holm_param__value *value, enum holm_param_kind kind,
                                   struct holm_bytes text);
holm_param_address_fn holm_param_address_read;

/* struct holm_param is a declaration; made by the macros below only. */
struct holm_param {
    _Alignas(8) struct holm_bytes name;
    struct holm_bytes help;
    struct holm_bytes unit;         /* of a number; else empty */
    struct holm_bytes choices;      /* of an enum: "one|two|three" */
    struct holm_bytes default_text; /* of kinds that are not numbers; empty: not set */
    uint64_t default_value;         /* of numbers, bool and enum */
    uint64_t least, most;           /* of numbers; inclusive */
    enum holm_param_kind kind;
    enum holm_param_kind element; /* of a list */
    bool required;
    holm_param_address_fn *address; /* of addresses and lists of them; else NULL */
    /* The variable, by its type; the others are NULL. */
    bool *yes;
    uint16_t *u16;
    uint32_t *u32;
    uint64_t *u64;
    struct holm_bytes *text;
    struct holm_ip_address *ip;
    struct holm_ip_prefix *prefix;
    struct holm_endpoint *endpoint;
    struct holm_mac_address *mac;
};

/* Yes or no: "true" or "false". */
#define HOLM_PARAM_BOOL(name, default, help)                                                       \
    HOLM_PARAM__NUMBER(bool, yes, BOOL, name, default, 0, 1, "", help)

/* Whole numbers; those with _IN have a range, inclusive, and a unit that --help shows. */
#define HOLM_PARAM_U16(name, default, help)                                                        \
    HOLM_PARAM__NUMBER(uint16_t, u16, U16, name, default, 0, UINT16_MAX, "", help)
#define HOLM_PARAM_U32(name, default, help)                                                        \
    HOLM_PARAM__NUMBER(uint32_t, u32, U32, name, default, 0, UINT32_MAX, "", help)
#define HOLM_PARAM_U64(name, default, help)                                                        \
    HOLM_PARAM__NUMBER(uint64_t, u64, U64, name, default, 0, UINT64_MAX, "", help)
#define HOLM_PARAM_U16_IN(name, default, least, most, unit, help)                                  \
    HOLM_PARAM__NUMBER(uint16_t, u16, U16, name, default, least, most, unit, help)
#define HOLM_PARAM_U32_IN(name, default, least, most, unit, help)                                  \
    HOLM_PARAM__NUMBER(uint32_t, u32, U32, name, default, least, most, unit, help)
#define HOLM_PARAM_U64_IN(name, default, least, most, unit, help)                                  \
    HOLM_PARAM__NUMBER(uint64_t, u64, U64, name, default, least, most, unit, help)

/* Durations ("250ms"), as nanoseconds, and sizes ("64KiB"), as bytes: holm/text.h. */
#define HOLM_PARAM_DURATION(name, default_ns, help)                                                \
    HOLM_PARAM__NUMBER(uint64_t, u64, DURATION, name, default_ns, 0, UINT64_MAX, "", help)
#define HOLM_PARAM_DURATION_IN(name, default_ns, least_ns, most_ns, help)                          \
    HOLM_PARAM__NUMBER(uint64_t, u64, DURATION, name, default_ns, least_ns, most_ns, "", help)
#define HOLM_PARAM_SIZE(name, default_bytes, help)                                                 \
    HOLM_PARAM__NUMBER(uint64_t, u64, SIZE, name, default_bytes, 0, UINT64_MAX, "", help)
#define HOLM_PARAM_SIZE_IN(name, default_bytes, least_bytes, most_bytes, help)                     \
    HOLM_PARAM__NUMBER(uint64_t, u64, SIZE, name, default_bytes, least_bytes, most_bytes, "", help)

/* One of several words: HOLM_PARAM_ENUM(level, 1, "error|info|debug", "…") is "info" by default. */
#define HOLM_PARAM_ENUM(name, default_index, choice_words, help)                                   \
    HOLM_PARAM__DECLARE(uint32_t, u32, ENUM, name, (default_index), help,                          \
                        .default_value = (default_index),                                          \
                        .choices = HOLM_PARAM__TEXT(choice_words))

/* Texts and addresses. The default is text; "" leaves the variable zero (no address, no text). */
#define HOLM_PARAM_TEXT(name, default, help)                                                       \
    HOLM_PARAM__WORDS(struct holm_bytes, text, TEXT, name, default, help)
#define HOLM_PARAM_IPV4(name, default, help)                                                       \
    HOLM_PARAM__WORDS(struct holm_ip_address, ip, IPV4, name, default, help)
#define HOLM_PARAM_IPV6(name, default, help)                                                       \
    HOLM_PARAM__WORDS(struct holm_ip_address, ip, IPV6, name, default, help)
#define HOLM_PARAM_IP(name, default, help)                                                         \
    HOLM_PARAM__WORDS(struct holm_ip_address, ip, IP, name, default, help)
#define HOLM_PARAM_PREFIX(name, default, help)                                                     \
    HOLM_PARAM__WORDS(struct holm_ip_prefix, prefix, PREFIX, name, default, help)
#define HOLM_PARAM_ENDPOINT(name, default, help)                                                   \
    HOLM_PARAM__WORDS(struct holm_endpoint, endpoint, ENDPOINT, name, default, help)
#define HOLM_PARAM_MAC(name, default, help)                                                        \
    HOLM_PARAM__WORDS(struct holm_mac_address, mac, MAC, name, default, help)

/* A list with commas between its elements, each of the kind HOLM_PARAM_KIND_<element>, which is
 * any but LIST and ENUM; each is checked at the start. "" is the empty list. */
#define HOLM_PARAM_LIST(name, element_kind, default, help)                                         \
    HOLM_PARAM__DECLARE(struct holm_bytes, text, LIST, name, { 0 }, help,                          \
                        .default_text = HOLM_PARAM__TEXT(default), .most = UINT64_MAX,             \
                        .element = HOLM_PARAM_KIND_##element_kind,                                 \
                        .address = HOLM_PARAM__ADDRESS_##element_kind)

/* Those that have no default: the image does not start without. */
#define HOLM_PARAM_TEXT_REQUIRED(name, help)                                                       \
    HOLM_PARAM__REQUIRED(struct holm_bytes, text, TEXT, name, help)
#define HOLM_PARAM_IPV4_REQUIRED(name, help)                                                       \
    HOLM_PARAM__REQUIRED(struct holm_ip_address, ip, IPV4, name, help)
#define HOLM_PARAM_IPV6_REQUIRED(name, help)                                                       \
    HOLM_PARAM__REQUIRED(struct holm_ip_address, ip, IPV6, name, help)
#define HOLM_PARAM_IP_REQUIRED(name, help)                                                         \
    HOLM_PARAM__REQUIRED(struct holm_ip_address, ip, IP, name, help)
#define HOLM_PARAM_PREFIX_REQUIRED(name, help)                                                     \
    HOLM_PARAM__REQUIRED(struct holm_ip_prefix, prefix, PREFIX, name, help)
#define HOLM_PARAM_ENDPOINT_REQUIRED(name, help)                                                   \
    HOLM_PARAM__REQUIRED(struct holm_endpoint, endpoint, ENDPOINT, name, help)
#define HOLM_PARAM_MAC_REQUIRED(name, help)                                                        \
    HOLM_PARAM__REQUIRED(struct holm_mac_address, mac, MAC, name, help)

/* A text that nobody may see: it is taken from the configuration alone, never from the build or the command
 * line, which others can read, and no line about what is wrong shows it. Its bytes lie where cores leave them
 * out. */
#define HOLM_PARAM_SECRET(name, help)                                                              \
    HOLM_PARAM__DECLARE(struct holm_bytes, text, TEXT, name, { 0 },                                \
                        help " (secret: --config alone)", .unit = HOLM_PARAM__TEXT("secret"))
#define HOLM_PARAM_SECRET_REQUIRED(name, help)                                                     \
    HOLM_PARAM__DECLARE(struct holm_bytes, text, TEXT, name, { 0 },                                \
                        help " (secret: --config alone)", .unit = HOLM_PARAM__TEXT("secret"),      \
                        .required = true)

/* HOLM_IMAGE says what the image is called and what it does, once an image; --help begins with it. */
#define HOLM_IMAGE(image_name, image_description)                                                  \
    static const struct holm_image_title holm_image__title HOLM_LINKED(holm_titles) = {            \
        .name = HOLM_PARAM__TEXT(image_name),                                                      \
        .description = HOLM_PARAM__TEXT(image_description),                                        \
    }

/* HOLM_PARAM_BUILT is a value that the build gives: HOLM_PARAM_BUILT(0, "port=80"). number tells
 * those of one file apart. */
#define HOLM_PARAM_BUILT(number, name_and_value)                                                   \
    static const struct holm_param_built holm_param__built_##number HOLM_LINKED(holm_built) = {    \
        .text = HOLM_PARAM__TEXT(name_and_value),                                                  \
    }

#define HOLM_PARAM__TEXT(s) { (const uint8_t *)"" s, sizeof(s) - 1 + 0 * HOLM_PARAM__SHORT(s) }
#define HOLM_PARAM__SHORT(s)                                                                       \
    sizeof(struct {                                                                                \
        _Static_assert(sizeof(s) <= HOLM_PARAM_WORDS_MAX + 1, "too long for --help");              \
        char unused;                                                                               \
    })
#define HOLM_PARAM__DECLARE(type, member, kind_name, variable, initial, help_text, ...)            \
    static type variable = initial;                                                                \
    static const struct holm_param holm_param__##variable HOLM_LINKED(                             \
        holm_params) = { .name = HOLM_PARAM__TEXT(#variable),                                      \
                         .help = HOLM_PARAM__TEXT(help_text),                                      \
                         .kind = HOLM_PARAM_KIND_##kind_name,                                      \
                         .member = &variable,                                                      \
                         __VA_ARGS__ }
#define HOLM_PARAM__NUMBER(type, member, kind_name, variable, initial, from, to, unit_name,        \
                           help_text)                                                              \
    _Static_assert((initial) >= (from) && (initial) <= (to), "the default is out of range");       \
    HOLM_PARAM__DECLARE(type, member, kind_name, variable, (initial), help_text,                   \
                        .default_value = (initial), .least = (from), .most = (to),                 \
                        .unit = HOLM_PARAM__TEXT(unit_name))
#define HOLM_PARAM__WORDS(type, member, kind_name, variable, initial, help_text)                   \
    HOLM_PARAM__DECLARE(type, member, kind_name, variable, { 0 }, help_text,                       \
                        .default_text = HOLM_PARAM__TEXT(initial),                                 \
                        .address = HOLM_PARAM__ADDRESS_##kind_name)
#define HOLM_PARAM__REQUIRED(type, member, kind_name, variable, help_text)                         \
    HOLM_PARAM__DECLARE(type, member, kind_name, variable, { 0 }, help_text, .required = true,     \
                        .address = HOLM_PARAM__ADDRESS_##kind_name)
#define HOLM_PARAM__ADDRESS_BOOL NULL
#define HOLM_PARAM__ADDRESS_U16 NULL
#define HOLM_PARAM__ADDRESS_U32 NULL
#define HOLM_PARAM__ADDRESS_U64 NULL
#define HOLM_PARAM__ADDRESS_DURATION NULL
#define HOLM_PARAM__ADDRESS_SIZE NULL
#define HOLM_PARAM__ADDRESS_TEXT NULL
#define HOLM_PARAM__ADDRESS_IPV4 holm_param_address_read
#define HOLM_PARAM__ADDRESS_IPV6 holm_param_address_read
#define HOLM_PARAM__ADDRESS_IP holm_param_address_read
#define HOLM_PARAM__ADDRESS_PREFIX holm_param_address_read
#define HOLM_PARAM__ADDRESS_ENDPOINT holm_param_address_read
#define HOLM_PARAM__ADDRESS_MAC holm_param_address_read

/* struct holm_image_title and struct holm_param_built are what HOLM_IMAGE and HOLM_PARAM_BUILT
 * leave for the linker. */
struct holm_image_title {
    _Alignas(8) struct holm_bytes name;
    struct holm_bytes description;
};
struct holm_param_built {
    _Alignas(8) struct holm_bytes text;
};

/* struct holm_params is a set of declarations with what the build gave for them. */
struct holm_params {
    const struct holm_param *first;
    size_t count;
    const struct holm_param_built *built;
    size_t built_count;
    const struct holm_image_title *title; /* NULL: none */
};

/* holm_params_linked is all that was linked into this program. */
struct holm_params holm_params_linked(void);

/* holm_params_start sets every parameter: to its default, then to what the build gave, then to what
 * the count boot arguments give, each "--name=value".
 *
 * Memory:  keeps the bytes of arguments as long as a parameter of kind TEXT or LIST is used; fills
 *          problem, which has room for HOLM_PARAM_PROBLEM_MAX bytes.
 * Errors:  HOLM_END          an argument is --help: nothing was set; see holm_params_help
 *          HOLM_ERR_INVALID  an unknown name, a value that is malformed, out of range or missing, or
 *                            two declarations of one name: problem holds exactly one line, without
 *                            its newline, that names the parameter, what was given and what is
 *                            expected */
HOLM_MUST_USE enum holm_result holm_params_start(struct holm_params params,
                                                 struct holm_buffer *problem,
                                                 const struct holm_bytes *arguments, size_t count);

/* holm_params_set sets one parameter from "name=value"; errors as above. */
HOLM_MUST_USE enum holm_result holm_params_set(struct holm_params params,
                                               struct holm_buffer *problem,
                                               struct holm_bytes name_and_value);

/* holm_params_open_check refuses values of secrets in what the build and the boot arguments give.
 *
 * Errors:  HOLM_ERR_INVALID  as of holm_params_start; the line does not show the value */
HOLM_MUST_USE enum holm_result holm_params_open_check(struct holm_params params,
                                                      struct holm_buffer *problem,
                                                      const struct holm_bytes *arguments,
                                                      size_t count);

/* holm_params_config_next takes the next line off *config that says something, and makes it an argument,
 * "--name=value", in *room. A line is name=value, or empty, or begins with #; blanks around name and value are
 * dropped. *number, 0 at first, counts lines.
 *
 * Memory:  *argument lies in *room, which needs two bytes more a line than config has.
 * Errors:  HOLM_END          there is none
 *          HOLM_ERR_INVALID  no name=value, or an unknown name: problem holds one line that says where, and
 *                            shows nothing of it, since it may be a secret at the wrong place
 *          HOLM_ERR_LIMIT    room is full */
HOLM_MUST_USE enum holm_result holm_params_config_next(struct holm_bytes *argument,
                                                       struct holm_params params,
                                                       struct holm_buffer *problem,
                                                       struct holm_buffer *room,
                                                       struct holm_bytes *config, uint64_t *number);

/* holm_params_help appends what the image is and then its parameters by name, as many as fit;
 * *cursor is 0 at first. Give it at least HOLM_PARAM_HELP_MAX bytes of room.
 *
 * Errors:  HOLM_AGAIN  there is more: empty out, then call again
 *          HOLM_OK     that was the last of it */
HOLM_MUST_USE enum holm_result holm_params_help(struct holm_params params, struct holm_buffer *out,
                                                size_t *cursor);

/* holm_param_list_next takes the next element off *list; false when there is none. */
HOLM_MUST_USE bool holm_param_list_next(struct holm_bytes *list, struct holm_bytes *element);
