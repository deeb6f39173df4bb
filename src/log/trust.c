#include "log/trust.h"

#include "base/macro.h"

/* A line at a time, its words between blanks and tabs. */
struct reading {
    struct trust *trust;
    struct slice rest, line;
    size_t at; /* of the line */
    bool has_quorum;
};

static bool next_line(struct reading *reading, size_t total)
{
    if (reading->rest.size == 0) return false;
    const uint8_t *end = memchr(reading->rest.data, '\n', reading->rest.size);
    size_t size = end == NULL ? reading->rest.size : (size_t)(end - reading->rest.data);
    reading->at = total - reading->rest.size;
    reading->line = slice_part(reading->rest, 0, size);
    reading->rest = slice_part(reading->rest, size + 1, SIZE_MAX);
    return true;
}

static struct slice next_word(struct slice *line)
{
    size_t from = 0, to;
    while (from < line->size && (line->data[from] == ' ' || line->data[from] == '\t')) from++;
    for (to = from; to < line->size && line->data[to] != ' ' && line->data[to] != '\t';) to++;
    struct slice word = slice_part(*line, from, to - from);
    *line = slice_part(*line, to, SIZE_MAX);
    return word;
}

static enum status wrong(const struct reading *reading, const char *sentence, struct slice word, struct error *error)
{
    return error_at_offset(error,
                           error_set(error, STATUS_REFUSED, "policy-form", sentence, error_slice(word).text, NULL),
                           (int64_t)reading->at);
}

/* ---- names: witnesses and groups share them */

static bool find_name(const struct trust *trust, struct slice name, unsigned *out)
{
    for (size_t i = 0; i < trust->witnesses; i++)
        if (slice_equal(trust->witness[i].name, name)) {
            *out = (unsigned)i;
            return true;
        }
    for (size_t i = 0; i < trust->groups; i++)
        if (slice_equal(trust->group[i].name, name)) {
            *out = TRUST_WITNESSES_MOST + (unsigned)i;
            return true;
        }
    return false;
}

static enum status check_new(const struct reading *reading, struct slice name, struct error *error)
{
    unsigned known;
    if (name.size > 0 && !slice_is(name, "none") && !find_name(reading->trust, name, &known)) return STATUS_DONE;
    return wrong(reading, "The name \"{0}\" is missing, taken, or \"none\".", name, error);
}

static bool same_key(const struct verifier *a, const struct verifier *b)
{
    return memcmp(a->key.bytes, b->key.bytes, sizeof a->key.bytes) == 0;
}

/* ---- the kinds of lines */

static enum status read_log(struct reading *reading, struct error *error)
{
    struct trust *trust = reading->trust;
    struct slice key = next_word(&reading->line);
    struct verifier *log = &trust->log[trust->logs];
    if (trust->logs == TRUST_LOGS_MOST) return wrong(reading, "The policy has too many logs.", key, error);
    if (verifier_parse(log, key, NULL) != STATUS_DONE || log->algorithm != NOTE_ED25519)
        return wrong(reading, "\"{0}\" is not a log's verifier key.", key, error);
    for (size_t i = 0; i < trust->logs; i++)
        if (same_key(&trust->log[i], log)) return wrong(reading, "The key \"{0}\" stands twice.", key, error);
    trust->logs++;
    (void)next_word(&reading->line); /* its address */
    return STATUS_DONE;
}

static enum status read_witness(struct reading *reading, struct error *error)
{
    struct trust *trust = reading->trust;
    struct slice name = next_word(&reading->line), key = next_word(&reading->line);
    struct verifier verifier;
    TRY(check_new(reading, name, error));
    if (trust->witnesses == TRUST_WITNESSES_MOST)
        return wrong(reading, "The policy has too many witnesses.", name, error);
    if (verifier_parse(&verifier, key, NULL) != STATUS_DONE || verifier.algorithm != NOTE_COSIGNATURE)
        return wrong(reading, "\"{0}\" is not a witness's verifier key.", key, error);
    for (size_t i = 0; i < trust->witnesses; i++)
        if (same_key(&trust->witness[i].key, &verifier))
            return wrong(reading, "The key \"{0}\" stands twice.", key, error);
    trust->witness[trust->witnesses].name = name;
    trust->witness[trust->witnesses].key = verifier;
    trust->witness[trust->witnesses++].url = next_word(&reading->line);
    return STATUS_DONE;
}

/* "any", "all", or a number in decimal without leading zeros; 0 if it is none of these. */
static unsigned threshold(struct slice word, size_t count)
{
    unsigned number = 0;
    if (slice_is(word, "any")) return 1;
    if (slice_is(word, "all")) return (unsigned)count;
    if (word.size == 0 || word.size > 3 || word.data[0] == '0') return 0;
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] < '0' || word.data[i] > '9') return 0;
        number = number * 10 + (unsigned)(word.data[i] - '0');
    }
    return number <= count ? number : 0;
}

/* Each name is a member of one group at the most, so that it counts once. */
static bool is_member(const struct trust *trust, unsigned member)
{
    for (size_t i = 0; i <= trust->groups && i < TRUST_GROUPS_MOST; i++)
        for (size_t k = 0; k < trust->group[i].count; k++)
            if (trust->group[i].member[k] == member) return true;
    return false;
}

static enum status read_group(struct reading *reading, struct error *error)
{
    struct trust *trust = reading->trust;
    struct slice name = next_word(&reading->line), least = next_word(&reading->line), member;
    TRY(check_new(reading, name, error));
    if (trust->groups == TRUST_GROUPS_MOST) return wrong(reading, "The policy has too many groups.", name, error);
    struct trust_group *group = &trust->group[trust->groups];
    *group = (struct trust_group){.name = name};
    while ((member = next_word(&reading->line)).size > 0) {
        unsigned known;
        if (!find_name(trust, member, &known) || group->count == TRUST_MEMBERS_MOST)
            return wrong(reading, "\"{0}\" names no witness or group of an earlier line.", member, error);
        if (is_member(trust, known)) return wrong(reading, "\"{0}\" is a member already.", member, error);
        group->member[group->count++] = known;
    }
    group->least = threshold(least, group->count);
    if (group->count == 0 || group->least == 0)
        return wrong(reading, "\"{0}\" of the members listed cannot be: give any, all, or a number of them.", least,
                     error);
    trust->groups++;
    return STATUS_DONE;
}

static enum status read_quorum(struct reading *reading, struct error *error)
{
    struct trust *trust = reading->trust;
    struct slice name = next_word(&reading->line);
    if (reading->has_quorum) return wrong(reading, "A policy has one line that begins \"quorum\".", name, error);
    reading->has_quorum = true;
    trust->none = slice_is(name, "none");
    if (trust->none || find_name(trust, name, &trust->quorum)) return STATUS_DONE;
    return wrong(reading, "\"{0}\" names no witness or group of an earlier line.", name, error);
}

static const struct {
    const char *name;
    enum status (*read)(struct reading *reading, struct error *error);
} lines[] = {{"log", read_log}, {"witness", read_witness}, {"group", read_group}, {"quorum", read_quorum}};

static enum status read_line(struct reading *reading, struct error *error)
{
    struct slice word = next_word(&reading->line);
    if (word.size == 0 || word.data[0] == '#') return STATUS_DONE;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (slice_is(word, lines[i].name)) {
            TRY(lines[i].read(reading, error));
            struct slice more = next_word(&reading->line);
            return more.size == 0 ? STATUS_DONE : wrong(reading, "\"{0}\" is one word too many.", more, error);
        }
    return wrong(reading, "A line of a policy begins with log, witness, group or quorum, not with \"{0}\".", word,
                 error);
}

enum status trust_read(struct trust *out, struct slice text, struct error *error)
{
    struct reading reading = {.trust = out, .rest = text};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] < 0x20 && text.data[i] != '\n' && text.data[i] != '\t') || text.data[i] == 0x7F) {
            reading.at = i;
            return wrong(&reading, "A policy holds no control characters.", (struct slice){NULL, 0}, error);
        }
    while (next_line(&reading, text.size)) TRY(read_line(&reading, error));
    if (reading.has_quorum) return STATUS_DONE;
    reading.at = text.size;
    return wrong(&reading, "A policy has one line that begins \"quorum\".", (struct slice){NULL, 0}, error);
}

/* ---- asking */

static bool holds(const struct trust *trust, const bool *cosigned, unsigned member)
{
    if (member < TRUST_WITNESSES_MOST) return cosigned[member];
    /* A group knows earlier ones alone, and each name is a member once: this ends, and soon. */
    const struct trust_group *group = &trust->group[member - TRUST_WITNESSES_MOST];
    unsigned count = 0;
    for (size_t i = 0; i < group->count; i++) count += holds(trust, cosigned, group->member[i]);
    return count >= group->least;
}

bool trust_allows(const struct trust *trust, const struct note *checkpoint, size_t *cosignatures)
{
    bool cosigned[TRUST_WITNESSES_MOST] = {false}, is_signed = false, present;
    int64_t time;
    *cosignatures = 0;
    for (size_t i = 0; i < trust->logs; i++) {
        bool good = note_verify(checkpoint, &trust->log[i], &present);
        if (present && !good) return false;
        is_signed = is_signed || good;
    }
    for (size_t i = 0; i < trust->witnesses; i++) {
        cosigned[i] = note_cosigned(checkpoint, &trust->witness[i].key, &present, &time);
        if (present && !cosigned[i]) return false;
        *cosignatures += cosigned[i];
    }
    return (is_signed || trust->logs == 0) && (trust->none || holds(trust, cosigned, trust->quorum));
}
