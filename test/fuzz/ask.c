/* What an address or a command line asks for: lines NAME=VALUE. What is understood is in range, what is not is told
 * with the name and the value that were wrong. */
#include "fuzz.h"

#include "tell/ask.h"
#include "tell/words.h"
#include <string.h>

enum { NAMES_MOST = 32 };

struct asked {
    char *name[NAMES_MOST], *value[NAMES_MOST];
    size_t count;
};

static const char *value_of(void *context, const char *name)
{
    const struct asked *asked = context;
    for (size_t i = 0; i < asked->count; i++)
        if (strcmp(asked->name[i], name) == 0) return asked->value[i];
    return NULL;
}

static void told(const struct asked *asked, const struct ask_fault *fault)
{
    struct buffer text = {0};
    EXPECT(fault->message != NULL && fault->name != NULL);
    EXPECT(value_of((void *)(uintptr_t)asked, fault->name) == fault->value);
    struct error_text value = error_slice(slice_from(fault->value == NULL ? "" : fault->value));
    words_fill(&text, fault->message, value.text, NULL);
    EXPECT(text.size > 0);
    buffer_clear(&text);
}

static void query(struct asked *asked)
{
    struct truce_query query;
    struct ask_fault fault = {0};
    if (!ask_query(&query, value_of, asked, &fault)) {
        told(asked, &fault);
        return;
    }
    EXPECT(!query.has_box ||
           (query.south_e7 <= query.north_e7 && query.south_e7 >= -900000000 && query.north_e7 <= 900000000 &&
            query.west_e7 >= -1800000000 && query.east_e7 <= 1800000000));
    EXPECT(!query.has_near || (query.lat_e7 >= -900000000 && query.lat_e7 <= 900000000 && query.within_m >= 0));
    EXPECT(value_of(asked, "limit") == NULL || query.limit > 0);
    EXPECT(query.has_from == (value_of(asked, "from") != NULL) && query.has_to == (value_of(asked, "to") != NULL));
}

static void moment(struct asked *asked)
{
    struct truce_moment moment;
    struct ask_fault fault = {0};
    if (!ask_moment(&moment, value_of, asked, &fault)) {
        told(asked, &fault);
        return;
    }
    EXPECT(moment.has_as_of == (value_of(asked, "as-of") != NULL));
    EXPECT((moment.known_by == TRUCE_KNOWN_ALL) == (value_of(asked, "known") == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct asked asked = {.count = 0};
    char *text = malloc(size + 1), *line = text;
    memcpy(text, data, size);
    text[size] = '\0';
    while (line != NULL && asked.count < NAMES_MOST) {
        char *end = strchr(line, '\n'), *equals = strchr(line, '=');
        if (end != NULL) *end = '\0';
        if (equals != NULL && (end == NULL || equals < end)) {
            *equals = '\0';
            asked.name[asked.count] = line;
            asked.value[asked.count++] = equals + 1;
        }
        line = end == NULL ? NULL : end + 1;
    }
    query(&asked);
    moment(&asked);
    free(text);
    return 0;
}
