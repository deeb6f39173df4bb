#include "terms/shelf.h"

#include <stdlib.h>

enum { LONG_S = 2 * 86400 };

void shelf_clear(struct shelf *shelf)
{
    for (size_t r = 0; r < SHELF_ROWS; r++) {
        for (size_t i = 0; i < shelf->rows[r].head_count; i++) free(shelf->rows[r].heads[i].block);
        free(shelf->rows[r].heads);
    }
    *shelf = (struct shelf){.count = 0};
}

/* NULL: before all that begin then. */
static bool before(const struct match *match, int64_t from, const struct entry *entry)
{
    if (match->from != from) return match->from < from;
    return entry != NULL && entry_order(match->entry, entry) < 0;
}

static bool begins_before(const struct shelf_head *head, int64_t from, const struct entry *entry)
{
    return head->from != from ? head->from < from : before(&head->block->matches[0], from, entry);
}

/* The last block that begins before it, or the first. Most come in the order of time. */
static size_t head_of(const struct shelf_row *row, int64_t from, const struct entry *entry)
{
    if (row->head_count > 0 && begins_before(&row->heads[row->head_count - 1], from, entry)) return row->head_count - 1;
    size_t low = 0, high = row->head_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (begins_before(&row->heads[middle], from, entry))
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : low - 1;
}

/* Where in its block it stands, or would. */
static size_t place_of(const struct shelf_head *head, int64_t from, const struct entry *entry)
{
    const struct match *matches = head->block->matches;
    size_t low = 0, high = head->count;
    if (high > 0 && before(&matches[high - 1], from, entry)) return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before(&matches[middle], from, entry))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct shelf_head *add_head(struct shelf_row *row, size_t at)
{
    if (row->head_count == row->room) {
        size_t room = row->room == 0 ? 4 : row->room * 2;
        struct shelf_head *heads = realloc(row->heads, room * sizeof *heads);
        if (heads == NULL) return NULL;
        row->heads = heads;
        row->room = room;
    }
    struct shelf_block *block = malloc(sizeof *block);
    if (block == NULL) return NULL;
    memmove(&row->heads[at + 1], &row->heads[at], (row->head_count - at) * sizeof *row->heads);
    row->heads[at] = (struct shelf_head){.block = block};
    row->head_count++;
    return &row->heads[at];
}

static void changed(struct shelf_head *head)
{
    head->summed = false;
    if (head->count > 0) head->from = head->block->matches[0].from;
}

/* A full block that grows at its end gives way to a new one; else it is parted in the middle. */
static bool part(struct shelf_row *row, size_t at, size_t place)
{
    uint32_t kept = place == SHELF_BLOCK ? SHELF_BLOCK : SHELF_BLOCK / 2;
    struct shelf_head *next = add_head(row, at + 1);
    if (next == NULL) return false;
    struct shelf_head *head = &row->heads[at];
    next->count = head->count - kept;
    memcpy(next->block->matches, &head->block->matches[kept], next->count * sizeof(struct match));
    head->count = kept;
    changed(head);
    changed(next);
    return true;
}

static size_t row_of(int64_t length_s)
{
    return length_s > LONG_S ? SHELF_LONG : SHELF_SHORT;
}

bool shelf_put(struct shelf *shelf, const struct match *match)
{
    struct shelf_row *row = &shelf->rows[row_of(match->to - match->from)];
    if (row->head_count == 0 && add_head(row, 0) == NULL) return false;
    size_t at = head_of(row, match->from, match->entry);
    size_t place = place_of(&row->heads[at], match->from, match->entry);
    if (row->heads[at].count == SHELF_BLOCK) {
        if (!part(row, at, place)) return false;
        size_t kept = row->heads[at].count;
        if (place > kept || kept == SHELF_BLOCK) at++, place -= kept;
    }
    struct shelf_head *head = &row->heads[at];
    struct match *matches = head->block->matches;
    memmove(&matches[place + 1], &matches[place], (head->count - place) * sizeof *matches);
    matches[place] = *match;
    head->count++;
    changed(head);
    shelf->count++;
    shelf->version++;
    if (match->to - match->from > row->longest_s) row->longest_s = match->to - match->from;
    return true;
}

static bool take_from(struct shelf_row *row, int64_t from, const struct entry *entry, struct match *out)
{
    if (row->head_count == 0) return false;
    size_t at = head_of(row, from, entry), place = place_of(&row->heads[at], from, entry);
    if (place == row->heads[at].count && at + 1 < row->head_count) at++, place = 0;
    struct shelf_head *head = &row->heads[at];
    struct match *matches = head->block->matches;
    if (place >= head->count || matches[place].entry != entry || matches[place].from != from) return false;
    *out = matches[place];
    head->count--;
    memmove(&matches[place], &matches[place + 1], (head->count - place) * sizeof *matches);
    changed(head);
    if (head->count > 0) return true;
    free(head->block);
    row->head_count--;
    memmove(&row->heads[at], &row->heads[at + 1], (row->head_count - at) * sizeof *row->heads);
    return true;
}

bool shelf_take(struct shelf *shelf, int64_t from, const struct entry *entry, struct match *out)
{
    for (size_t r = 0; r < SHELF_ROWS; r++)
        if (take_from(&shelf->rows[r], from, entry, out)) {
            shelf->count--;
            shelf->version++;
            return true;
        }
    return false;
}

/* ---- reading */

static void begin_at(struct cursor *c, size_t r, int64_t from)
{
    const struct shelf_row *row = &c->shelf->rows[r];
    if (row->head_count == 0) return;
    c->block[r] = head_of(row, from, NULL);
    c->i[r] = place_of(&row->heads[c->block[r]], from, NULL);
}

struct cursor shelf_from(const struct shelf *shelf, int64_t from)
{
    struct cursor c = {.shelf = shelf, .reach = EVER};
    for (size_t r = 0; r < SHELF_ROWS; r++) begin_at(&c, r, from);
    return c;
}

struct cursor shelf_reaching(const struct shelf *shelf, int64_t from)
{
    struct cursor c = {.shelf = shelf, .reach = from};
    for (size_t r = 0; r < SHELF_ROWS; r++) {
        int64_t longest_s = shelf->rows[r].longest_s;
        begin_at(&c, r, from <= EVER + longest_s ? EVER : from - longest_s);
    }
    return c;
}

static const struct match *peek(struct cursor *c, size_t r, block_holds *holds)
{
    const struct shelf_row *row = &c->shelf->rows[r];
    while (c->block[r] < row->head_count) {
        struct shelf_head *head = &row->heads[c->block[r]];
        if (c->i[r] < head->count && shelf_sums(head)->last_to >= c->reach && (holds == NULL || holds(head)))
            return &head->block->matches[c->i[r]];
        c->block[r]++;
        c->i[r] = 0;
    }
    return NULL;
}

const struct match *shelf_next_of(struct cursor *c, block_holds *holds)
{
    const struct match *a = peek(c, SHELF_SHORT, holds), *b = peek(c, SHELF_LONG, holds);
    bool takes_long = a == NULL || (b != NULL && before(b, a->from, c->loose ? NULL : a->entry));
    c->i[takes_long ? SHELF_LONG : SHELF_SHORT]++;
    return takes_long ? b : a;
}

const struct match *shelf_next(struct cursor *c)
{
    return shelf_next_of(c, NULL);
}

/* As it stands by itself: where it lies in the window is for others to say. */
static void sum(struct shelf_head *head, const struct match *match)
{
    bool sure = match->fits == IN && match_sure(match, NEVER), heard = match->counts || match->credible;
    if (match->to > head->last_to) head->last_to = match->to;
    head->fitting += match->fits == IN;
    if (match->ripe != EVER) head->plain = false;
    if (match->excused == IN) {
        head->excused += match->fits == IN && match->counts;
        return;
    }
    if (!heard) return;
    if (sure) {
        head->lo_sum += match->lo;
        if (match->lo > head->lo_most) head->lo_most = match->lo;
        head->sure += match->lo > 0;
    }
    head->hi_sum += match->hi;
    if (match->hi > head->hi_most) head->hi_most = match->hi;
    head->any = true;
}

const struct shelf_head *shelf_sums(struct shelf_head *head)
{
    if (head->summed) return head;
    head->last_to = EVER;
    head->lo_sum = head->hi_sum = head->lo_most = head->hi_most = 0;
    head->sure = head->excused = head->fitting = 0;
    head->any = false;
    head->plain = true;
    for (uint32_t i = 0; i < head->count; i++) sum(head, &head->block->matches[i]);
    head->summed = true;
    return head;
}

bool block_holds_sure(const struct shelf_head *head)
{
    return head->sure > 0;
}

bool block_holds_any(const struct shelf_head *head)
{
    return head->any;
}

bool block_holds_excused(const struct shelf_head *head)
{
    return head->excused > 0;
}

bool block_holds_telling(const struct shelf_head *head)
{
    return head->sure > 0 || head->excused > 0;
}

bool block_holds_fitting(const struct shelf_head *head)
{
    return head->fitting > 0;
}

int64_t shelf_last(const struct shelf *shelf, int64_t least)
{
    for (size_t r = 0; r < SHELF_ROWS; r++)
        for (size_t b = 0; b < shelf->rows[r].head_count; b++) {
            const struct shelf_head *head = shelf_sums(&shelf->rows[r].heads[b]);
            if (head->last_to > least) least = head->last_to;
        }
    return least;
}
