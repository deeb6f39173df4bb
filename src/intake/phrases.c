#include "intake/phrases.h"

#include <stdlib.h>

enum { SYMBOLS = 256, NONE = 0 };

struct state {
    int32_t child, sibling; /* while it is built: a tree of first children and siblings */
    int32_t fail, output;   /* output: the nearest state on the way of fails that ends a phrase */
    uint32_t depth, value;
    uint8_t byte;
    bool ends, open;
};

struct phrases {
    struct state *states;
    int32_t count, capacity;
    uint8_t symbol[SYMBOLS]; /* bytes that occur, numbered; 0 for the others */
    int32_t symbols;
    int32_t *step; /* states × symbols */
};

static int32_t state_new(struct phrases *phrases)
{
    if (phrases->count == phrases->capacity) {
        int32_t capacity = phrases->capacity * 2 + 256;
        struct state *more = realloc(phrases->states, (size_t)capacity * sizeof *more);
        if (more == NULL) return -1;
        phrases->states = more;
        phrases->capacity = capacity;
    }
    phrases->states[phrases->count] = (struct state){0};
    return phrases->count++;
}

struct phrases *phrases_new(void)
{
    struct phrases *phrases = calloc(1, sizeof *phrases);
    if (phrases != NULL) {
        phrases->symbols = 1;
        if (state_new(phrases) == 0) return phrases;
        phrases_free(phrases);
    }
    return NULL;
}

void phrases_free(struct phrases *phrases)
{
    if (phrases == NULL) return;
    free(phrases->states);
    free(phrases->step);
    free(phrases);
}

static int32_t child_of(const struct phrases *phrases, int32_t state, uint8_t byte)
{
    int32_t child = phrases->states[state].child;
    while (child != NONE && phrases->states[child].byte != byte) child = phrases->states[child].sibling;
    return child;
}

bool phrases_add(struct phrases *phrases, struct slice folded, bool open, unsigned value)
{
    int32_t state = 0;
    for (size_t i = 0; i < folded.size; i++) {
        uint8_t byte = folded.data[i];
        if (phrases->symbol[byte] == 0) phrases->symbol[byte] = (uint8_t)phrases->symbols++;
        int32_t next = child_of(phrases, state, byte);
        if (next == NONE) {
            next = state_new(phrases);
            if (next < 0) return false;
            phrases->states[next].byte = byte;
            phrases->states[next].depth = (uint32_t)i + 1;
            phrases->states[next].sibling = phrases->states[state].child;
            phrases->states[state].child = next;
        }
        state = next;
    }
    struct state *last = &phrases->states[state];
    if (state != 0 && !last->ends) { /* the first of equal phrases stands */
        last->ends = true;
        last->open = open;
        last->value = value;
    }
    return true;
}

/* Fills the rows of `state`'s children's fails and of its own steps: parents come before children in `queue`. */
static void build_state(struct phrases *phrases, int32_t state, int32_t *queue, int32_t *queued)
{
    struct state *s = phrases->states;
    int32_t *row = phrases->step + state * phrases->symbols;
    if (state != 0) memcpy(row, phrases->step + s[state].fail * phrases->symbols, sizeof *row * (size_t)phrases->symbols);
    s[state].output = s[s[state].fail].ends ? s[state].fail : s[s[state].fail].output;
    for (int32_t child = s[state].child; child != NONE; child = s[child].sibling) {
        int32_t *step = &row[phrases->symbol[s[child].byte]];
        s[child].fail = state == 0 ? 0 : *step;
        *step = child;
        queue[(*queued)++] = child;
    }
}

bool phrases_build(struct phrases *phrases)
{
    int32_t *queue = malloc((size_t)phrases->count * sizeof *queue), queued = 1;
    phrases->step = calloc((size_t)phrases->count * (size_t)phrases->symbols, sizeof *phrases->step);
    bool made = queue != NULL && phrases->step != NULL;
    if (made) queue[0] = 0;
    for (int32_t i = 0; made && i < queued; i++) build_state(phrases, queue[i], queue, &queued);
    free(queue);
    return made;
}

/* Is this byte part of a word of folded text? Everything past ASCII is: what else stands there (marks of quotation) never
 * follows a word's last letter in a phrase. */
static bool in_word(uint8_t byte)
{
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
}

void phrases_find(const struct phrases *phrases, struct slice text,
                  void (*found)(void *context, size_t from, size_t end, unsigned value), void *context)
{
    const struct state *s = phrases->states;
    int32_t state = 0;
    for (size_t i = 0; i < text.size; i++) {
        state = phrases->step[state * phrases->symbols + phrases->symbol[text.data[i]]];
        if (!s[state].ends && s[state].output == 0) continue;
        bool at_end = i + 1 == text.size || !in_word(text.data[i + 1]);
        for (int32_t end = s[state].ends ? state : s[state].output; end != 0; end = s[end].output)
            if (at_end || s[end].open) found(context, i + 1 - s[end].depth, i + 1, s[end].value);
    }
}
