#include "intake/offer.h"

#include "base/limits.h"
#include "crypto/hash.h"
#include "intake/patterns.h"
#include "text/lexicon.h"
#include "text/words.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    STATES_MOST = 8,  /* states that a name or a stretch of text stands for */
    OFFERED_MOST = 3, /* terms and channels for one statement */
    RECORDS_MOST = 8,
    SHARED_LEAST = 2 /* words that a statement and what it may be about have in common */
};

/* The terms by which a text is found (text/words.h), sorted. */
struct terms {
    struct slice *item;
    size_t count;
};

struct party {
    struct slice name;
    struct slice state[STATES_MOST]; /* ids of places.txt that its names stand for */
    size_t states;
    struct party *next;
};

/* A term or a channel of an agreement, by its own words. */
struct matter {
    struct slice agreement, id;
    bool channel;
    struct terms terms;
    struct matter *next;
};

struct earlier {
    struct slice id, party, speaker, sha256; /* speaker: folded */
    int64_t start, end;
    struct terms terms;
    struct earlier *next;
};

struct waiting {
    struct slice id, from, to;
    bool question;
    struct waiting *next;
};

struct offers {
    struct arena *arena;
    struct party *parties;
    struct matter *matters;
    struct earlier *earlier;
    struct waiting *waiting;
    struct error *error; /* of the line at hand */
    enum status status;
};

/* ---- terms */

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

enum { TERM_BYTES = 6 }; /* shorter ones are small words */

static enum status terms_of(struct terms *out, struct slice text, struct arena *arena, struct error *error)
{
    OWN(words_clear) struct words words = {0};
    OWN(buffer_clear) struct buffer put = {0};
    TRY(words_take(&words, text, error));
    TRY(words_put_terms(&words, &put, error));
    struct slice all = arena_copy(arena, buffer_slice(&put));
    size_t most = 1;
    for (size_t i = 0; i < all.size; i++) most += all.data[i] == ' ';
    out->item = arena_get(arena, most * sizeof *out->item);
    if (out->item == NULL || (put.size > 0 && all.data == NULL)) return arena_full(error);
    out->count = 0;
    for (size_t from = 0, at = 0; at <= all.size; at++) {
        if (at < all.size && all.data[at] != ' ') continue;
        if (at - from >= TERM_BYTES) out->item[out->count++] = slice_part(all, from, at - from);
        from = at + 1;
    }
    qsort(out->item, out->count, sizeof *out->item, by_bytes);
    return STATUS_DONE;
}

static bool terms_have(const struct terms *terms, struct slice term)
{
    return terms->count > 0 && bsearch(&term, terms->item, terms->count, sizeof term, by_bytes) != NULL;
}

/* Terms that both have. */
static size_t shared(const struct terms *a, const struct terms *b)
{
    size_t count = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        int order = slice_compare(a->item[i], b->item[k]);
        count += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return count;
}

/* ---- states that a text names, by their names, their capitals' and their adjectives */

static void add_state(struct slice *state, size_t *states, struct slice id)
{
    for (size_t i = 0; i < *states; i++)
        if (slice_equal(state[i], id)) return;
    if (*states < STATES_MOST) state[(*states)++] = id;
}

static void add_demonyms(const struct terms *terms, struct slice *state, size_t *states)
{
    struct slice file = lexicon_get("any/demonyms.txt"), line, id = {NULL, 0}, words = {NULL, 0};
    while (lexicon_line(&file, &line)) {
        if (!lexicon_column(&line, &id) || !lexicon_column(&line, &words)) continue;
        for (size_t from = 0, at = 0; at <= words.size; at++) {
            if (at < words.size && words.data[at] != ' ') continue;
            OWN(buffer_clear) struct buffer folded = {0};
            if (text_fold(&folded, NULL, slice_part(words, from, at - from), NULL) == STATUS_DONE &&
                terms_have(terms, buffer_slice(&folded)))
                add_state(state, states, id);
            from = at + 1;
        }
    }
}

/* The states in bytes start … end of a text whose facts are known. */
static void states_within(const struct facts *facts, size_t start, size_t end, struct slice *state, size_t *states)
{
    struct slice found[STATES_MOST];
    size_t count = facts_states(facts, start, end, found, STATES_MOST);
    for (size_t i = 0; i < count; i++) add_state(state, states, found[i]);
}

static enum status states_of_name(struct party *party, struct slice name, struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer folded = {0};
    OWN(fold_map_clear) struct fold_map map = {0};
    struct facts *facts;
    TRY(text_fold(&folded, &map, name, error));
    TRY(facts_find(&facts, name, buffer_slice(&folded), &map, NULL, arena, error));
    states_within(facts, 0, name.size, party->state, &party->states);
    return STATUS_DONE;
}

/* ---- reading the register */

static enum status add_party(struct offers *offers, struct slice name, const struct json *names)
{
    struct party *party = arena_get(offers->arena, sizeof *party);
    if (party == NULL) return arena_full(offers->error);
    party->name = arena_copy(offers->arena, name);
    for (const struct json *n = names == NULL ? NULL : names->first; n != NULL; n = n->next)
        if (n->type == JSON_STRING && n->key.size == 2)
            TRY(states_of_name(party, n->string, offers->arena, offers->error));
    party->next = offers->parties;
    offers->parties = party;
    return STATUS_DONE;
}

static enum status add_matter(struct offers *offers, struct slice agreement, struct slice id, bool channel,
                              const struct json *text)
{
    OWN(buffer_clear) struct buffer all = {0};
    struct matter *matter = arena_get(offers->arena, sizeof *matter);
    if (matter == NULL) return arena_full(offers->error);
    *matter = (struct matter){
        arena_copy(offers->arena, agreement), arena_copy(offers->arena, id), channel, {NULL, 0}, offers->matters};
    for (const struct json *t = text == NULL ? NULL : text->first; t != NULL; t = t->next)
        if (t->type == JSON_STRING && t->key.size == 2) buffer_put(&all, t->string), buffer_put_byte(&all, '\n');
    TRY(buffer_finish(&all, offers->error));
    offers->matters = matter;
    return terms_of(&matter->terms, buffer_slice(&all), offers->arena, offers->error);
}

static enum status add_agreement(struct offers *offers, const struct json *record)
{
    struct slice agreement = json_find_string(record, "id");
    const struct json *channels = json_find(record, "channels"), *terms = json_find(record, "terms");
    for (const struct json *c = channels == NULL ? NULL : channels->first; c != NULL; c = c->next)
        TRY(add_matter(offers, agreement, c->key, true, json_find(c, "name")));
    for (const struct json *t = terms == NULL ? NULL : terms->first; t != NULL; t = t->next)
        TRY(add_matter(offers, agreement, json_find_string(t, "id"), false, json_find(t, "clause")));
    return STATUS_DONE;
}

static enum status add_earlier(struct offers *offers, const struct json *record)
{
    OWN(buffer_clear) struct buffer folded = {0};
    const struct json *words = json_find(record, "words");
    struct earlier *earlier = arena_get(offers->arena, sizeof *earlier);
    if (earlier == NULL) return arena_full(offers->error);
    TRY(text_fold(&folded, NULL, json_find_string(record, "speaker"), offers->error));
    *earlier = (struct earlier){.id = arena_copy(offers->arena, json_find_string(record, "id")),
                                .party = arena_copy(offers->arena, json_find_string(record, "party")),
                                .speaker = arena_copy(offers->arena, buffer_slice(&folded)),
                                .sha256 = arena_copy(offers->arena, json_find_string(words, "sha256")),
                                .start = json_find_integer(words, "start", -1),
                                .end = json_find_integer(words, "end", -1),
                                .next = offers->earlier};
    offers->earlier = earlier;
    return terms_of(&earlier->terms, json_find_string(words, "exact"), offers->arena, offers->error);
}

static enum status add_record(struct offers *offers, const struct json *record)
{
    struct slice kind = json_find_string(record, "kind");
    const struct json *founders = json_find(record, "founders");
    if (json_find_bool(record, "void")) return STATUS_DONE;
    if (slice_is(kind, "agreement")) return add_agreement(offers, record);
    if (slice_is(kind, "statement")) return add_earlier(offers, record);
    if (slice_is(kind, "party"))
        return add_party(offers, json_find_string(record, "party"), json_find(record, "names"));
    for (const struct json *f = founders == NULL ? NULL : founders->first; f != NULL; f = f->next)
        TRY(add_party(offers, json_find_string(f, "party"), json_find(f, "names")));
    return STATUS_DONE;
}

static int take_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct offers *offers = context;
    struct arena arena;
    const struct json *record;
    (void)status;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    offers->status = json_read(&record, slice_of(line, size), JSON_RELAXED, &arena, offers->error);
    if (offers->status == STATUS_DONE) offers->status = add_record(offers, record);
    arena_clear(&arena);
    return offers->status == STATUS_DONE ? 0 : 1;
}

static enum status library_said(enum truce_status status, const struct truce_error *why, struct error *error)
{
    if (status == TRUCE_DONE) return STATUS_DONE;
    return error_set(error, (enum status)status, "intake-register", "The register could not be asked: {0}",
                     why->message, NULL);
}

static enum status read_kind(struct offers *offers, struct truce_register *reg, const char *kind, struct error *error)
{
    struct truce_error why;
    struct truce_query query = {.kind = kind};
    enum truce_status status = truce_find(reg, &query, take_line, offers, &why);
    TRY(offers->status); /* what stopped it */
    return library_said(status, &why, error);
}

static enum status add_waiting(struct offers *offers, const struct json *list, bool question)
{
    for (const struct json *w = list == NULL ? NULL : list->first; w != NULL; w = w->next) {
        struct waiting *waiting = arena_get(offers->arena, sizeof *waiting);
        if (waiting == NULL) return arena_full(offers->error);
        *waiting = (struct waiting){arena_copy(offers->arena, json_find_string(w, "id")),
                                    arena_copy(offers->arena, json_find_string(w, "from")),
                                    arena_copy(offers->arena, json_find_string(w, "to")), question, offers->waiting};
        offers->waiting = waiting;
    }
    return STATUS_DONE;
}

static enum status read_waiting(struct offers *offers, struct truce_register *reg, struct error *error)
{
    const struct truce_moment now = {.known_by = TRUCE_KNOWN_ALL};
    struct truce_buffer answer = {0};
    struct truce_error why;
    struct arena arena;
    const struct json *standing;
    TRY(library_said(truce_standing(reg, &now, &answer, &why), &why, error));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = json_read(&standing, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, error);
    if (status == STATUS_DONE) status = add_waiting(offers, json_find(json_find(standing, "open"), "notices"), false);
    if (status == STATUS_DONE) status = add_waiting(offers, json_find(json_find(standing, "open"), "questions"), true);
    arena_clear(&arena);
    truce_free(&answer);
    return status;
}

enum status offers_read(struct offers **out, struct truce_register *reg, struct arena *arena, struct error *error)
{
    static const char *const kinds[] = {"genesis", "party", "agreement", "statement"};
    struct error own;
    struct offers *offers = arena_get(arena, sizeof *offers);
    if (offers == NULL) return arena_full(error);
    offers->arena = arena;
    offers->error = error != NULL ? error : &own;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) TRY(read_kind(offers, reg, kinds[i], offers->error));
    TRY(read_waiting(offers, reg, offers->error));
    *out = offers;
    return STATUS_DONE;
}

/* ---- what waits, by the words of offers.txt */

static struct patterns *asking[LANGUAGES];

static void add_asking(struct patterns *patterns, const char *path)
{
    struct slice file = lexicon_get(path), line, what = {NULL, 0}, list = {NULL, 0};
    while (patterns != NULL && lexicon_line(&file, &line)) {
        if (!lexicon_column(&line, &what) || !lexicon_column(&line, &list)) continue;
        for (size_t from = 0, at = 0; at <= list.size; at++) {
            if (at < list.size && list.data[at] != ',') continue;
            struct slice phrase = slice_part(list, from, at - from);
            while (phrase.size > 0 && phrase.data[0] == ' ') phrase = slice_part(phrase, 1, phrase.size);
            bool open = phrase.size > 0 && phrase.data[phrase.size - 1] == '*';
            OWN(buffer_clear) struct buffer folded = {0};
            if (text_fold(&folded, NULL, slice_part(phrase, 0, phrase.size - open), NULL) == STATUS_DONE)
                (void)patterns_add(patterns, buffer_slice(&folded), open, slice_is(what, "question") ? 2 : 1);
            from = at + 1;
        }
    }
    if (patterns != NULL) (void)patterns_build(patterns);
}

static void make_asking(void)
{
    add_asking(asking[LANGUAGE_ARABIC] = patterns_new(), "ar/offers.txt");
    add_asking(asking[LANGUAGE_ENGLISH] = patterns_new(), "en/offers.txt");
}

static void note_asking(void *context, size_t from, size_t end, unsigned value)
{
    (void)from, (void)end;
    *(unsigned *)context |= value;
}

/* Bits: 1 notices, 2 questions. */
static unsigned asks_for(enum language language, struct slice folded)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    unsigned bits = 0;
    pthread_once(&once, make_asking);
    if (asking[language] != NULL) patterns_find(asking[language], folded, note_asking, &bits);
    return bits;
}

/* ---- matching one statement */

struct matching {
    const struct offers *offers;
    const struct party *by[STATES_MOST], *to[STATES_MOST];
    size_t bys, tos;
    struct terms terms;
    struct slice speaker; /* folded */
    unsigned asks;
};

static bool stands_for(const struct party *party, const struct slice *state, size_t states)
{
    for (size_t i = 0; i < party->states; i++)
        for (size_t k = 0; k < states; k++)
            if (slice_equal(party->state[i], state[k])) return true;
    return false;
}

static bool is_among(const struct party *const *parties, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(parties[i]->name, name)) return true;
    return false;
}

/* The parties that stand for these states; a name that holds another party's state besides its own is no match for it.
 */
static void match_parties(const struct offers *offers, const struct slice *state, size_t states,
                          const struct party **out, size_t *count)
{
    for (const struct party *p = offers->parties; p != NULL; p = p->next)
        if (*count < STATES_MOST && stands_for(p, state, states) && !is_among(out, *count, p->name))
            out[(*count)++] = p;
}

static enum status match(struct matching *m, const struct proposal *proposal, const struct statement *s,
                         struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer called = {0}, folded = {0}, content = {0};
    struct slice state[STATES_MOST];
    struct terms terms;
    size_t states = 0;
    const struct span spans[] = {s->speaker, s->name, s->role, s->organisation};
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        if (spans[i].start == spans[i].end) continue;
        TRY(proposal_words(&called, proposal, spans[i], error));
        buffer_put_byte(&called, '\n');
        states_within(proposal->facts, spans[i].start, spans[i].end, state, &states);
    }
    TRY(buffer_finish(&called, error));
    TRY(terms_of(&terms, buffer_slice(&called), arena, error));
    add_demonyms(&terms, state, &states);
    match_parties(m->offers, state, states, m->by, &m->bys);
    states = 0;
    states_within(proposal->facts, s->content.start, s->content.end, state, &states);
    match_parties(m->offers, state, states, m->to, &m->tos);
    struct span name = s->name.start < s->name.end ? s->name : s->speaker;
    buffer_reset(&called);
    TRY(proposal_words(&called, proposal, name, error));
    TRY(text_fold(&folded, NULL, buffer_slice(&called), error));
    m->speaker = arena_copy(arena, buffer_slice(&folded));
    TRY(proposal_words(&content, proposal, s->content, error));
    buffer_reset(&folded);
    TRY(text_fold(&folded, NULL, buffer_slice(&content), error));
    m->asks = asks_for(proposal->article.language, buffer_slice(&folded));
    return terms_of(&m->terms, buffer_slice(&content), arena, error);
}

/* ---- putting it */

static void put_parties(struct json_writer *w, const char *key, const struct party *const *parties, size_t count,
                        const struct party *const *but, size_t buts)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (is_among(but, buts, parties[i]->name)) continue;
        if (!any) json_put_key(w, key), json_put_array(w);
        any = true;
        json_put_slice(w, parties[i]->name);
    }
    if (any) json_put_close(w);
}

/* The matters that share most words with it, best first. */
static void put_matters(struct json_writer *w, const struct matching *m, bool channels)
{
    const struct matter *best[OFFERED_MOST] = {NULL};
    size_t score[OFFERED_MOST] = {0};
    for (const struct matter *x = m->offers->matters; x != NULL; x = x->next) {
        size_t own = x->channel == channels ? shared(&x->terms, &m->terms) : 0;
        if (own < SHARED_LEAST) continue;
        const struct matter *put = x;
        for (size_t i = 0; i < OFFERED_MOST; i++)
            if (own > score[i]) {
                const struct matter *was = best[i];
                size_t was_score = score[i];
                best[i] = put, score[i] = own;
                put = was, own = was_score;
            }
    }
    if (best[0] == NULL) return;
    json_put_key(w, channels ? "channels" : "terms");
    json_put_array(w);
    for (size_t i = 0; i < OFFERED_MOST && best[i] != NULL; i++) {
        json_put_object(w);
        json_put_key(w, "agreement"), json_put_slice(w, best[i]->agreement);
        json_put_key(w, channels ? "channel" : "term"), json_put_slice(w, best[i]->id);
        json_put_close(w);
    }
    json_put_close(w);
}

static const char *why_earlier(const struct earlier *e, const struct matching *m, const struct statement *s,
                               const char *sha256)
{
    if (slice_is(e->sha256, sha256) && e->start < (int64_t)s->content.end && e->end > (int64_t)s->content.start)
        return "recorded";
    if (e->speaker.size == 0 || !slice_equal(e->speaker, m->speaker)) return NULL;
    return shared(&e->terms, &m->terms) >= SHARED_LEAST ? "earlier" : NULL;
}

static void put_one(struct json_writer *w, size_t *put, struct slice id, const char *why)
{
    if (*put == RECORDS_MOST) return;
    if ((*put)++ == 0) json_put_key(w, "records"), json_put_array(w);
    json_put_object(w);
    json_put_key(w, "id"), json_put_slice(w, id);
    json_put_key(w, "why"), json_put_string(w, why);
    json_put_close(w);
}

/* Does it wait between those who speak and those who are spoken of? */
static bool concerns(const struct waiting *waiting, const struct matching *m)
{
    bool from = is_among(m->by, m->bys, waiting->from) || is_among(m->to, m->tos, waiting->from);
    bool to = is_among(m->by, m->bys, waiting->to) || is_among(m->to, m->tos, waiting->to);
    return from && to && (m->asks & (waiting->question ? 2U : 1U)) != 0;
}

static void put_records(struct json_writer *w, const struct matching *m, const struct proposal *proposal,
                        const struct statement *s)
{
    char sha256[HASH_HEX_SIZE];
    size_t put = 0;
    struct hash hash = hash_of(proposal->source);
    hash_format(&hash, sha256);
    for (const struct earlier *e = m->offers->earlier; e != NULL; e = e->next) {
        const char *why = why_earlier(e, m, s, sha256);
        if (why != NULL) put_one(w, &put, e->id, why);
    }
    for (const struct waiting *x = m->offers->waiting; x != NULL; x = x->next) /* one record may wait for several */
        if (concerns(x, m) && (x->next == NULL || !slice_equal(x->next->id, x->id)))
            put_one(w, &put, x->id, x->question ? "unanswered" : "unacknowledged");
    if (put > 0) json_put_close(w);
}

enum status offers_put(struct json_writer *w, const struct offers *offers, const struct proposal *proposal,
                       const struct statement *s, struct error *error)
{
    struct matching m = {.offers = offers};
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = match(&m, proposal, s, &arena, error);
    if (status == STATUS_DONE) {
        json_put_key(w, "offers");
        json_put_object(w);
        put_parties(w, "addressed", m.to, m.tos, m.by, m.bys);
        put_matters(w, &m, true);
        put_parties(w, "parties", m.by, m.bys, NULL, 0);
        put_records(w, &m, proposal, s);
        put_matters(w, &m, false);
        json_put_close(w);
    }
    arena_clear(&arena);
    return status;
}
