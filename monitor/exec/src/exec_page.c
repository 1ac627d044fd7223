/* SPDX-License-Identifier: ISC */
/* exec_page.c: the bytes of the call page. */
#include "exec_impl.h"

static const uint8_t page[] = {
#embed "page.bin"
};

struct holm_bytes holm_exec__page(void)
{
    return HOLM_BLOB(page);
}
