/* Filled-in forms, a pair NAME=VALUE a line: whatever comes, an accepted form gives fields that stand under a name
 * without a way, times that read back, places that are JSON, and bearings within their bounds. */
#include "fuzz.h"

#include "base/time.h"
#include "tell/filing.h"
#include "tell/places.h"

#include <stdlib.h>

static void check_field(struct filing *filing, const struct truce_field *field)
{
    const struct json *where;
    EXPECT(strchr(field->name, '~') == NULL);
    for (size_t i = 0; i < filing->pairs; i++) {
        const char *way = strchr(filing->pair[i].name, '~');
        size_t size = way == NULL ? 0 : (size_t)(way - filing->pair[i].name);
        if (size != strlen(field->name) || memcmp(filing->pair[i].name, field->name, size) != 0) continue;
        const char *value = filing->pair[i].value;
        bool is_json = strcmp(way, "~where") == 0 && filing->pairs == 1 && strchr(value, '{') == NULL;
        EXPECT(!is_json ||
               json_read(&where, slice_from(field->value), JSON_RELAXED, &filing->arena, NULL) == STATUS_DONE);
    }
}

static void read_form(char *text)
{
    struct error error;
    struct filing *filing = malloc(sizeof *filing);
    if (filing == NULL) abort();
    filing_open(filing, NULL, 0);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *equals = strchr(line, '=');
        if (equals == NULL || equals == line) continue;
        *equals = '\0';
        if (!filing_add(filing, line, equals + 1)) break;
    }
    if (filing_read(filing, &error) == STATUS_DONE)
        for (size_t i = 0; i < filing->count; i++) check_field(filing, &filing->fields[i]);
    filing_close(filing);
    free(filing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct place_typed typed;
    char *text = malloc(size + 1);
    if (text == NULL) abort();
    memcpy(text, data, size);
    text[size] = '\0';
    if (places_read(&typed, slice_of(data, size)) && typed.way == PLACE_AT_BEARING) {
        EXPECT(typed.degrees >= 0 && typed.degrees < 360 && typed.from.size > 0);
        EXPECT(typed.least_m >= 0 && typed.least_m <= typed.most_m && typed.most_m > 0 && typed.most_m <= 200000);
    }
    read_form(text);
    free(text);
    return 0;
}
