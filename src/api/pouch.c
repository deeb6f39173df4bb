/* POST /outbox/pouch and /outbox/open: a pouch packed and given, and one taken in. A file of its own in a directory of
 * its own, for as long as it takes. */
#include "api/outbox.h"

#include "api/form.h"
#include "api/internal.h"
#include "system/system.h"
#include "tell/typed.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_SIZE = 512, IDS_MOST = 256, ID_SIZE = 65, STREAM_BYTES = 64 * 1024 };

struct scratch {
    char folder[PATH_SIZE], path[PATH_SIZE + 16];
};

static bool scratch_open(struct scratch *scratch, struct error *why)
{
    const char *below = getenv("TMPDIR");
    snprintf(scratch->folder, sizeof scratch->folder, "%s/truce-pouch-XXXXXX",
             below == NULL || below[0] == '\0' ? "/tmp" : below);
    if (mkdtemp(scratch->folder) == NULL) {
        (void)!error_system(why, "open", scratch->folder, errno);
        return false;
    }
    snprintf(scratch->path, sizeof scratch->path, "%s/pouch", scratch->folder);
    return true;
}

static void scratch_close(struct scratch *scratch)
{
    (void)unlink(scratch->path);
    (void)rmdir(scratch->folder);
}

/* ---- packing */

struct carrying {
    int file;
    off_t at;
};

static enum http_stream carry(void *context, bool beat, struct buffer *out)
{
    struct carrying *carrying = context;
    (void)beat;
    uint8_t *room = buffer_reserve(out, STREAM_BYTES);
    ssize_t size = room == NULL ? -1 : pread(carrying->file, room, STREAM_BYTES, carrying->at);
    if (size < 0) return HTTP_STREAM_BREAK; /* so that it does not look whole */
    buffer_advance(out, (size_t)size);
    carrying->at += size;
    return size == 0 ? HTTP_STREAM_END : HTTP_STREAM_ON;
}

static void carried(void *context)
{
    struct carrying *carrying = context;
    close(carrying->file);
    free(carrying);
}

static void give_file(struct visit *visit, const char *path)
{
    struct error why;
    struct carrying *carrying = calloc(1, sizeof *carrying);
    int file = carrying == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        (void)!error_system(&why, "open", path, carrying == NULL ? ENOMEM : errno);
        visit_fault(visit, 0, &why);
        free(carrying);
        return;
    }
    carrying->file = file;
    visit_cache(visit, "no-store", NULL);
    http_add(visit->response, "Content-Disposition", "attachment; filename=\"truce.pouch\"");
    http_stream(visit->response, "application/octet-stream", 0, carry, carried, carrying);
}

/* What the form asks for: entries from one on, records by their ids. */
struct packing {
    struct truce_pouch_options options;
    char id[IDS_MOST][ID_SIZE];
    const char *ids[IDS_MOST + 1];
};

static enum status read_ids(struct packing *packing, const char *text, struct error *error)
{
    size_t count = 0;
    while (text != NULL && *(text += strspn(text, " ,;\n\t")) != '\0') {
        size_t size = strcspn(text, " ,;\n\t");
        if (count == IDS_MOST)
            return error_set(error, STATUS_USAGE, "pouch-many", "A pouch takes at most {0} records by their ids.",
                             error_number(IDS_MOST).text, NULL);
        snprintf(packing->id[count], ID_SIZE, "%.*s", (int)(size < ID_SIZE ? size : ID_SIZE - 1), text);
        packing->ids[count] = packing->id[count];
        text += size;
        count++;
    }
    packing->options.ids = packing->ids;
    return STATUS_DONE;
}

static enum status read_from(struct packing *packing, const char *text, struct error *error)
{
    if (text == NULL) return STATUS_DONE;
    packing->options.has_from = value_number(&packing->options.from, slice_from(text));
    if (packing->options.has_from) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "pouch-from", "The first entry to take along is a number, not \"{0}\".",
                     error_slice(slice_from(text)).text, NULL);
}

static void pack(struct visit *visit, struct packing *packing)
{
    struct scratch scratch;
    struct truce_buffer answer = {0};
    struct truce_error error = {.offset = -1};
    struct error why;
    if (!scratch_open(&scratch, &why)) {
        visit_fault(visit, 0, &why);
        return;
    }
    packing->options.path = scratch.path;
    if (truce_pouch_pack(visit->reader, &packing->options, &answer, &error) == TRUCE_DONE)
        give_file(visit, scratch.path);
    else
        visit_problem(visit, &error);
    scratch_close(&scratch); /* what is open stays readable */
    truce_free(&answer);
}

void post_pouch_pack(struct visit *visit)
{
    struct form_body form;
    struct error why;
    struct packing *packing;
    if (!outbox_is_own(visit)) return;
    if (form_read(&form, visit)) {
        packing = arena_get(&form.arena, sizeof *packing);
        if (packing == NULL)
            (void)!arena_full(&why), visit_fault(visit, 0, &why);
        else if (read_from(packing, form_value(&form, "from", 0), &why) != STATUS_DONE ||
                 read_ids(packing, form_value(&form, "ids", 0), &why) != STATUS_DONE)
            visit_fault(visit, 0, &why);
        else
            pack(visit, packing);
    }
    form_close(&form);
}

/* ---- opening */

static enum truce_status take_notes(void *context, const char *notes, size_t size)
{
    struct handing *handing = context;
    struct truce_error error = {.offset = -1};
    enum truce_status status = truce_submit(handing->visit->api->reg, notes, size, handing_line, handing, &error);
    if (status != TRUCE_DONE && status != TRUCE_REFUSED) steward_failed(&handing->visit->api->steward, &error);
    return status;
}

/* What was erased here is no refusal. */
static enum truce_status take_sealed(void *context, const char *files, size_t size)
{
    struct handing *handing = context;
    struct truce_error error = {.offset = -1};
    size_t before = handing->refusals.size;
    enum truce_status status = truce_sealed_put(handing->visit->reader, files, size, handing_line, handing, &error);
    if (status != TRUCE_REFUSED) return status;
    return handing->refusals.size > before ? TRUCE_REFUSED : TRUCE_DONE;
}

static void open_file(struct visit *visit, const char *path)
{
    struct handing handing = {.visit = visit, .error = {.offset = -1}};
    const struct truce_pouch_door door = {take_notes, take_sealed, handing_line, &handing};
    handing.status = truce_pouch_open(visit->reader, path, &door, &handing.counts, &handing.error);
    handing_give(&handing);
}

static void open_bytes(struct visit *visit, struct slice bytes)
{
    struct scratch scratch;
    struct error why;
    if (!scratch_open(&scratch, &why)) {
        visit_fault(visit, 0, &why);
        return;
    }
    if (file_put(&system_real, scratch.path, bytes, 0600, &why) == STATUS_DONE)
        open_file(visit, scratch.path);
    else
        visit_fault(visit, 0, &why);
    scratch_close(&scratch);
}

static void open_form(struct visit *visit)
{
    struct form_body form;
    struct error why;
    if (form_read(&form, visit)) {
        struct slice bytes = form_file(&form, "pouch");
        (void)!error_set(&why, STATUS_USAGE, "pouch-none",
                         "No pouch was chosen: it is a file, as truce pouch pack or a "
                         "page like this one makes it.",
                         NULL);
        if (bytes.size > 0)
            open_bytes(visit, bytes);
        else
            visit_fault(visit, 400, &why);
    }
    form_close(&form);
}

void post_pouch_open(struct visit *visit)
{
    if (!outbox_is_own(visit)) return;
    if (http_is_form(visit->request))
        open_form(visit);
    else
        open_bytes(visit, http_body(visit->request));
}
