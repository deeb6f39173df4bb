/* Every limit that input can meet, in one place. A limit that is passed is an error that names it, never a crash. */
#ifndef TRUCE_BASE_LIMITS_H
#define TRUCE_BASE_LIMITS_H

#include <stddef.h>

enum {
    LIMIT_RECORD_TEXT_BYTES = 60000, /* one record's line with its newline */
    LIMIT_RECORD_NOTE_BYTES = 65000, /* with its signature; an entry of the log is at most 65,535 */
    LIMIT_ENTRY_BYTES = 65535,
    LIMIT_JSON_DEPTH = 32,
    LIMIT_JSON_NODES = 20000,                   /* in one record */
    LIMIT_JSON_NODES_RELAXED = 2000000,         /* in a relaxed text */
    LIMIT_JSON_BYTES = 16 * 1024 * 1024,        /* a relaxed text: a genesis or case file */
    LIMIT_TEXT_FOLDED_BYTES = 64 * 1024 * 1024, /* a text that is searched or taken apart */
    LIMIT_NOTE_SIGNATURES = 144,                /* a log's, and those of all its witnesses and mirrors */
    LIMIT_NAME_BYTES = 64,                      /* a party, channel, term … */
    LIMIT_ORIGIN_BYTES = 200,
    LIMIT_STRING_BYTES = 4096,
    LIMIT_TEXT_BYTES = 20000, /* one language of a text */
    LIMIT_WORDS_BYTES = 8000, /* a statement's own words */
    LIMIT_LIST_ITEMS = 1024,
    LIMIT_FOUNDERS = 64,
    LIMIT_WITNESSES = 64, /* and as many mirrors */
    LIMIT_SEALED = 64,    /* sealed values in one record */
    LIMIT_VERTICES = 4096,
    LIMIT_REQUEST_BYTES = 64 * 1024 * 1024, /* memory one request may take */
};

/* Memory that what is found in one news text may take. */
#define LIMIT_INTAKE_MEMORY ((size_t)4 << 30)
/* Memory that one evaluation of all agreements may take: it grows with the records that terms count. */
#define LIMIT_EVALUATION_BYTES ((size_t)8 << 30)
/* Memory that the facts of a log may take, apart from that. */
#define LIMIT_VIEW_BYTES ((size_t)8 << 30)

#endif
