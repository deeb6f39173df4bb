#include "text/collate.h"

#include <pthread.h>
#include <unicode/ucol.h>

/* Opened once and kept: they are only asked afterwards, which many threads may do at once. */
static UCollator *collators[LANGUAGES];

static void open_all(void)
{
    for (enum language language = 0; language < LANGUAGES; language++) {
        UErrorCode failure = U_ZERO_ERROR;
        collators[language] = ucol_open(language_code(language), &failure);
        if (U_FAILURE(failure)) collators[language] = NULL;
    }
}

int collate_compare(enum language language, struct slice a, struct slice b)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    UErrorCode failure = U_ZERO_ERROR;
    UCollationResult order = UCOL_EQUAL;
    pthread_once(&once, open_all);
    if (collators[language] != NULL && a.size <= INT32_MAX && b.size <= INT32_MAX)
        order = ucol_strcollUTF8(collators[language], (const char *)a.data, (int32_t)a.size, (const char *)b.data,
                                 (int32_t)b.size, &failure);
    return U_FAILURE(failure) || order == UCOL_EQUAL ? slice_compare(a, b) : (int)order;
}
