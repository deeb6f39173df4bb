#include "base/character.h"
#include "record/record.h"

/* Canonical JSON, so that strings and brackets are all that has to be told apart. */
struct glance {
    struct slice text;
    size_t at;
    unsigned depth;
    bool key_next;    /* a string here is a member's name */
    struct slice key; /* of the outermost object's member at hand */
};

/* The string at hand without its quotes; `at` is behind it. */
static struct slice take_string(struct glance *g)
{
    size_t from = ++g->at;
    while (g->at < g->text.size && g->text.data[g->at] != '"') g->at += g->text.data[g->at] == '\\' ? 2 : 1;
    struct slice string = slice_part(g->text, from, (g->at < g->text.size ? g->at : g->text.size) - from);
    g->at++;
    return string;
}

static bool take_integer(struct glance *g, int64_t *out)
{
    size_t digits = 0;
    int64_t value = 0;
    for (; g->at < g->text.size && g->text.data[g->at] >= '0' && g->text.data[g->at] <= '9' && digits < 17; digits++)
        value = value * 10 + (g->text.data[g->at++] - '0');
    *out = value;
    return digits > 0;
}

static void see_string(struct glance *g, struct record_place *out, unsigned *found)
{
    struct slice string = take_string(g);
    uint8_t id[4];
    if (g->depth != 1) return;
    if (g->key_next) {
        g->key = string;
        g->key_next = false;
    } else if (slice_is(g->key, "by")) {
        out->by = string;
        *found |= 1;
    } else if (slice_is(g->key, "key") && string.size == 8 && hex_parse(id, sizeof id, string)) {
        out->key_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
        *found |= 2;
    }
}

bool record_glance(struct record_place *out, struct slice note)
{
    const uint8_t *end = note.size == 0 ? NULL : memchr(note.data, '\n', note.size);
    struct glance g = {.text = slice_part(note, 0, end == NULL ? 0 : (size_t)(end - note.data))};
    unsigned found = 0;
    *out = (struct record_place){.seq = 0};
    while (g.at < g.text.size && found != 7) {
        switch (g.text.data[g.at]) {
        case '"': see_string(&g, out, &found); continue;
        case '{':
        case '[': g.key_next = ++g.depth == 1; break;
        case '}':
        case ']': g.depth--; break;
        case ',': g.key_next = g.depth == 1; break;
        case ':':
            g.at++;
            if (g.depth == 1 && slice_is(g.key, "seq") && take_integer(&g, &out->seq)) found |= 4;
            continue;
        default: break;
        }
        g.at++;
    }
    return found == 7;
}
