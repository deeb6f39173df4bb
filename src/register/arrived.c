/* What was handed in at a mirror, beside what became of it. */
#include "json/write.h"
#include "register/arrivals.h"

enum { WITHHELD_MS = 24 * 60 * 60 * 1000 }; /* the bound of a host's own promises */

static enum status state_of(struct truce_register *reg, const struct arrival *arrival, const char **out,
                            struct error *error)
{
    bool found = false, is_void = false;
    uint64_t entry;
    TRY(index_find_id(reg->index, &arrival->stamp.id, &found, &entry, &is_void, error));
    bool late = reg->system->now_ms(reg->system->context) - arrival->stamp.at_ms > WITHHELD_MS;
    *out = found && !is_void ? "in" : arrival->refused ? "refused" : late ? "withheld" : "waiting";
    return STATUS_DONE;
}

static enum status put_line(struct truce_register *reg, const struct arrivals *arrivals, size_t i, struct buffer *out,
                            struct error *error)
{
    const struct arrival *arrival = &arrivals->at[i];
    char at[25], id[HASH_HEX_SIZE];
    const char *state;
    struct json_writer w;
    TRY(state_of(reg, arrival, &state, error));
    received_format(arrival->stamp.at_ms, at);
    hash_format(&arrival->stamp.id.hash, id);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "at"), json_put_string(&w, at);
    json_put_key(&w, "id"), json_put_string(&w, id);
    json_put_key(&w, "stamp"), json_put_slice(&w, arrivals_stamp(arrivals, i));
    json_put_key(&w, "state"), json_put_string(&w, state);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status tell_all(struct truce_register *reg, truce_line *line, void *context, struct error *error)
{
    struct arrivals arrivals;
    OWN(buffer_clear) struct buffer text = {0};
    TRY(register_catch_up(reg, NULL, NULL, error));
    TRY(arrivals_open(&arrivals, reg->system, reg->directory, false, error));
    enum status status = STATUS_DONE;
    for (size_t i = 0; i < arrivals.count && status == STATUS_DONE; i++) {
        buffer_reset(&text);
        status = put_line(reg, &arrivals, i, &text, error);
        if (status == STATUS_DONE) status = public_line(line, context, STATUS_DONE, buffer_slice(&text), error);
    }
    arrivals_close(&arrivals);
    return status;
}

enum truce_status truce_arrivals(struct truce_register *reg, truce_line *line, void *context, struct truce_error *error)
{
    struct error why;
    return public_status(tell_all(reg, line, context, &why), &why, error);
}
