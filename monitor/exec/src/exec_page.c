/* SPDX-License-Identifier: ISC */
/* exec_page.c: the bytes of the call page. */
#include "exec_impl.h"

static const uint8_t plain[] = {
#embed "page.bin"
};
static const uint8_t record[] = {
#embed "record.bin"
};
static const uint8_t replay[] = {
#embed "replay.bin"
};
static const uint8_t guest[] = {
#embed "guest.bin"
};

struct holm_bytes holm_exec__page(enum holm_page_kind kind)
{
    return kind == HOLM_PAGE_RECORD   ? HOLM_BLOB(record)
           : kind == HOLM_PAGE_REPLAY ? HOLM_BLOB(replay)
           : kind == HOLM_PAGE_GUEST  ? HOLM_BLOB(guest)
                                      : HOLM_BLOB(plain);
}
