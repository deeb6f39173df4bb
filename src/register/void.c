/* Why an entry is void: it is judged once more as it was when it came, by the entries before it alone. Nothing keeps
 * the reason, which anybody can find who has the log. */
#include "register/judge.h"

/* Where all else is in order, only the day's quota is left; how many there had been by then is no longer told. */
static uint64_t too_many(void *context, struct slice by, int64_t day, struct error *error)
{
    (void)context, (void)by, (void)day, (void)error;
    return UINT64_MAX;
}

static enum status judge_again(struct truce_register *reg, uint64_t index, const struct record *record,
                               int64_t received_ms, struct error *why, struct error *error)
{
    struct members *members;
    struct judge judge;
    const struct signature_job unchecked = {.record = record};
    TRY(register_members(reg, reg->index, index, &members, error));
    judge_open(&judge, reg, reg->index, members, index, NULL);
    judge.count_day = too_many;
    enum status status = judge_one(&judge, record, received_ms, &unchecked, why);
    judge_close(&judge);
    members_close(&members);
    if (status == STATUS_DONE || status == STATUS_REFUSED) return STATUS_DONE;
    if (error != NULL) *error = *why;
    return status;
}

enum status void_reason(struct truce_register *reg, uint64_t index, struct error *why, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct slice note;
    int64_t received_ms;
    *why = (struct error){.code = ""};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(log_read(reg->log, index, &entry, error));
    if (entry_parse(&received_ms, &note, buffer_slice(&entry), why) != STATUS_DONE) return STATUS_DONE;
    enum status status = record_decode(&record, note, &arena, why);
    if (status == STATUS_DONE) return judge_again(reg, index, &record, received_ms, why, error);
    if (status != STATUS_FAILED) return STATUS_DONE;
    if (error != NULL) *error = *why; /* memory ran out: that says nothing about the entry */
    return status;
}
