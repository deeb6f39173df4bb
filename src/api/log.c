/* GET /checkpoint, /cosigned, /mirrored, /heads and /tile/…, POST /cosignatures: the log as C2SP tlog-tiles has it, so
 * that anybody can check it with programs of their own. */
#include "api/internal.h"

#include <stdio.h>

/* Segments come decoded; a tile's path has none that would need it. */
static void give(struct visit *visit, const char *path, const char *type, const char *control)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    if (truce_tile(visit->reader, path, &answer, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    visit_cache(visit, control, NULL);
    visit_give_answer(visit, type, &answer);
}

void get_checkpoint(struct visit *visit)
{
    give(visit, "checkpoint", "text/plain; charset=utf-8", "private, max-age=1");
}

/* The newest head that a quorum stands behind, or full copies too. */
void get_cosigned_head(struct visit *visit)
{
    give(visit, "cosigned", "text/plain; charset=utf-8", "private, max-age=1");
}

void get_mirrored_head(struct visit *visit)
{
    give(visit, "mirrored", "text/plain; charset=utf-8", "private, max-age=1");
}

/* As a page it is a part of /integrity. */
static void lead_to_integrity(struct visit *visit)
{
    OWN(buffer_clear) struct buffer where = {0};
    struct slice query = http_query_string(visit->request);
    buffer_print(&where, "/integrity%s%.*s", query.size > 0 ? "?" : "", SLICE(query));
    buffer_put_byte(&where, '\0');
    http_status(visit->response, 303);
    http_add(visit->response, "Location", where.failed ? "/integrity" : (const char *)where.data);
    visit_cache(visit, "no-store", NULL);
}

void get_heads(struct visit *visit)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    if (visit->form == FORM_HTML) {
        lead_to_integrity(visit);
        return;
    }
    if (truce_heads(visit->reader, &answer, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    visit_cache(visit, "no-store", NULL);
    visit_give_answer(visit, "application/json", &answer);
}

/* A full copy brings its cosignature, or anybody a witness's: it holds by itself. */
void post_cosignatures(struct visit *visit)
{
    struct truce_error error;
    struct slice note = http_body(visit->request);
    if (truce_cosigned(visit->api->reg, (const char *)note.data, note.size, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    http_status(visit->response, 204);
    visit_cache(visit, "no-store", NULL);
}

/* What was published of a tile never changes. */
void get_tile(struct visit *visit)
{
    char path[SEGMENT_SIZE + 8];
    snprintf(path, sizeof path, "tile/%s", visit->segment[0]);
    give(visit, path, "application/octet-stream", "private, max-age=31536000, immutable");
}
