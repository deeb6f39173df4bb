#include "cli/cli.h"

#include "cli/remote.h"
#include "json/json.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct importing {
    struct call *call;
    struct progress progress;
    uint64_t admitted, already, refused;
};

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct importing *importing = context;
    progress_update(&importing->progress, done, total);
}

static int row_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct importing *importing = context;
    static const char already[] = "{\"already\":";
    if (status == TRUCE_REFUSED)
        importing->refused++;
    else if (size >= sizeof already - 1 && memcmp(line, already, sizeof already - 1) == 0)
        importing->already++;
    else
        importing->admitted++;
    if (importing->call->json) return output_line_now(slice_of(line, size)) ? 0 : 1;
    if (status != TRUCE_REFUSED) return 0;
    progress_hide(&importing->progress);
    return submit_line(importing->call, status, line, size);
}

static void say_sums(const struct importing *importing)
{
    const struct {
        const char *label;
        uint64_t rows;
    } sums[] = {{TR("Admitted: {0}"), importing->admitted},
                {TR("Already there: {0}"), importing->already},
                {TR("Refused: {0}"), importing->refused}};
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        OWN(buffer_clear) struct buffer rows = {0}, line = {0};
        words_count(&rows, NOUN_ROW, sums[i].rows);
        buffer_put_byte(&rows, '\0');
        words_fill(&line, sums[i].label, rows.failed ? "" : (const char *)rows.data, NULL);
        buffer_put_byte(&line, '\n');
        say_text(buffer_slice(&line));
    }
}

static enum truce_status import(struct call *call)
{
    struct importing importing = {.call = call};
    struct truce_error error;
    struct truce_buffer summary = {0};
    struct truce_register *reg;
    struct truce_key *key;
    static struct remote beside;
    if (remote_beside(call, &beside)) {
        say(TR("A server holds this register ({0}), and an import needs it alone: stop truce serve, import, start it "
               "again."),
            beside.socket, NULL);
        return TRUCE_FAILED;
    }
    enum truce_status status = key_open(call, &key);
    if (status != TRUCE_DONE) return status;
    status = call_open(call, TRUCE_WRITE, &reg);
    if (status == TRUCE_DONE) {
        progress_open(&importing.progress, TR("Importing"));
        status = truce_import(reg, call_operand(call, 0), call_operand(call, 1), key, row_line, show_progress,
                              &importing, &summary, &error);
        progress_hide(&importing.progress);
        /* Rows that were refused have been told one by one; a file or key that is refused as a whole has not. */
        if (status != TRUCE_DONE && strcmp(error.code, "import-refused") != 0) say_error(&error);
        status = call_close(&reg, status);
        if (!call->json) say_sums(&importing);
    }
    truce_free(&summary);
    truce_key_close(&key);
    return status;
}

static const struct option options[] = {OPTION_KEY, OPTION_PASSPHRASE_FILE, END_OF_OPTIONS};
const struct command command_import = {
    .name = "import",
    .usage = "FORMAT FILE --key FILE",
    .does = N_("Takes records out of another format: ged, the events of the UCDP."),
    .more = N_("Every row is accounted for: admitted, already there, or refused with its reason. It can be stopped and "
               "started again; nothing is taken twice. With --json each row gives one line, as soon as it is durable."),
    .example = "truce import ged events.csv --key keys/ucdp.key",
    .options = options,
    .least = 2,
    .most = 2,
    .run = import,
};
