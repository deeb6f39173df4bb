/* The check of an agreement before it is signed: what is told, and where. */
#include "terms/lint.h"

#include <stdio.h>

void lint_warn(struct reader *r, const char *key, const char *code, const char *sentence, const char *a, const char *b,
               const char *c)
{
    struct lint *lint = r->lint;
    struct error error;
    if (lint->told == FAULTS_TOLD_MOST || r->quiet > 0 || r->patches != NULL) return;
    size_t mark = key == NULL ? r->path.size : reader_in(r, key);
    enum status ignored = error_set(&error, STATUS_DONE, code, sentence, a, b, c, NULL);
    ignored = error_at(&error, STATUS_DONE, r->path.text);
    (void)ignored;
    lint->told++;
    lint->warning(lint->context, &error);
    if (key != NULL) reader_out(r, mark);
}

bool lint_work(struct reader *r, size_t work)
{
    r->lint->work += work;
    return r->lint->work <= LINT_WORK_MOST;
}

/* ---- who decides, who owes, and in which days */

static void check_quorum(struct reader *r, const struct wording *w)
{
    const struct group *by = w->finding.by;
    if (by == NULL || by->type != GROUP_NAMES || w->finding.quorum <= (int64_t)by->names.count) return;
    lint_warn(r, "finding", "check-quorum",
              "A quorum of {0} is asked of {1}: it can never be reached, and nothing will ever count.",
              error_number(w->finding.quorum).text, error_number((int64_t)by->names.count).text, NULL);
}

static bool lists(const struct json *list, struct slice name)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (m->type == JSON_STRING && slice_equal(m->string, name)) return true;
    return false;
}

static void check_each(struct reader *r, const struct wording *w)
{
    const struct json *parties = json_find(r->agreement->record, "parties");
    for (size_t i = 0; w->each && parties != NULL && i < w->who->names.count; i++)
        if (lint_work(r, parties->size) && !lists(parties, w->who->names.list[i]))
            lint_warn(
                r, "who", "check-each",
                "With `each`, \"{0}\" owes it too, and is no party of the agreement: it may never know. Leave the "
                "name out, or put it among the parties.",
                error_slice(w->who->names.list[i]).text, NULL, NULL);
}

static bool counts_days(const struct wording *w)
{
    return w->rule->type == RULE_CAP || w->rule->type == RULE_HELD;
}

static void check_zone(struct reader *r, const struct term *term)
{
    if (r->agreement->zone_count < 2 || term->zone != NULL || !counts_days(&term->wordings[0])) return;
    lint_warn(r, NULL, "check-zone",
              "The agreement has several time zones and this term names none: its days are those of UTC. Name one with "
              "`zone`.",
              NULL, NULL, NULL);
}

static void check_terms(struct reader *r)
{
    for (size_t i = 0; i < r->agreement->term_count; i++) {
        const struct term *term = &r->agreement->terms[i];
        if (!r->term_good[i]) continue;
        reader_in_term(r, i);
        check_quorum(r, &term->wordings[0]);
        check_each(r, &term->wordings[0]);
        check_zone(r, term);
        reader_out(r, 0);
    }
}

/* ---- the object around the tables */

static bool is_field(const struct record_kind *kind, struct slice name)
{
    static const char *const cases[] = {"$id", "$received"};
    for (const struct field *f = kind->shape->fields; f->name != NULL; f++)
        if (slice_is(name, f->name)) return true;
    for (const struct field *f = shape_envelope.fields; f->name != NULL; f++)
        if (slice_is(name, f->name)) return true;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (slice_is(name, cases[i])) return true;
    return false;
}

static struct slice nearest_field(const struct record_kind *kind, struct slice name)
{
    struct near near = {.typed = name};
    for (const struct field *f = kind->shape->fields; f->name != NULL; f++) near_consider(&near, slice_from(f->name));
    return near.best;
}

static void check_members(struct reader *r, const struct json *source, const struct record_kind *kind)
{
    for (const struct json *m = source->first; m != NULL && r->told < FAULTS_TOLD_MOST; m = m->next) {
        if (is_field(kind, m->key)) continue;
        size_t mark = json_path_push(&r->path, m->key);
        reader_unknown(r, NULL, UNKNOWN_MEMBER, m->key, nearest_field(kind, m->key));
        reader_out(r, mark);
    }
}

static void check_needed(struct reader *r, const struct json *source, const struct record_kind *kind)
{
    for (const struct field *f = kind->shape->fields; f->name != NULL; f++)
        if (f->need == FIELD_REQUIRED && json_find(source, f->name) == NULL && strcmp(f->name, "force") != 0)
            reader_fault(r, f->name, "record-missing", "The field \"{0}\" is missing.", slice_from(f->name));
}

static void check_record(struct reader *r, const struct json *source, size_t i)
{
    const struct record_kind *kind = record_kind_find(slice_from(i == 0 ? "agreement" : "part"));
    reader_in_source(r, i);
    check_members(r, source, kind);
    check_needed(r, source, kind);
    reader_out(r, 0);
}

enum status draft_check(const struct draft *draft, terms_fault *fault, terms_fault *warning, void *context,
                        size_t *faults, struct error *error)
{
    struct arena arena;
    struct symbols symbols;
    enum status status = STATUS_DONE;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    symbols_open(&symbols);
    struct reader *r = arena_get(&arena, sizeof *r);
    struct lint *lint = arena_get(&arena, sizeof *lint);
    if (r == NULL || lint == NULL) return arena_clear(&arena), arena_full(error);
    *lint = (struct lint){.warning = warning, .context = context};
    *r = (struct reader){.arena = &arena,
                         .fault = fault,
                         .context = context,
                         .bases = draft->bases,
                         .symbols = &symbols,
                         .whole = draft->whole,
                         .lint = lint};
    if (!lint_know(r, draft)) status = arena_full(error);
    if (status == STATUS_DONE) status = reader_read(r, draft->sources, draft->count, error);
    for (size_t i = 0; status == STATUS_DONE && i < draft->count; i++) check_record(r, draft->sources[i], i);
    if (status == STATUS_DONE && draft->whole) {
        lint_names(r);
        lint_unused(r);
        lint_called(r);
        check_terms(r);
        lint_times(r);
        lint_pairs(r);
    }
    *faults = r->faults;
    symbols_clear(&symbols);
    arena_clear(&arena);
    return status;
}
