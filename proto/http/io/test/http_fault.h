/* SPDX-License-Identifier: ISC */
/* http_fault.h: a resource of the image's is missing from the n-th call on, for tests over http_world.h. A call is one
 * to a flow, a listener or an opening, or an operation on a file; those of the test's own ends do not count.
 * Hosted. */
#pragma once

#include "http_world.h"

enum fault_kind {
    FAULT_NONE,     /* calls are counted */
    FAULT_FULL,     /* the flow has no room any more */
    FAULT_PAUSE,    /* it has none until the second fault_pass */
    FAULT_RESET,    /* the peer breaks it */
    FAULT_IO,       /* the host fails */
    FAULT_ENDS,     /* the peer ends it in order */
    FAULT_SILENT,   /* the peer says nothing any more */
    FAULT_NO_TASK,  /* every task that is free is taken away */
    FAULT_NO_CHUNK, /* and every chunk */
    FAULT_NO_PLACE, /* an accept or a connect: HOLM_ERR_NO_MEMORY, this once */
    FAULT_FILE,     /* an operation on a file: HOLM_ERR_IO, this once */
    FAULT_STOP,     /* the image is asked to stop; with scope: that is cancelled */
    FAULT_KINDS,
};

/* struct fault is what fails. A call of no flow is taken for one of the flow that was used last. */
struct fault {
    enum fault_kind kind;
    unsigned at;          /* the call, from 1 */
    enum fault_kind also; /* a second one, that needs no flow later; FAULT_NONE: none */
    unsigned also_at;
    unsigned count;
    bool of_client;                     /* the image's flows are those that connect */
    void (*look)(const struct fault *); /* checks what must hold at each call; NULL: nothing */
    bool struck;                        /* the call was reached */
    struct holm_model_flow *flow; /* the struck one, by its port; its slot may be another's later */
    uint16_t port;
    struct holm_flow *peer; /* its other end, the test's */
    struct holm_model_flow *last;
    unsigned passed;             /* calls of fault_pass since */
    unsigned files;              /* that are open */
    unsigned operations;         /* on files, so far */
    unsigned hold;               /* the one that is not complete before fault_complete; 0: none */
    struct holm_operation *held; /* that one */
    struct holm_scope tasks;
    struct holm_scope *scope;
    struct holm_chunk *chunks;
    struct holm_pump stop;
};
extern struct fault fault;

/* fault_world makes world_open and world_serve make worlds that can fail; of_client: those of a client. */
void fault_world(bool of_client);

/* fault_begin counts anew, up to the call that fails. */
void fault_begin(enum fault_kind kind, unsigned at);

/* fault_pass tells that time passes. */
void fault_pass(void);

/* fault_over lets no further call fail. */
void fault_over(void);

/* fault_end does that, too, and gives back what was taken away. */
void fault_end(void);

/* fault_is_global answers whether others than the struck flow are struck, too. */
bool fault_is_global(enum fault_kind kind);

const char *fault_name(enum fault_kind kind);

/* fault_files is the model of a folder: "a.txt" and "large" have so many bytes, other files are not there.
 * It is for fake.operate. */
enum { FAULT_FILE_BYTES = 10000, FAULT_LARGE_BYTES = 70000, FAULT_FOLDER_PORT = 7 };
void fault_files(struct holm_operation *operation);
void fault_complete(void);

/* fault_site is a server of handlers of each kind; a file of it is asked for by fault_files. */
extern const struct holm_http_options fault_site;
