/* GET /integrity: what stands behind the register as this copy has it, and how to check it without this server. */
#include "api/internal.h"
#include "api/outbox.h"

#include <stdio.h>

enum { INTEGRITY_ARENA_BYTES = 64 * 1024 * 1024, SERVER_SIZE = 320 };

/* By which address a full copy can be made of this server; NULL where it is the reader's own, or its Host is no plain
 * name: it stands in a command. */
static const char *server_of(const struct visit *visit, bool own, char out[SERVER_SIZE])
{
    struct slice host = http_header(visit->request, "Host");
    for (size_t i = 0; i < host.size; i++) {
        char c = (char)host.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr(".-:[]", c) != NULL);
        if (!plain) return NULL;
    }
    int size = snprintf(out, SERVER_SIZE, "%s://%.*s", visit->api->tls ? "https" : "http", SLICE(host));
    return own || host.size == 0 || size >= SERVER_SIZE ? NULL : out;
}

static void give_page(struct visit *visit, const struct json *answer)
{
    struct visit_page page;
    struct truce_error error;
    struct buffer body = {0};
    struct error why;
    struct now now;
    char server[SERVER_SIZE];
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    visit_page_open(visit, &now, &page);
    visit_cache(visit, "no-store", NULL);
    enum status status = page_integrity(&body, &page.page, answer, server_of(visit, page.page.own, server), &why);
    visit_give_page(visit, status, &why, &body);
    visit_page_close(&page);
}

void get_integrity(struct visit *visit)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct arena arena;
    const struct json *tree;
    struct error why;
    if (truce_integrity(visit->reader, outbox_is_shown(visit), &answer, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    if (visit->form != FORM_HTML) {
        visit_cache(visit, "no-store", NULL);
        visit_give_answer(visit, "application/json", &answer);
        return;
    }
    arena_init(&arena, INTEGRITY_ARENA_BYTES);
    if (json_read(&tree, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, &why) == STATUS_DONE)
        give_page(visit, tree);
    else
        visit_fault(visit, 0, &why);
    arena_clear(&arena);
    truce_free(&answer);
}
