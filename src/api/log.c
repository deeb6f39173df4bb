/* GET /checkpoint and /tile/…: the log as C2SP tlog-tiles has it, so that anybody can check it with programs of their
 * own. */
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

/* What was published of a tile never changes. */
void get_tile(struct visit *visit)
{
    char path[SEGMENT_SIZE + 8];
    snprintf(path, sizeof path, "tile/%s", visit->segment[0]);
    give(visit, path, "application/octet-stream", "private, max-age=31536000, immutable");
}
