#include "intake/patterns.h"

#include <stdlib.h>

enum { SYMBOLS = 256, NONE = 0 };

struct state {
    int32_t child, sibling; /* while it is built: a tree of first children and siblings */
    int32_t fail, output;   /* output: the nearest state on the way of fails that ends a phrase */
    uint32_t depth, value;
    uint8_t byte;
    bool ends, open;
};

struct patterns {
    struct state *states;
    int32_t count, capacity;
    uint8_t symbol[SYMBOLS]; /* bytes that occur, numbered; 0 for the others */
    int32_t symbols;
    uint16_t *step; /* states × symbols: small, for it is what the cache must hold */
};

static int32_t state_new(struct patterns *patterns)
{
    if (patterns->count == patterns->capacity) {
        int32_t capacity = patterns->capacity * 2 + 256;
        struct state *more = realloc(patterns->states, (size_t)capacity * sizeof *more);
        if (more == NULL) return -1;
        patterns->states = more;
        patterns->capacity = capacity;
    }
    patterns->states[patterns->count] = (struct state){0};
    return patterns->count++;
}

struct patterns *patterns_new(void)
{
    struct patterns *patterns = calloc(1, sizeof *patterns);
    if (patterns != NULL) {
        patterns->symbols = 1;
        if (state_new(patterns) == 0) return patterns;
        patterns_free(patterns);
    }
    return NULL;
}

void patterns_free(struct patterns *patterns)
{
    if (patterns == NULL) return;
    free(patterns->states);
    free(patterns->step);
    free(patterns);
}

static int32_t child_of(const struct patterns *patterns, int32_t state, uint8_t byte)
{
    int32_t child = patterns->states[state].child;
    while (child != NONE && patterns->states[child].byte != byte) child = patterns->states[child].sibling;
    return child;
}

bool patterns_add(struct patterns *patterns, struct slice folded, bool open, unsigned value)
{
    int32_t state = 0;
    for (size_t i = 0; i < folded.size; i++) {
        uint8_t byte = folded.data[i];
        if (patterns->symbol[byte] == 0) patterns->symbol[byte] = (uint8_t)patterns->symbols++;
        int32_t next = child_of(patterns, state, byte);
        if (next == NONE) {
            next = state_new(patterns);
            if (next < 0) return false;
            patterns->states[next].byte = byte;
            patterns->states[next].depth = (uint32_t)i + 1;
            patterns->states[next].sibling = patterns->states[state].child;
            patterns->states[state].child = next;
        }
        state = next;
    }
    struct state *last = &patterns->states[state];
    if (state != 0 && !last->ends) { /* the first of equal phrases stands */
        last->ends = true;
        last->open = open;
        last->value = value;
    }
    return true;
}

/* Fills the rows of `state`'s children's fails and of its own steps: parents come before children in `queue`. */
static void build_state(struct patterns *patterns, int32_t state, int32_t *queue, int32_t *queued)
{
    struct state *s = patterns->states;
    uint16_t *row = patterns->step + state * patterns->symbols;
    if (state != 0)
        memcpy(row, patterns->step + s[state].fail * patterns->symbols, sizeof *row * (size_t)patterns->symbols);
    s[state].output = s[s[state].fail].ends ? s[state].fail : s[s[state].fail].output;
    for (int32_t child = s[state].child; child != NONE; child = s[child].sibling) {
        uint16_t *step = &row[patterns->symbol[s[child].byte]];
        s[child].fail = state == 0 ? 0 : *step;
        *step = (uint16_t)child;
        queue[(*queued)++] = child;
    }
}

bool patterns_build(struct patterns *patterns)
{
    int32_t *queue = malloc((size_t)patterns->count * sizeof *queue), queued = 1;
    patterns->step = calloc((size_t)patterns->count * (size_t)patterns->symbols, sizeof *patterns->step);
    bool made = queue != NULL && patterns->step != NULL && patterns->count <= UINT16_MAX;
    if (made) queue[0] = 0;
    for (int32_t i = 0; made && i < queued; i++) build_state(patterns, queue[i], queue, &queued);
    free(queue);
    return made;
}

/* Is this byte part of a word of folded text? Everything past ASCII is: what else stands there (marks of quotation)
 * never follows a word's last letter in a phrase. */
static bool in_word(uint8_t byte)
{
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
}

void patterns_find(const struct patterns *patterns, struct slice text,
                   void (*found)(void *context, size_t from, size_t end, unsigned value), void *context)
{
    const struct state *s = patterns->states;
    int32_t state = 0;
    for (size_t i = 0; i < text.size; i++) {
        state = patterns->step[state * patterns->symbols + patterns->symbol[text.data[i]]];
        if (!s[state].ends && s[state].output == 0) continue;
        bool at_end = i + 1 == text.size || !in_word(text.data[i + 1]);
        for (int32_t end = s[state].ends ? state : s[state].output; end != 0; end = s[end].output)
            if (at_end || s[end].open) found(context, i + 1 - s[end].depth, i + 1, s[end].value);
    }
}
