/* POST /sealed and GET /sealed/HEX: the ciphers of what records seal, with the boxes that hold their keys. Whoever may
 * read the register may have them; who can open them is another matter. */
#include "api/internal.h"

struct taking_in {
    struct buffer lines;
    uint64_t refused;
};

static int take_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct taking_in *taking = context;
    buffer_put(&taking->lines, slice_of(line, size));
    buffer_put_byte(&taking->lines, '\n');
    taking->refused += status == TRUCE_REFUSED;
    return 0;
}

void post_sealed(struct visit *visit)
{
    struct taking_in taking = {.refused = 0};
    struct truce_error error = {.offset = -1};
    struct slice body = http_body(visit->request);
    enum truce_status status = truce_sealed_put(visit->reader, body.data, body.size, take_line, &taking, &error);
    bool answered = taking.lines.size > 0 && (status == TRUCE_DONE || status == TRUCE_REFUSED);
    if (!answered && status != TRUCE_DONE) {
        buffer_clear(&taking.lines);
        visit_problem(visit, &error);
        return;
    }
    http_status(visit->response, taking.refused > 0 ? 422 : 200);
    visit_cache(visit, "no-store", NULL);
    visit_give(visit, "application/x-ndjson", &taking.lines);
}

/* Never kept on the way: it may be erased, and gains boxes. */
void get_sealed(struct visit *visit)
{
    struct truce_buffer file = {0};
    struct truce_error error;
    struct buffer body = {0};
    if (truce_sealed_get(visit->reader, visit->segment[0], &file, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    buffer_put(&body, slice_of(file.data, file.size));
    truce_free(&file);
    visit_cache(visit, "no-store", NULL);
    visit_give(visit, "application/octet-stream", &body);
}
