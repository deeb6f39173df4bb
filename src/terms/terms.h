/* Where an agreement stands, and why: agreements with executable terms evaluated over a prefix of the log.
 * No clock, no disk, no locale, no float, no hash order: same prefix, same as-of, same bytes. spec/terms.md. */
#ifndef TRUCE_TERMS_TERMS_H
#define TRUCE_TERMS_TERMS_H

#include "json/write.h"
#include "record/effect.h"
#include "record/record.h"

/* The facts of entries 0 … N-1 in the form that evaluation reads. Copies what it keeps. */
struct view;
MUST_USE enum status view_open(struct view **out, struct error *error);
void view_close(struct view **view);
MUST_USE enum status view_add(struct view *view, uint64_t entry, int64_t received_ms, const struct record *record,
                              bool is_void, struct error *error);
/* The same kept in bytes that only this make of the program reads, and taken out of them; that they are whole is for
 * the caller to know. The members are not in them: they are given afterwards, and are then the view's. */
typedef effects_sink facts_sink;
typedef effects_source facts_source;
MUST_USE enum status view_keep(const struct view *view, facts_sink *sink, void *context, struct error *error);
MUST_USE enum status view_take(struct view **out, facts_source *source, void *context, struct error *error);
void view_members(struct view *view, struct members *members);
struct members *view_give_members(struct view *view); /* the caller's from then on */

uint64_t view_size(const struct view *view);
const struct effects *view_effects(const struct view *view);
/* What was heard of it is forgotten, and found anew when it is asked for. */
void view_forget(struct view *view);
/* Grows whenever something that evaluation reads comes to count, or ceases to. */
uint64_t view_changes(const struct view *view);

/* Where everything stands as of a moment. Written as two values of the canonical standing: "agreements", and "open",
 * what waits: {"notices":[…],"proposals":[…],"questions":[…]}. Borrows the view, to which nothing may be added
 * meanwhile. */
struct standing;
MUST_USE enum status standing_open(struct standing **out, struct view *view, int64_t as_of, struct error *error);
/* The same without when anything changes by itself, for those who do not tell of it. */
MUST_USE enum status standing_open_still(struct standing **out, struct view *view, int64_t as_of, struct error *error);
void standing_close(struct standing **standing);
MUST_USE enum status standing_write_agreements(struct standing *standing, struct json_writer *out, struct error *error);
MUST_USE enum status standing_write_open(struct standing *standing, struct json_writer *out, struct error *error);
void standing_write_proposals(struct standing *standing, struct json_writer *out); /* {"proposals":[…]} alone */

/* One agreement with its texts, clause by clause, and the acts that made it stand so (spec/terms.md, "The texts'
 * JSON"). `which` is its name, or the id of its record or of an earlier version, or how that begins. agreement-unknown
 */
MUST_USE enum status texts_write(struct view *view, struct slice which, int64_t as_of, struct json_writer *out,
                                 struct error *error);

/* What waits for a party and those it answers for, or for everybody (`party` empty), the most urgent first, of notices
 * and of questions at most `most`: {"for":[…],"left_off":{"notices","questions"},"notices":[…],"proposals":[…],
 * "questions":[…],"windows":[{"agreement","at","becomes","term","verdict"}]}. "for": whose it is, if it is somebody's;
 * "left_off": how many there are besides; "windows": terms whose result time alone will change, by when. */
struct waiting_query {
    struct slice party;
    size_t most;
    bool given; /* what they gave to others as well, which waits for these */
};
/* A party and those it answers for. */
struct parties {
    struct slice *list;
    size_t count;
};
bool parties_have(const struct parties *parties, struct slice party); /* NULL stands for everybody */
/* `list` is the caller's to free; false if memory is out. */
MUST_USE bool standing_parties(const struct standing *standing, struct slice party, struct parties *out);
MUST_USE enum status standing_write_waiting(struct standing *standing, const struct waiting_query *query,
                                            struct json_writer *out, struct error *error);

/* The same line by line, in the order of the log and without a word of JSON: who was addressed by a notice or question
 * (the `place`-th of its "to") and has not answered, at any of a few moments. `visit` gives false if memory is out. */
enum { WAITS_MOMENTS = 2 };
struct waits_line {
    uint64_t index;
    size_t place;
    bool question;
    const char *state[WAITS_MOMENTS]; /* at each, or NULL; they last */
};
typedef bool waits_visit(void *context, const struct waits_line *line);
MUST_USE enum status waits_walk(struct view *view, const int64_t *at, size_t moments, waits_visit *visit, void *context,
                                struct error *error); /* at most WAITS_MOMENTS */
/* What is told of such a line; borrows from the view. `due`: INT64_MAX if nothing is. */
struct waits_told {
    struct record_id id;
    struct slice act, agreement, from, to;
    int64_t at, due;
};
struct entry;
const struct entry *waits_asked(const struct view *view, uint64_t index); /* the notice or question of a line */
void waits_tell(const struct entry *asked, size_t place, struct waits_told *out);
int waits_order(const struct entry *a, const struct entry *b); /* which is told of first; like memcmp */

/* As the member "marked": which of the records that evaluation reads are contested, late or not vouched for, each a
 * list of ids in the order of the log. Nothing where there are none. */
MUST_USE enum status marked_write(const struct view *view, struct json_writer *out, struct error *error);

/* What became of a notice or question, as a list: for each who was addressed {"delivered":…,"read":…,"to":…}, as known
 * at a moment. `index` is its entry's; an empty list for any other. */
MUST_USE enum status delivery_write(const struct view *view, uint64_t index, int64_t at, struct json_writer *out,
                                    struct error *error);

/* What became of a notice with each who was addressed, as of a moment, as a list: {"attempts":[{"at","by","id","means",
 * "result","to"}],"delivered"?,"reply"?:{"at","by","id","receipt","received"},"silent_since"?,"state","to"}, where a
 * state is confirmed, refused, unreadable, waiting or overdue; and silence lasts where nobody answered at all. What it
 * counts is added to `told`. An empty list where notice_given is false. */
struct confirmations {
    uint64_t asked, confirmed, attempts, silent;
};
MUST_USE enum status receipts_write(const struct view *view, uint64_t index, int64_t at, struct json_writer *out,
                                    struct confirmations *told, struct error *error);
/* Is the entry a notice that counts and was given by then? */
bool notice_given(const struct view *view, uint64_t index, int64_t at);

/* How the standing changes from one look to the next: as records come, and as time goes by. */
struct changes;
struct change {
    struct slice agreement, term, channel; /* a term's verdict, a channel's standing, or (both empty) the agreement's */
    struct slice reading;                  /* whose verdict of the term it is; empty: the joint one */
    const char *was, *becomes;             /* was: NULL where it was not there before */
};
typedef void change_visit(void *context, const struct change *change);
MUST_USE enum status changes_open(struct changes **out, struct error *error);
void changes_of_readings(struct changes *changes); /* before the first look: behind each term its readings as well */
void changes_untimed(struct changes *changes);     /* before the first look: changes_next is not asked for */
void changes_close(struct changes **changes);
MUST_USE enum status changes_note(struct changes *changes, struct view *view, int64_t as_of, change_visit *visit,
                                  void *context, struct error *error);
/* When it changes next by itself, as of the last look; INT64_MAX: not at all. */
int64_t changes_next(const struct changes *changes);

/* The explanation of one term as a JSON tree (spec/terms.md, "Explanations"). `term` is "term" or "agreement/term";
 * `reading` empty for all. STATUS_USAGE term-unknown (the sentence names near spellings), term-ambiguous. */
MUST_USE enum status why_write(struct view *view, struct slice term, struct slice reading, int64_t as_of,
                               struct json_writer *out, struct error *error);

/* Each term, day by day, party by party, as a JSON array of agreements (spec/terms.md, "Compliance"). Days are civil
 * days of each term's zone, numbered from 1970-01-01; without from or to: the last of the agreement's life, as of the
 * moment. Empty names: all; of a party, the terms that bind it, and it alone beside all together; "*", no name of any:
 * nobody by itself. STATUS_USAGE agreement-unknown, term-unknown, reading-unknown, party-unknown, compliance-days. */
enum { COMPLIANCE_DAYS = 14, COMPLIANCE_DAYS_MOST = 62 };
struct compliance_query {
    bool has_from, has_to;
    int64_t from, to;
    struct slice agreement, term, reading, party;
};
MUST_USE enum status compliance_write(struct view *view, const struct compliance_query *query, int64_t as_of,
                                      struct json_writer *out, struct error *error);

/* Reads an agreement record's tables (its parts already joined are not needed): each fault with pointer, code and
 * sentence. STATUS_REFUSED if there was any. */
typedef void terms_fault(void *context, const struct error *fault);
MUST_USE enum status terms_check(const struct json *agreement, terms_fault *fault, void *context, struct error *error);

#endif
