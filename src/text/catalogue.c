/* Reads the catalogues that msgfmt compiled: the .mo format of GNU gettext, written with --endianness=little so that
 * one embedded file serves every machine. Originals are sorted bytewise, so a lookup halves. */
#include "text/catalogue.h"

#include "text/catalogue_data.h"
#include <stdio.h>

#define MO_MAGIC UINT32_C(0x950412DE)
enum { CONTEXT_KEY_SIZE = 2048 };

static const char *const codes[LANGUAGES] = {"en", "ar"};

bool language_parse(enum language *out, struct slice code)
{
    if (code.size < 2 || (code.size > 2 && strchr("_.@-", code.data[2]) == NULL)) return false;
    for (size_t i = 0; i < LANGUAGES; i++) {
        if ((code.data[0] | 0x20) != codes[i][0] || (code.data[1] | 0x20) != codes[i][1]) continue;
        *out = (enum language)i;
        return true;
    }
    return false;
}

const char *language_code(enum language language)
{
    return codes[language];
}

static uint32_t u32_at(struct slice mo, size_t at)
{
    if (at + 4 > mo.size) return 0;
    const uint8_t *byte = mo.data + at;
    return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

/* String `i` of the table at `table`: without its final NUL, which is there. {NULL, 0} where the file is damaged. */
static struct slice string_at(struct slice mo, size_t table, size_t i)
{
    size_t size = u32_at(mo, table + i * 8), from = u32_at(mo, table + i * 8 + 4);
    if (from >= mo.size || size >= mo.size - from || mo.data[from + size] != '\0') return (struct slice){NULL, 0};
    return slice_part(mo, from, size);
}

struct slice catalogue_in(struct slice mo, const char *message)
{
    size_t count = u32_at(mo, 8), originals = u32_at(mo, 12), translations = u32_at(mo, 16);
    if (u32_at(mo, 0) != MO_MAGIC || count > mo.size / 16) return (struct slice){NULL, 0};
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        struct slice original = string_at(mo, originals, middle);
        if (original.data == NULL) break;
        int order = strcmp(message, (const char *)original.data); /* stops at the NUL between singular and plural */
        if (order == 0) return string_at(mo, translations, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (struct slice){NULL, 0};
}

static struct slice find(enum language language, const char *message)
{
    if (language != LANGUAGE_ARABIC || message[0] == '\0') return (struct slice){NULL, 0};
    return catalogue_in(slice_of(catalogue_ar, catalogue_ar_size), message);
}

const char *catalogue_find(enum language language, const char *message)
{
    struct slice found = find(language, message);
    return found.size == 0 ? message : (const char *)found.data;
}

const char *catalogue_find_context(enum language language, const char *context, const char *message)
{
    char key[CONTEXT_KEY_SIZE];
    int size = snprintf(key, sizeof key, "%s\004%s", context, message);
    if (size < 0 || (size_t)size >= sizeof key) return message;
    struct slice found = find(language, key);
    return found.size == 0 ? message : (const char *)found.data;
}

/* Which of the Arabic forms: nought, one, two, few, many, other (CLDR; the same rule stands in po/ar.po). */
static size_t arabic_form(uint64_t count)
{
    if (count <= 2) return (size_t)count;
    uint64_t rest = count % 100;
    return rest >= 3 && rest <= 10 ? 3 : rest >= 11 ? 4 : 5;
}

const char *catalogue_find_plural(enum language language, const char *one, const char *many, uint64_t count)
{
    struct slice found = find(language, one);
    if (found.size == 0) return count == 1 ? one : many;
    const char *form = (const char *)found.data;
    for (size_t skip = arabic_form(count); skip > 0; skip--) {
        const char *next = form + strlen(form) + 1;
        if (next > (const char *)found.data + found.size) break; /* fewer forms than the rule has: the last */
        form = next;
    }
    return form;
}
