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

static void give_heads_page(struct visit *visit, struct slice heads)
{
    OWN(arena_clear) struct arena arena;
    const struct json *tree;
    struct buffer body = {0};
    struct visit_page page;
    struct truce_error error;
    struct error why;
    struct now now;
    arena_init(&arena, 1024 * 1024 + heads.size * 64);
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
    } else if (json_read(&tree, heads, JSON_RELAXED, &arena, &why) != STATUS_DONE) {
        visit_fault(visit, 0, &why);
    } else {
        visit_page_open(visit, &now, &page);
        visit_cache(visit, "no-store", NULL);
        enum status status = page_heads(&body, &page.page, tree, &why);
        visit_give_page(visit, status, &why, &body);
        visit_page_close(&page);
    }
}

void get_heads(struct visit *visit)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct buffer body = {0};
    if (truce_heads(visit->reader, &answer, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    if (visit->form == FORM_HTML) {
        give_heads_page(visit, slice_of(answer.data, answer.size));
        truce_free(&answer);
        return;
    }
    buffer_put(&body, slice_of(answer.data, answer.size));
    buffer_put_byte(&body, '\n');
    truce_free(&answer);
    visit_cache(visit, "no-store", NULL);
    visit_give(visit, "application/json", &body);
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
