/* Pages as people get them: truce serve over the 2016 case with so many made records behind it. Before each page a new
 * record comes in, so that nothing kept from before the record answers for it. */
#include "bench/load.h"
#include "bench/measure.h"
#include "bench/program.h"

#include "base/time.h"

#include <stdio.h>

enum { ROUNDS = 40, PAGE_MS = 50 };

static const struct {
    const char *figure, *path;
} pages[] = {
    {"page-today", "/today"},
    {"page-standing", "/standing"},
    {"page-agreement", "/agreements/cessation-2016-09-09"},
    {"page-compliance", "/compliance"},
    {"page-verdict", "/why/cessation-2016-09-09/seven-days"},
    {"page-difference", "/difference?as-of=2016-09-18&known=2016-09-18"},
    {"page-claims", "/claims"},
    {"page-incidents", "/incidents"},
    {"page-map", "/map"},
    {"page-access", "/access"},
    {"page-handover", "/handover?party=russia&as-of=2016-09-19T18:00:00Z&from=2016-09-17T06:00:00Z"},
    {"page-parties", "/parties"},
    {"page-records", "/records"},
    {"page-found", "/records?kind=report&from=2016-09-19&to=2016-09-20&near=36.2,36.9&within=10000"},
    {"page-words", "/records?text=convoy"},
    {"page-integrity", "/integrity"},
};

struct paging {
    const struct run *run;
    char directory[GROUND_PATH];
    struct program program;
    struct notes notes, posts;
    size_t next;
    unsigned rounds;
    const char *path;
};

static void make_page(void *context, uint64_t i, struct buffer *out)
{
    const struct paging *p = context;
    (void)i;
    buffer_print(out, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n", p->path);
}

static void make_post(void *context, uint64_t i, struct buffer *out)
{
    const struct paging *p = context;
    struct slice note = notes_at(&p->posts, p->next);
    (void)i;
    buffer_print(out,
                 "POST /records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                 note.size);
    buffer_put(out, note);
}

static enum status ask(struct paging *p, void (*make)(void *, uint64_t, struct buffer *), double *seconds,
                       struct error *error)
{
    const struct load load = {p->program.port, 1, 1, make, p};
    return load_run(&load, seconds, error);
}

/* The 95th percentile of its times, in milliseconds. */
static enum status measure_page(struct paging *p, double *slow, struct samples *all, struct error *error)
{
    struct samples times = {0};
    double seconds;
    enum status status = ask(p, make_page, &seconds, error); /* what is opened at the first request is open */
    for (unsigned i = 0; i < p->rounds && status == STATUS_DONE; i++, p->next++) {
        status = ask(p, make_post, &seconds, error);
        if (status == STATUS_DONE) status = ask(p, make_page, &seconds, error);
        if (status == STATUS_DONE) status = samples_add(&times, seconds, error);
        if (status == STATUS_DONE) status = samples_add(all, seconds, error);
    }
    if (status == STATUS_DONE) *slow = samples_at(&times, 950) * 1e3;
    samples_clear(&times);
    return status;
}

static enum status measure(struct paging *p, struct error *error)
{
    const char *const arguments[] = {"truce",       "serve",  "-C",    p->directory, "--listen",
                                     "127.0.0.1:0", "--json", "--yes", NULL};
    struct samples all = {0};
    enum status status = program_start(&p->program, p->run, arguments, error);
    for (size_t i = 0; i < COUNT_OF(pages) && status == STATUS_DONE; i++) {
        double slow;
        p->path = pages[i].path;
        status = measure_page(p, &slow, &all, error);
        if (status == STATUS_DONE) figure_value(p->run, pages[i].figure, "ms", slow, PAGE_MS, p->run->options->records);
    }
    if (status == STATUS_DONE)
        figure_value(p->run, "pages", "ms", samples_at(&all, 950) * 1e3, PAGE_MS, p->run->options->records);
    samples_clear(&all);
    return status;
}

static enum status make(struct paging *p, struct error *error)
{
    size_t posts = p->rounds * COUNT_OF(pages);
    struct truce_error why;
    struct truce_buffer answer = {0};
    struct made *made;
    const struct made_options options = {.seed = p->run->options->seed,
                                         .total = p->run->options->records + posts,
                                         .from_day = time_days_from_civil(2016, 9, 9),
                                         .to_day = time_days_from_civil(2016, 10, 23)};
    enum status status = library_said(truce_case_load("syria-2016", p->directory, &answer, &why), &why, error);
    truce_free(&answer);
    TRY(status);
    TRY(made_open(&made, &options, error));
    status = made_join(made, p->directory, error);
    if (status == STATUS_DONE) status = made_notes(made, (size_t)options.total - posts, &p->notes, error);
    if (status == STATUS_DONE) status = made_notes(made, posts, &p->posts, error);
    made_close(&made);
    return status == STATUS_DONE ? register_fill(p->directory, &p->notes, error) : status;
}

enum status bench_page(struct run *run, struct error *error)
{
    struct paging p = {.run = run, .rounds = run->options->rounds > 0 ? run->options->rounds : ROUNDS};
    ground_path(&run->ground, "register", p.directory);
    enum status status = make(&p, error);
    if (status == STATUS_DONE) status = measure(&p, error);
    program_stop(&p.program);
    notes_clear(&p.notes);
    notes_clear(&p.posts);
    return status;
}
