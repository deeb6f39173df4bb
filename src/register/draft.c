/* An agreement before it is signed: a file is looked through for agreements and their parts, and each is checked. */
#include "json/write.h"
#include "register/register.h"
#include "terms/draft.h"

#include <stdio.h>

enum { DRAFTS_MOST = 16, DRAFT_PARTS_MOST = 64, DRAFT_BASE_SIZE = 24 };

struct remarks {
    struct error *list;
    size_t count;
};

struct drafting {
    struct arena arena; /* what was read and is told */
    const struct json *tree;
    struct json_writer *out;
    struct remarks errors, warnings;
    size_t error_count, warning_count, agreements;
};

/* ---- what is told of one agreement */

static void keep(struct drafting *drafting, struct remarks *remarks, const struct error *error)
{
    if (remarks->list == NULL) remarks->list = arena_get(&drafting->arena, FAULTS_TOLD_MOST * sizeof *remarks->list);
    if (remarks->list != NULL && remarks->count < FAULTS_TOLD_MOST) remarks->list[remarks->count++] = *error;
}

static void on_fault(void *context, const struct error *fault)
{
    struct drafting *drafting = context;
    keep(drafting, &drafting->errors, fault);
}

static void on_warning(void *context, const struct error *warning)
{
    struct drafting *drafting = context;
    keep(drafting, &drafting->warnings, warning);
}

static void put_text(struct json_writer *w, const char *key, const char *text)
{
    json_put_key(w, key);
    json_put_string(w, text);
}

static void put_remarks(struct json_writer *w, const struct remarks *remarks)
{
    json_put_array(w);
    for (size_t i = 0; i < remarks->count; i++) {
        char message[sizeof((struct truce_error *)NULL)->message];
        public_message(&remarks->list[i], message, sizeof message);
        json_put_object(w);
        put_text(w, "code", remarks->list[i].code);
        put_text(w, "message", message);
        put_text(w, "pointer", remarks->list[i].pointer);
        json_put_close(w);
    }
    json_put_close(w);
}

/* Its own and its parts'. */
static int64_t count_terms(const struct draft *draft)
{
    int64_t count = 0;
    for (size_t i = 0; i < draft->count; i++) {
        const struct json *terms = json_find(draft->sources[i], "terms");
        if (terms != NULL && terms->type == JSON_ARRAY) count += terms->size;
    }
    return count;
}

static void put_agreement(struct drafting *drafting, const struct draft *draft)
{
    struct json_writer *w = drafting->out;
    const struct json *agreement = draft->sources[0];
    struct slice name = json_find_string(agreement, "agreement");
    json_put_object(w);
    if (name.data != NULL) json_put_key(w, "agreement"), json_put_slice(w, name);
    json_put_key(w, "errors");
    put_remarks(w, &drafting->errors);
    put_text(w, "pointer", draft->bases[0]);
    json_put_key(w, "terms");
    json_put_integer(w, count_terms(draft));
    json_put_key(w, "warnings");
    put_remarks(w, &drafting->warnings);
    json_put_close(w);
}

/* ---- an agreement and its parts */

struct gathered {
    const struct json *sources[1 + DRAFT_PARTS_MOST];
    char base[1 + DRAFT_PARTS_MOST][DRAFT_BASE_SIZE];
    const char *bases[1 + DRAFT_PARTS_MOST];
    struct draft draft;
};

static bool is_kind(const struct json *value, const char *kind)
{
    return slice_is(json_find_string(value, "kind"), kind);
}

/* Listed by its label, as in a case; or, where ids are listed, by the agreement that it names. */
static bool is_listed(const struct json *parts, const struct json *part)
{
    struct slice label = json_find_string(part, "$id");
    for (const struct json *m = parts->first; m != NULL; m = m->next) {
        if (m->type != JSON_STRING) continue;
        if (!slice_starts(m->string, "@")) return true;
        if (label.data != NULL && slice_equal(slice_part(m->string, 1, SIZE_MAX), label)) return true;
    }
    return false;
}

static void remark(struct drafting *drafting, bool is_error, const char *code, const char *sentence, const char *at,
                   size_t a, size_t b)
{
    struct error error;
    enum status ignored = error_set(&error, is_error ? STATUS_REFUSED : STATUS_DONE, code, sentence,
                                    error_number((int64_t)a).text, error_number((int64_t)b).text, NULL);
    ignored = error_at(&error, error.status, at);
    (void)ignored;
    keep(drafting, is_error ? &drafting->errors : &drafting->warnings, &error);
}

static void gather_parts(struct drafting *drafting, struct gathered *g, const struct json *agreement)
{
    const struct json *parts = json_find(agreement, "parts"), *list = drafting->tree;
    bool lists = parts != NULL && parts->type == JSON_ARRAY;
    size_t i = 0;
    if (list->type == JSON_ARRAY)
        for (const struct json *m = list->first; m != NULL; m = m->next, i++) {
            if (!is_kind(m, "part") ||
                !slice_equal(json_find_string(m, "agreement"), json_find_string(agreement, "agreement")))
                continue;
            char at[DRAFT_BASE_SIZE];
            snprintf(at, sizeof at, "/%zu", i);
            if (!lists || !is_listed(parts, m)) {
                remark(drafting, false, "check-part",
                       "The agreement does not list this part in `parts`: it counts for nothing.", at, 0, 0);
                continue;
            }
            if (g->draft.count > DRAFT_PARTS_MOST || g->draft.count > parts->size) continue;
            memcpy(g->base[g->draft.count], at, sizeof at);
            g->sources[g->draft.count++] = m;
        }
    size_t wanted = lists ? parts->size : 0, here = g->draft.count - 1;
    g->draft.whole = here == wanted;
    if (here < wanted) {
        char at[DRAFT_BASE_SIZE + 8];
        snprintf(at, sizeof at, "%s/parts", g->base[0]);
        remark(
            drafting, false, "check-part",
            "Of {0} parts that the agreement lists {1} stand here. What may stand in the others was not asked for, and "
            "names were not checked.",
            at, wanted, here);
    }
}

/* One record's text, at the least. */
static enum status check_size(struct drafting *drafting, const struct gathered *g, struct error *error)
{
    for (size_t i = 0; i < g->draft.count; i++) {
        OWN(buffer_clear) struct buffer text = {0};
        struct json_writer w;
        json_write_open(&w, &text);
        json_put_tree(&w, g->sources[i]);
        TRY(json_write_finish(&w, error));
        if (text.size <= LIMIT_RECORD_TEXT_BYTES) continue;
        remark(drafting, true, "record-size", "A record's text has at most {0} bytes; this has {1}.", g->base[i],
               LIMIT_RECORD_TEXT_BYTES, text.size);
        drafting->error_count++;
    }
    return STATUS_DONE;
}

static enum status check_one(struct drafting *drafting, const struct json *agreement, size_t i, struct error *error)
{
    size_t faults = 0;
    struct gathered *g = arena_get(&drafting->arena, sizeof *g);
    if (g == NULL) return arena_full(error);
    drafting->errors.count = drafting->warnings.count = 0;
    g->sources[0] = agreement;
    if (drafting->tree->type == JSON_ARRAY) snprintf(g->base[0], sizeof g->base[0], "/%zu", i);
    g->draft = (struct draft){.sources = g->sources, .bases = g->bases, .count = 1};
    if (drafting->tree->type == JSON_ARRAY) g->draft.beside = drafting->tree;
    gather_parts(drafting, g, agreement);
    for (size_t k = 0; k < g->draft.count; k++) g->bases[k] = g->base[k];
    TRY(check_size(drafting, g, error));
    TRY(draft_check(&g->draft, on_fault, on_warning, drafting, &faults, error));
    drafting->error_count += faults;
    drafting->warning_count += drafting->warnings.count;
    put_agreement(drafting, &g->draft);
    return STATUS_DONE;
}

/* ---- the file */

static bool is_agreement(const struct json *value)
{
    if (value->type != JSON_OBJECT) return false;
    return is_kind(value, "agreement") || (json_find(value, "kind") == NULL && json_find(value, "force") != NULL) ||
           (json_find(value, "kind") == NULL && json_find(value, "terms") != NULL);
}

static enum status check_all(struct drafting *drafting, struct error *error)
{
    bool list = drafting->tree->type == JSON_ARRAY;
    size_t i = 0;
    for (const struct json *m = list ? drafting->tree->first : drafting->tree; m != NULL;
         m = list ? m->next : NULL, i++) {
        if (!is_agreement(m)) continue;
        if (drafting->agreements++ == DRAFTS_MOST)
            return error_set(error, STATUS_FAILED, "check-many", "At most {0} agreements are checked at once.",
                             error_number(DRAFTS_MOST).text, NULL);
        TRY(check_one(drafting, m, i, error));
    }
    if (drafting->agreements > 0) return STATUS_DONE;
    return error_set(
        error, STATUS_FAILED, "check-none",
        "There is no agreement here: neither an object with `force` and `terms`, nor a list of records that "
        "holds one.",
        NULL);
}

static enum status check_text(struct drafting *drafting, struct slice text, struct buffer *out, struct error *error)
{
    struct json_writer w;
    drafting->out = &w;
    enum status status = json_read(&drafting->tree, text, JSON_RELAXED, &drafting->arena, error);
    if (status == STATUS_REFUSED && error != NULL) error->status = STATUS_FAILED; /* nothing was judged */
    if (status != STATUS_DONE) return STATUS_FAILED;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "agreements");
    json_put_array(&w);
    TRY(check_all(drafting, error));
    json_put_close(&w);
    json_put_key(&w, "errors");
    json_put_integer(&w, (int64_t)drafting->error_count);
    json_put_key(&w, "warnings");
    json_put_integer(&w, (int64_t)drafting->warning_count);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_terms_check(const char *json, size_t size, struct truce_buffer *answer,
                                    struct truce_error *error)
{
    struct error why = {.status = STATUS_DONE};
    struct drafting drafting = {.tree = NULL};
    OWN(buffer_clear) struct buffer out = {0};
    *answer = (struct truce_buffer){0};
    arena_init(&drafting.arena, 4 * (size_t)LIMIT_REQUEST_BYTES);
    enum status status = check_text(&drafting, slice_of(json, size), &out, &why);
    arena_clear(&drafting.arena);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    if (status == STATUS_DONE && drafting.error_count > 0)
        status = error_set(&why, STATUS_REFUSED, "agreement-refused", "The agreement's tables have {0} faults.",
                           error_number((int64_t)drafting.error_count).text, NULL);
    return public_status(status, &why, error);
}
