/* libtruce: the shared, verifiable memory of a ceasefire. The one public header; the command line is an ordinary client
 * of it.
 *
 * Answers are canonical JSON (sorted keys, no spaces) in buffers that the caller frees with truce_free. Every function
 * that can fail returns a truce_status, which is also the exit code of the command line, and fills a truce_error that
 * belongs to the caller. Times are seconds of UTC since 1970. A handle is for one thread at a time, but for
 * truce_submit, which many threads may call on one register at once. */
#ifndef TRUCE_H
#define TRUCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TRUCE_API __attribute__((visibility("default")))
#define TRUCE_CHECKED __attribute__((visibility("default"), warn_unused_result))
#else
#define TRUCE_API
#define TRUCE_CHECKED
#endif

enum truce_status {
    TRUCE_DONE = 0,
    TRUCE_FAILED = 1,     /* disk, permission, lock, memory */
    TRUCE_USAGE = 2,      /* the question makes no sense */
    TRUCE_UNVERIFIED = 3, /* a signature, hash, proof or verdict does not hold */
    TRUCE_REFUSED = 4     /* not admissible; nothing was written */
};

struct truce_error {
    enum truce_status status;
    char code[64];      /* stable; spec/codes.md */
    char message[1024]; /* a sentence, in the language of truce_language */
    char pointer[256];  /* JSON pointer into the input, or a path; "" for the whole */
    int64_t offset;     /* byte offset in the input, or -1 */
};

/* Bytes that the library made; NUL-terminated behind `size` for convenience. */
struct truce_buffer {
    char *data;
    size_t size;
};
TRUCE_API void truce_free(struct truce_buffer *buffer);

TRUCE_API const char *truce_version(void);

/* "en" or "ar": the language of messages from here on, for the thread that calls. Anything else leaves it. */
TRUCE_API void truce_language(const char *language);

/* Gives a line for each thing of many, without its newline; a NUL stands behind it. Non-zero stops the work: the call
 * returns TRUCE_FAILED with code "stopped". `status` tells a receipt (TRUCE_DONE) from a refusal (TRUCE_REFUSED) where
 * both can come. */
typedef int truce_line(void *context, enum truce_status status, const char *line, size_t size);

/* How far long work is; `total` is 0 while it is not known. */
typedef void truce_progress(void *context, uint64_t done, uint64_t total);

/* ---- keys: C2SP signed-note keys, secret files of mode 0600 */

struct truce_key;

/* Asks for the passphrase of a secret file into `out` (NUL-terminated); returns its length, or -1 to give up. */
typedef long truce_passphrase(void *context, const char *path, char *out, size_t size);

/* What a key is for; each use has keys of its own. */
enum truce_use {
    TRUCE_USE_SIGN,   /* records, and what a log says */
    TRUCE_USE_COSIGN, /* signed heads, by a witness or a mirror */
    TRUCE_USE_READ    /* what others seal; opened with truce_reader_open */
};
/* Makes a key and its secret file (which must not exist); `verifier` gets "name+hash+base64". No passphrase: NULL. */
TRUCE_CHECKED enum truce_status truce_key_new(const char *name, enum truce_use use, const char *path,
                                              const char *passphrase, struct truce_buffer *verifier,
                                              struct truce_error *error);
/* Refuses a file that others than its owner may read or write (key-permissions). `ask` may be NULL. */
TRUCE_CHECKED enum truce_status truce_key_open(struct truce_key **out, const char *path, truce_passphrase *ask,
                                               void *context, struct truce_error *error);
TRUCE_CHECKED enum truce_status truce_key_public(const struct truce_key *key, struct truce_buffer *verifier,
                                                 struct truce_error *error);
TRUCE_API void truce_key_close(struct truce_key **key); /* wipes */
/* The key for a browser (spec/browser-key.md), under a passphrase that it must have: a new file at `path`. */
TRUCE_CHECKED enum truce_status truce_key_export(const struct truce_key *key, const char *passphrase, const char *path,
                                                 struct truce_error *error);

/* A reader's key: it opens what was sealed to it, and signs nothing. */
struct truce_reader;
TRUCE_CHECKED enum truce_status truce_reader_open(struct truce_reader **out, const char *path, truce_passphrase *ask,
                                                  void *context, struct truce_error *error);
TRUCE_CHECKED enum truce_status truce_reader_public(const struct truce_reader *reader, struct truce_buffer *key,
                                                    struct truce_error *error);
TRUCE_API void truce_reader_close(struct truce_reader **reader); /* wipes */

/* ---- a register: a directory with log/, index, outbox/ and the log's key */

struct truce_register;

enum truce_mode {
    TRUCE_READ, /* takes no lock; works on a directory that may not be written */
    TRUCE_WRITE /* takes the log's lock; log-locked names who holds it */
};

/* Makes a register of one founder `name` (a new key in DIR/keys/NAME.key, its recovery key beside it), or of several
 * from a genesis file (`genesis`, relaxed JSON; then `key` signs and must be its first founder's). */
struct truce_init_options {
    const char *directory, *origin, *name;
    const char *genesis;         /* path, or NULL */
    const struct truce_key *key; /* with genesis */
    const char *passphrase;      /* for the new keys, or NULL */
};
TRUCE_CHECKED enum truce_status truce_init(const struct truce_init_options *options, struct truce_buffer *answer,
                                           struct truce_error *error); /* {"genesis","keys":[…],"register"} */

TRUCE_CHECKED enum truce_status truce_open(struct truce_register **out, const char *directory, enum truce_mode mode,
                                           struct truce_error *error);
/* Publishes a checkpoint that covers everything, if the register was open for writing. Frees even when that fails. */
TRUCE_API enum truce_status truce_close(struct truce_register **reg, struct truce_error *error);

/* A reader beside an open writer of this process: it shares the writer's log and has an index of its own to ask. Its
 * answers hold all that was in the log when they were asked for. Close it before the writer. */
TRUCE_CHECKED enum truce_status truce_beside(struct truce_register **reader, struct truce_register *writer,
                                             struct truce_error *error);

/* What answers are computed from is read at the first question, and kept; this reads on in it by up to `most` records
 * before anybody asks. *more: there is more to read. */
TRUCE_CHECKED enum truce_status truce_read_ahead(struct truce_register *reader, uint64_t most, bool *more,
                                                 struct truce_error *error);

/* Calls `grown` with the log's new size after each group that became durable, from the thread that wrote it. */
TRUCE_API void truce_watch(struct truce_register *writer, void (*grown)(void *context, uint64_t size), void *context);

/* Publishes a checkpoint and its tiles now. Beside submitting threads it takes its turn among them. */
TRUCE_CHECKED enum truce_status truce_publish(struct truce_register *writer, struct truce_error *error);

/* {"exercise","origin","published","register","root","size", …} */
TRUCE_CHECKED enum truce_status truce_about(struct truce_register *reg, struct truce_buffer *answer,
                                            struct truce_error *error);

/* ---- records in */

/* Completes a record (v, register, by, key, seq, prev, written; text normalised), checks and signs it, and keeps the
 * note durably in outbox/ before giving it out. `object` is relaxed JSON of the kind's own fields; an envelope field in
 * it must agree. `reg` may be open for reading only. What the register's policy names for the kind is sealed. */
TRUCE_CHECKED enum truce_status truce_write(struct truce_register *reg, const struct truce_key *key, const char *kind,
                                            const char *object, size_t size, struct truce_buffer *note,
                                            struct truce_error *error);

/* The same, and what is sealed besides. Lists are ended by NULL and may be NULL. */
struct truce_write_options {
    const char *const *seal;     /* "POINTER[=LEVEL][:READER,…]", with level exact, 1km, 10km or hash */
    const char *const *unsealed; /* pointers that policy seals and that are to stand all the same */
    const char *const *readers;  /* parties that may open what names no readers of its own */
};
TRUCE_CHECKED enum truce_status truce_write_sealed(struct truce_register *reg, const struct truce_key *key,
                                                   const char *kind, const char *object, size_t size,
                                                   const struct truce_write_options *options, struct truce_buffer *note,
                                                   struct truce_error *error);
/* Who would see what, before anything is signed or kept: {"everyone":{…},"readers":[{"reader","sees":[{"level",
 * "pointer","value"}]}],"warnings":[{"code","message","pointer","words"}]}. */
TRUCE_CHECKED enum truce_status truce_write_view(struct truce_register *reg, const struct truce_key *key,
                                                 const char *kind, const char *object, size_t size,
                                                 const struct truce_write_options *options, struct truce_buffer *answer,
                                                 struct truce_error *error);

/* The same without the author's secret: for who signs elsewhere, in a browser or on another machine. `key` is one of
 * the author's signing keys in force, 8 hexadecimal digits (draft-key). `text` gets what is to be signed, its newline
 * with it; what it seals is kept, and it stands in no outbox until its note comes back (truce_keep). */
struct truce_author {
    const char *by, *key;
};
TRUCE_CHECKED enum truce_status truce_draft(struct truce_register *reg, const struct truce_author *author,
                                            const char *kind, const char *object, size_t size,
                                            const struct truce_write_options *options, struct truce_buffer *text,
                                            struct truce_error *error);
TRUCE_CHECKED enum truce_status truce_draft_view(struct truce_register *reg, const struct truce_author *author,
                                                 const char *kind, const char *object, size_t size,
                                                 const struct truce_write_options *options, struct truce_buffer *answer,
                                                 struct truce_error *error);

/* Who may sign now: [{"by","here","keys":[8 hex],"reads","role"}], in the order of enrolment; `reads`: has a reader's
 * key; `here`: DIR/keys/ has the secret of one of those keys. */
TRUCE_CHECKED enum truce_status truce_authors(struct truce_register *reg, struct truce_buffer *answer,
                                              struct truce_error *error);
/* A record's `where` (relaxed JSON) as a drawing needs it: {"middle":{…},"points":[[east,north],…],"reach_m","shape"}
 * in metres from the middle; `shape` is "sector" (of a bearing, ten degrees either way as evaluation takes it, seen
 * from where it was heard), "circle", "line" or "polygon". outline-none where it names a place or none. */
TRUCE_CHECKED enum truce_status truce_outline(const char *where, size_t size, struct truce_buffer *answer,
                                              struct truce_error *error);

/* A signed note of this register, made elsewhere: form, place and signature are checked, and it is kept durably in
 * outbox/ as if written here. One that is in the log or the outbox already is left as it is. keep-register, keep-key,
 * keep-signature, keep-place. */
TRUCE_CHECKED enum truce_status truce_keep(struct truce_register *reg, const char *note, size_t size,
                                           struct truce_error *error);
/* Takes a note out of the outbox again: one that was refused would stand in the way of what its author writes next. */
TRUCE_CHECKED enum truce_status truce_unkeep(struct truce_register *reg, const char *note, size_t size,
                                             struct truce_error *error);

/* The value that a command line's FIELD=VALUE gives to the kind's field: {"field":"a/b","value":"…"} is put into the
 * object by the field's own type. Paths are separated by dots or slashes, indexes are numbers, sets and lists of plain
 * values take commas, text takes FIELD.ar= and FIELD.en=. Gives the whole object as relaxed JSON. */
struct truce_field {
    const char *name, *value;
};
TRUCE_CHECKED enum truce_status truce_object(const char *kind, const struct truce_field *fields, size_t count,
                                             struct truce_buffer *object, struct truce_error *error);

/* The fields of an anchor (relaxed JSON for truce_write) that tells of a checkpoint: the signed note with whatever
 * cosignatures it bears. Whether they hold is judged when it is admitted. */
TRUCE_CHECKED enum truce_status truce_anchor(const char *checkpoint, size_t size, struct truce_buffer *object,
                                             struct truce_error *error);

/* Every kind with its fields: [{"fields":[{"count","fields","least","most","name","need","type","words"}],"kind",
 * "roles"}], in the order of spec/record.md. */
TRUCE_CHECKED enum truce_status truce_kinds(struct truce_buffer *answer, struct truce_error *error);

/* Receipt by reading back: the sender of a notice names fields that whoever confirms types without seeing them. A value
 * that was typed stands under the pointer of its leaf. */
struct truce_typed {
    const char *pointer, *value;
};
/* {"differs":[{"apart_m","pointer","sent","typed"}],"fields":[{"about","pointer","type"}],"id","object":{…}}. `fields`:
 * what is to be typed, of type "degrees", "integer", "time" (2016-09-13 16:00, UTC) or "words", without what stands
 * there. `typed` NULL: no more than that. `object`: fields of the acknowledgement, for truce_write or truce_draft, once
 * nothing differs. Nothing is signed or kept. read-back-kind, read-back-sealed. */
TRUCE_CHECKED enum truce_status truce_read_back(struct truce_register *reg, const char *id,
                                                const struct truce_typed *typed, size_t count,
                                                struct truce_buffer *answer, struct truce_error *error);

/* Makes a complete record's JSON canonical and signs it; fills `key` (and `by` must be the key's name). Needs `seq`. */
TRUCE_CHECKED enum truce_status truce_sign(const struct truce_key *key, const char *object, size_t size,
                                           struct truce_buffer *note, struct truce_error *error);

/* What a receipt proves at once: that the host promised (durable), or that a signed checkpoint covers the record. With
 * none of them {"id","index"} alone is given: where nobody waits for receipts, as they can be asked for later. */
enum truce_level { TRUCE_LEVEL_CHECKPOINT, TRUCE_LEVEL_DURABLE, TRUCE_LEVEL_NONE };
TRUCE_API void truce_receipt_level(struct truce_register *reg,
                                   enum truce_level level); /* checkpoint, if never called */

/* Admits signed notes that follow each other. Each gives one line: a receipt
 * {"id","index","level","phrase","promise","proof","received","size"} or a refusal
 * {"message","note","pointer","refused"} (note: the refusal signed by the log key). `level` is "durable", "checkpoint",
 * "cosigned" or "mirrored"; `phrase` is for two people who compare their copies by voice. Groups are durable before
 * their lines come. TRUCE_REFUSED if any was refused. */
TRUCE_CHECKED enum truce_status truce_submit(struct truce_register *reg, const char *notes, size_t size,
                                             truce_line *line, void *context, struct truce_error *error);

/* ---- what is sealed: spec/sealed.md. Ciphers lie in sealed/ beside the log, and travel beside the notes. */

/* What this reader can see of a record: {"fields":[{"level","pointer","readers","salt","state","value"}],"id"}; `state`
 * is "opened" (then with salt and value, checked against the record's hash), "not-to-you", "absent", "not-kept",
 * "erased" or "broken". `box_again`: what was opened is also encrypted to the keys that the readers named have now. */
TRUCE_CHECKED enum truce_status truce_unseal(struct truce_register *reg, const char *id,
                                             const struct truce_reader *reader, bool box_again,
                                             struct truce_buffer *answer, struct truce_error *error);

/* The fields of a record of kind "reveal", for truce_write: from what `reader` can open, or from an opening. */
struct truce_reveal {
    const char *id, *pointer, *level; /* level NULL: "exact" */
    const struct truce_reader *reader;
    const char *opening; /* {"level","pointer","salt","value"}, canonical; or NULL */
    size_t opening_size;
};
TRUCE_CHECKED enum truce_status truce_reveal_object(struct truce_register *reg, const struct truce_reveal *what,
                                                    struct truce_buffer *object, struct truce_error *error);

/* Ciphers that follow each other. A line each: {"cipher","state"} with state "kept", "known" or "waiting" (no record
 * names it yet), or a refusal {"cipher","message","refused"}. TRUCE_REFUSED if any was. seal-file for what is none. */
TRUCE_CHECKED enum truce_status truce_sealed_put(struct truce_register *reg, const void *files, size_t size,
                                                 truce_line *line, void *context, struct truce_error *error);
/* How many bytes the first of them has; 0 if it is none. */
TRUCE_API size_t truce_sealed_size(const char *files, size_t size);
/* One cipher with its boxes, by its hash. seal-none-here, seal-erased. */
TRUCE_CHECKED enum truce_status truce_sealed_get(struct truce_register *reg, const char *cipher,
                                                 struct truce_buffer *file, struct truce_error *error);
/* A line each: {"cipher","state"} with state "here", "waiting" or "erased". */
TRUCE_CHECKED enum truce_status truce_sealed_list(struct truce_register *reg, truce_line *line, void *context,
                                                  struct truce_error *error);
/* Those that signed notes name and that lie in this directory, one after the other; the directory need hold no log. */
TRUCE_CHECKED enum truce_status truce_sealed_gather(const char *directory, const char *notes, size_t size,
                                                    struct truce_buffer *files, struct truce_error *error);

/* Overwrites and removes the ciphers of a record (of the pointers, if any; a pointer means what is below it too), so
 * that nothing here can be opened: {"erased":[{"cipher","level","pointer","was"}],"id"}. Whoever opened them before may
 * have kept them, and what was revealed stays in the log. */
TRUCE_CHECKED enum truce_status truce_erase(struct truce_register *reg, const char *id, const char *const *pointers,
                                            struct truce_buffer *answer, struct truce_error *error);
/* The fields of a notice that asks every other member to erase them as well, for truce_write. */
TRUCE_CHECKED enum truce_status truce_erase_request(struct truce_register *reg, const struct truce_key *key,
                                                    const char *id, const char *const *pointers,
                                                    struct truce_buffer *object, struct truce_error *error);

/* ---- what a host said of what was handed in to it (spec/log.md) */

/* The lines that a server answered to these notes, one after the other: its promises are kept in `reg`, which may be
 * open for reading only, until a head settles them; its refusals are kept as evidence. TRUCE_UNVERIFIED
 * promise-signature: they are not signed by this log's key. */
TRUCE_CHECKED enum truce_status truce_said_keep(struct truce_register *reg, const char *notes, size_t notes_size,
                                                const char *lines, size_t lines_size, struct truce_error *error);
/* What became of each promise, a line each: {"id","index","merge_by","received","state", …}. "kept": the entry stands
 * in its place under a signed head; "waiting"; "late": its time is over, and no head that is known here shows whether
 * it was kept; "missed", with the "evidence" that shows it (then TRUCE_UNVERIFIED promise-missed). What is kept or
 * missed is told once. */
TRUCE_CHECKED enum truce_status truce_promises(struct truce_register *reg, truce_line *line, void *context,
                                               struct truce_error *error);
/* The same, and nothing is settled: it can be asked again. A promise that was missed is a line like others. */
TRUCE_CHECKED enum truce_status truce_promises_look(struct truce_register *reg, truce_line *line, void *context,
                                                    struct truce_error *error);

/* What was written here, a line each: what stands in outbox/, an author's records in their order; then, newest first,
 * at most `most` records of the log that are signed with keys of which DIR/keys/ has the secret.
 * {"by","code","id","index","key","kind","level","message","missing":{"from","to"},"record":{…},"seq","state","written"},
 * less what is not there; the record itself where it is not in the log. `state`: "in" the log (with index and level);
 * "void" in it; "waiting" to be handed in; "gap": records of its author before it are neither in the log nor here;
 * "other": the log has another record in its place; "refused": by the host's signature, or as this copy judges, with
 * code and message; "unreadable". */
TRUCE_CHECKED enum truce_status truce_outbox(struct truce_register *reg, uint64_t most, truce_line *line, void *context,
                                             struct truce_error *error);
/* Hands in what stands in the outbox, as truce_submit does, line for line; nothing there is nothing to do. */
TRUCE_CHECKED enum truce_status truce_outbox_send(struct truce_register *writer, truce_line *line, void *context,
                                                  struct truce_error *error);

/* ---- pouches: what is carried by hand where there is no network (spec/pouch.md) */

struct truce_pouch_options {
    const char *path;       /* the file to make, whole or not at all */
    const char *const *ids; /* records of the log to take along with their proofs, ended by NULL; or NULL */
    bool has_from;
    uint64_t from; /* the log's entries from here on, for a copy that was cut off */
};
/* What waits in the outbox, evidence, signed heads, and what the options ask for.
 * {"arrivals","entries","evidence","heads","notes","proofs","sealed"} */
TRUCE_CHECKED enum truce_status truce_pouch_pack(struct truce_register *reg, const struct truce_pouch_options *options,
                                                 struct truce_buffer *answer, struct truce_error *error);

/* Takes notes that follow each other, as truce_submit does; TRUCE_REFUSED if some were refused and the rest was taken.
 */
typedef enum truce_status truce_take(void *context, const char *notes, size_t size);
/* Where what is in a pouch goes. Without `notes` the outbox keeps those that the log has not; without `sealed`
 * ciphers are kept beside them. A line for whatever cannot be taken {"code","message","pouch"}, and for what its
 * authors' chains still lack {"by","from","key","pouch":"missing","to"}. */
struct truce_pouch_door {
    truce_take *notes, *sealed; /* in groups, ciphers behind the records that name them; from a thread of their own */
    truce_line *line;           /* never while one of those is called */
    void *context;              /* of all three */
};
/* Any order of pouches, any number of times: nothing is lost and nothing is twice. A full copy goes on by the entries
 * that its log lacks, once they are shown to lead to a signed head in the pouch.
 * {"conflicts","entries","evidence","forks","heads","held","kept","known","missing","notes","proofs","sealed","taken",
 * "void", …}. TRUCE_REFUSED if something was refused (or the file breaks off: what stood before was taken),
 * TRUCE_UNVERIFIED if it shows a fork, entries that nobody could admit, or that this log was set back. */
TRUCE_CHECKED enum truce_status truce_pouch_open(struct truce_register *reg, const char *path,
                                                 const struct truce_pouch_door *door, struct truce_buffer *answer,
                                                 struct truce_error *error);

/* ---- an agreement before it is signed */

/* Checks the tables of agreements in relaxed JSON: one object, or a list of records in which agreements and their parts
 * stand. {"agreements":[{"agreement","errors":[{"code","message","pointer"}],"pointer","terms","warnings":[…]}],
 * "errors":N,"warnings":N}. TRUCE_REFUSED if there are errors (the answer is filled then too), TRUCE_FAILED where there
 * is no agreement to check. Warnings refuse nothing: what can be read and was hardly meant. */
TRUCE_CHECKED enum truce_status truce_terms_check(const char *json, size_t size, struct truce_buffer *answer,
                                                  struct truce_error *error);

/* ---- records out */

struct truce_query {
    /* NULL: any. text: all its words, anywhere in the record; words in quotation marks together (spec/text.md) */
    const char *kind, *by, *term, *text;
    bool has_from, has_to, has_box, has_near;
    int64_t from, to;
    int32_t west_e7, south_e7, east_e7, north_e7;
    int32_t lat_e7, lon_e7;
    int64_t within_m;
    uint64_t after, limit; /* limit 0: all */
};
/* A line a record: its own fields with id, index, received, and void: true where that is so. */
TRUCE_CHECKED enum truce_status truce_find(struct truce_register *reg, const struct truce_query *query,
                                           truce_line *line, void *context, struct truce_error *error);

/* TRUCE_RECEIPT: the receipt of this moment; it climbs as heads are cosigned and copied. */
enum truce_form { TRUCE_JSON, TRUCE_NOTE, TRUCE_PROOF, TRUCE_RECEIPT };
/* `id`: 64 hex, or a unique beginning of 8 or more. */
TRUCE_CHECKED enum truce_status truce_show(struct truce_register *reg, const char *id, enum truce_form form,
                                           struct truce_buffer *answer, struct truce_error *error);

/* What others read of the log: the published "checkpoint", the newest head that is "cosigned" or "mirrored", or a tile
 * or bundle of it by its C2SP path
 * ("tile/0/x001/067", "tile/entries/000.p/3"). tile-path, tile-absent. */
TRUCE_CHECKED enum truce_status truce_tile(struct truce_register *reg, const char *path, struct truce_buffer *answer,
                                           struct truce_error *error);

/* ---- where it stands, and why */

struct truce_moment {
    bool has_as_of; /* absent: now; in an exercise the receipt of the last known record */
    int64_t as_of;
    enum { TRUCE_KNOWN_ALL, TRUCE_KNOWN_SIZE, TRUCE_KNOWN_TIME } known_by;
    uint64_t known_size; /* the log's first N records */
    int64_t known_time;  /* what was received by then */
};
TRUCE_CHECKED enum truce_status truce_standing(struct truce_register *reg, const struct truce_moment *moment,
                                               struct truce_buffer *answer, struct truce_error *error);
/* The same with "open":{"proposals"} alone: what waits may be much, and who asks where agreements stand does not need
 * it. */
TRUCE_CHECKED enum truce_status truce_standing_agreements(struct truce_register *reg, const struct truce_moment *moment,
                                                          struct truce_buffer *answer, struct truce_error *error);
/* What waits for a party and those it answers for (NULL: for everybody), the most urgent first, of notices and of
 * questions at most `most` (0: all): {"as_of","exercise","known","later","register","root","waiting":{"for":[…],
 * "left_off":{"notices","questions"},"notices":[…],"proposals":[…],"questions":[…],"windows":[…]}}. Notices, questions
 * and proposals as in a standing; a window is a term whose result time alone will change:
 * {"agreement","at","becomes","term","verdict"}. A party that is not known has nothing waiting. */
TRUCE_CHECKED enum truce_status truce_waiting(struct truce_register *reg, const char *party, uint64_t most,
                                              const struct truce_moment *moment, struct truce_buffer *answer,
                                              struct truce_error *error);
/* What a shift hands over at that moment; it began at `from` (NULL: eight hours before).
 * {…,"shift":{"after","attempts":
 * [ids],"confirmed":[ids],"from","open":{…},"records":[ids],"without":{"attempts","confirmed","records"}}}: `open` as
 * "waiting" of truce_waiting, with what the party and those it answers for gave to others; acknowledgements, attempts
 * (theirs, to them, or about what is theirs) and all records that the log received after `from` and up to the moment,
 * in its order, each at most `most` (0: all), `without` so many more; the log had `after` entries when it began. */
TRUCE_CHECKED enum truce_status truce_shift(struct truce_register *reg, const char *party, const int64_t *from,
                                            uint64_t most, const struct truce_moment *moment,
                                            struct truce_buffer *answer, struct truce_error *error);
/* Every change of every verdict, channel and agreement up to that moment, one JSON object a line: when, what it was and
 * became, and the record that made it (none where time alone did). A visitor that gives other than 0 ends it. Each
 * record costs an evaluation, so that a long log is told in parts: those that came behind the first `after` entries, or
 * the `last`; at most `most` entries (0: all). It says where it began, how many entries were known when it ended, and
 * whether there are more: there the next part begins. NULL: all of them. */
struct truce_part {
    bool last;
    uint64_t after, most, reached;
    bool more;
};
TRUCE_CHECKED enum truce_status truce_changes(struct truce_register *reg, const struct truce_moment *moment,
                                              struct truce_part *part, truce_line *line, void *context,
                                              struct truce_error *error);
/* What lies between that moment and now, in two steps: {…, "makers","now":{"as_of","known","root"}, "standing":[
 * {"agreement","channel"?,"term"?,"reading"?,"was","learned","learned_by":[IDS]?,"now","now_by":[IDS]?}], "waiting":{
 * "notices":[…],"questions":[…],"without":{"notices","questions"}}}: at most `most` of each (0: all), `without` so many
 * more. `was`: as of the moment, as known then; `learned`: the same as known now; `now`. Only
 * what differs is there, a reading only where it differs otherwise than its term. No records: time alone made it. Where
 * more than 2000 entries came since, `makers` is false: the records that made each difference are not looked for. */
TRUCE_CHECKED enum truce_status truce_difference(struct truce_register *reg, uint64_t most,
                                                 const struct truce_moment *moment, struct truce_buffer *answer,
                                                 struct truce_error *error);
/* term: "term" or "agreement/term"; reading NULL for all. */
TRUCE_CHECKED enum truce_status truce_why(struct truce_register *reg, const char *term, const char *reading,
                                          const struct truce_moment *moment, struct truce_buffer *answer,
                                          struct truce_error *error);

/* The same as a file from which anybody computes it again without a network (spec/bundle.md): truce_verify of its path.
 * It has all that the log had by then, at most so many bytes (0: 512 MiB), and the newest signed head; a moment that
 * does not say what was known is as known at that head. bundle-unsigned, bundle-large. */
TRUCE_CHECKED enum truce_status truce_bundle(struct truce_register *reg, const char *term, const char *reading,
                                             const struct truce_moment *moment, size_t most_bytes,
                                             struct truce_buffer *answer, struct truce_error *error);

/* What came behind a record and names it, in the order of the log, as known at that moment, at most `most` records:
 * {"named_by":[{"by","id","kind","received","replaces"}],"truncated"?}. A retraction and what replaces it are its own
 * author's: nobody else's is admitted. */
TRUCE_CHECKED enum truce_status truce_named_by(struct truce_register *reg, const char *id, uint64_t most,
                                               const struct truce_moment *moment, struct truce_buffer *answer,
                                               struct truce_error *error);

/* What can be drawn at that moment, and in time: the records that a query finds among those that count and have a place
 * or a time in the world, each with its shapes, and how far they lie from the lines that an agreement measures from;
 * the agreements' own places; those lines with what lies within their distances. {"around"?, "as_of", "exercise",
 * "known", "later", "lines", "places", "records", "register", "root", "truncated"?}; spec/http.md has it whole. What is
 * later than the moment, or than now, is not there; where a watch or a passage was stands there 24 hours after it ended
 * (in an exercise at once). A place that was sealed is the cell that its record tells of. box and near are judged by
 * what is drawn, so that they find places that go by a name. At most query->limit records (0: 2000) are there: sites
 * and areas that hold, then the last of the log; "truncated": there are more. */
TRUCE_CHECKED enum truce_status truce_map(struct truce_register *reg, const struct truce_query *query,
                                          const struct truce_moment *moment, struct truce_buffer *answer,
                                          struct truce_error *error);

/* One agreement with its texts at that moment: each clause in each of its languages with the terms that stand on it,
 * rival texts of it, what amends it; the acts by which it and its channels came to stand so, with their stated grounds;
 * and its standing (spec/terms.md, "The texts' JSON"). `agreement` is its name, or the id of its record, of 8 digits or
 * more. {"agreement","as_of","exercise","known","later","register","root"}. agreement-unknown */
TRUCE_CHECKED enum truce_status truce_agreement(struct truce_register *reg, const char *agreement,
                                                const struct truce_moment *moment, struct truce_buffer *answer,
                                                struct truce_error *error);

/* ---- claims side by side, and incidents */

/* `query.kind` and `query.text` are not asked for here; `term` only of claims. The time and place are those of the
 * event as anybody told it, with its error, places of an agreement by their names among them. `query.after` and `limit`
 * as in truce_find; the moment's later records are left out. */
struct truce_sought {
    struct truce_query query;
    const char *against;       /* to whom it is attributed; or NULL */
    bool several;              /* of incidents: those alone that more than one record tells of */
    const char *party, *state; /* of truce_access alone */
};
/* Claims in the order in which they were received, a line each: {"claim":{"act","actor","by","confidence","id","index",
 * "received","term"},"with":{"about","findings":[{"by","finding","id","received"}],"incidents","responses":[{"by","id",
 * "received","response"}]}}. Nothing is merged and nothing left out because of what it says. */
TRUCE_CHECKED enum truce_status truce_claims(struct truce_register *reg, const struct truce_sought *sought,
                                             const struct truce_moment *moment, truce_line *line, void *context,
                                             struct truce_error *error);
/* One claim beside what it is about, what was answered and what was found: "columns" (records, in that order), and
 * "fields", each with what every column says of it, and whether those that say something of it differ
 * (spec/incidents.md). claim-none for a record of another kind. */
TRUCE_CHECKED enum truce_status truce_claim(struct truce_register *reg, const char *id,
                                            const struct truce_moment *moment, struct truce_buffer *answer,
                                            struct truce_error *error);
/* Incidents in the order of their first records, a line each: {"incident":{…}}, without what is suggested. */
TRUCE_CHECKED enum truce_status truce_incidents(struct truce_register *reg, const struct truce_sought *sought,
                                                const struct truce_moment *moment, truce_line *line, void *context,
                                                struct truce_error *error);
/* The incident that a record tells of: members, where each says it was and how far that may be wrong, links decided and
 * by whom, how each reading parts the records, links suggested, evidence. Of one that was withdrawn: "gone" says by
 * which record (spec/incidents.md). incident-none for a record that never told of an event. */
TRUCE_CHECKED enum truce_status truce_incident(struct truce_register *reg, const char *id,
                                               const struct truce_moment *moment, struct truce_buffer *answer,
                                               struct truce_error *error);
/* Convoys and protected sites in the order of their first records, a line each: {"access":{…},"index"}, with the state
 * at the moment, its history with the record behind each step, and every notice of it: to whom, who confirmed receipt
 * and when, attempts, and for whom silence lasts since when (spec/http.md, "Access"). `query.kind` is "passage", "site"
 * or NULL; `state` one that an answer gives, or "open" for those that go on; `party` has a part in it: tells a step,
 * gives a notice or gets one. No other filter is asked for. What is sealed is the cell that its record tells of; where
 * a convoy was is told 24 hours after it ended (in an exercise at once), where a site is until it expires; nothing
 * later than the moment or than now is there. access-kind, access-state */
TRUCE_CHECKED enum truce_status truce_access(struct truce_register *reg, const struct truce_sought *sought,
                                             const struct truce_moment *moment, truce_line *line, void *context,
                                             struct truce_error *error);
/* The one that a record is a step or a version of. access-none for any other record. */
TRUCE_CHECKED enum truce_status truce_access_one(struct truce_register *reg, const char *id,
                                                 const struct truce_moment *moment, struct truce_buffer *answer,
                                                 struct truce_error *error);
/* Each tally that a party signed beside what every reading counts in the same time by the tally's own term, with who
 * was watching and what prevented it. The counts are not merged. */
TRUCE_CHECKED enum truce_status truce_tallies(struct truce_register *reg, const struct truce_moment *moment,
                                              struct truce_buffer *answer, struct truce_error *error);

/* Who takes part, as the log's first `known` records have it, each fact with the record that made it: {"as_of",
 * "exercise","founded","genesis","known","later","parties":[{"answers_for":[{"from","now","party","record","until"}],
 * "founder","keys":[{"by","compromised_since","ended_by","id","record","retired_at","since","state","use"}],"names",
 * "party","record","role","since","until"}],"policy":{…},"register","root","waiting":[{"decided","kind","party",
 * "record"}]}. `since` and `retired_at` are entries; `use` is "sign", "recovery" or "read", `state` "in-force",
 * "retired", "compromised" or "replaced"; `waiting` are records that the founders have not approved yet. */
TRUCE_CHECKED enum truce_status truce_parties(struct truce_register *reg, const struct truce_moment *moment,
                                              struct truce_buffer *answer, struct truce_error *error);

/* ---- compliance */

/* Each term, day by day, as each reading counts it, of all that it binds and of each of them, with what was watched of
 * the day and what was restricted (spec/terms.md, "Compliance"). Days are civil days of each term's zone, numbered from
 * 1970-01-01, at most 62; without them the last 14 of the agreement's life as of the moment. Names: NULL for all. Of a
 * party: the terms that bind it, and it alone beside all together; "*": all together alone. */
struct truce_days {
    bool has_from, has_to;
    int64_t from, to; /* both told */
    const char *agreement, *term, *reading, *party;
};
TRUCE_CHECKED enum truce_status truce_compliance(struct truce_register *reg, const struct truce_days *days,
                                                 const struct truce_moment *moment, struct truce_buffer *answer,
                                                 struct truce_error *error);

/* ---- trust, and what is derived */

/* Who stands behind the log now, and who has not since when:
 * {"checkpoint":{"size"},"cosigned":{"at","size"},"cosigners":
 * [{"at","kind","late","name","party","size"}],"mirrored":…,"quorum","records","stale"}, without what is not there.
 * `kind` is "witness" or "mirror"; late: silent for an hour; stale: no quorum for an hour. It is of this copy and this
 * moment, and no part of the standing. */
TRUCE_CHECKED enum truce_status truce_heads(struct truce_register *reg, struct truce_buffer *answer,
                                            struct truce_error *error);
/* What stands behind the register as this copy has it now, and what in it does not fit; no part of the standing:
 * {"chains":{"faults":[{"by","fault","index","key","other","record","seq"}],"more"},"evidence":{"files":[…],"more"},
 * "genesis","head":{"at","phrase","root","size"},"heads":{…},"key","policy","promises":{"kept","late","missed","more",
 * "waiting"},"register","size","void":{"entries":[{"index","record"}],"more"}}, without what is not there. `fault` is
 * "equivocation" (`other` is the first record of that place), "gap" (the record before it is missing) or "prev" (it
 * names another as the one before it). A file of evidence has "evidence", "file" and, by its kind, "heads":[{"root",
 * "size"}], "by","key","records","seq", or "index". `policy` is a C2SP tlog-policy, line by line; `head` the newest
 * that is signed, `at` when the last of its records came. `own`: what was said to those who write here is told too:
 * promises, and evidence of refusals with their "code". Lists end after a hundred; "more" counts the rest. */
TRUCE_CHECKED enum truce_status truce_integrity(struct truce_register *reg, bool own, struct truce_buffer *answer,
                                                struct truce_error *error);
/* A signed head with cosigners' lines, brought by whoever has them (register/heads.h says what is refused). */
TRUCE_CHECKED enum truce_status truce_cosigned(struct truce_register *writer, const char *note, size_t size,
                                               struct truce_error *error);
/* Hands every new head to the policy's witnesses until it is ended, before the register is closed. `authority`: a PEM
 * file of trusted certificates that outlives it, or NULL. */
struct truce_collector;
TRUCE_CHECKED enum truce_status truce_collect(struct truce_collector **out, struct truce_register *writer,
                                              const char *authority, struct truce_error *error);
TRUCE_API void truce_collect_end(struct truce_collector **collector);

struct truce_verify_options {
    const char *path;    /* a register's directory, or a file: signed notes, evidence, a bundle (spec/bundle.md);
                          * of truce_verify_far an address */
    const char *genesis; /* 64 hex that was compared out of band, or NULL */
    const char *key;     /* the log's verifier key, or NULL: then the genesis's */
    const char *policy;  /* a file with a C2SP tlog-policy that some signed head must satisfy, or NULL */
    unsigned threads;    /* 0: all cores */
};
/* Each fault is a line {"code","message","offset","place"} with TRUCE_UNVERIFIED. The answer sums up
 * {"entries","faults","genesis","phrase","published","root","standing", …}, phrase being that of the newest signed head
 * (spec/log.md), of "published" records; with a policy the size and the number of
 * "cosignatures" of the largest head that satisfies it; of a bundle also "bundle", what it was
 * asked, and "verdict"; for evidence {"evidence":KIND,"faults","keys":[…],"trust"},
 * where trust "own-word" says that no key to compare with was given. Opens read-only and repairs nothing. */
TRUCE_CHECKED enum truce_status truce_verify(const struct truce_verify_options *options, truce_line *fault,
                                             truce_progress *progress, void *context, struct truce_buffer *answer,
                                             struct truce_error *error);

/* How one comes in at a server that lets in members alone; all may be NULL. */
enum { TRUCE_SAID_SIZE = 1024 };
struct truce_access {
    const char *authority;     /* a PEM file of trusted certificates; NULL: the system's */
    const char *authorization; /* what is said in Authorization */
    /* Opens a session where the door asks for one, or for another one; `said` is what is said from then on. From any
     * thread, one at a time. */
    enum truce_status (*enter)(void *context, char said[TRUCE_SAID_SIZE], struct truce_error *error);
    void *context;
};

/* The same of a register at an address (http://…, https://…), copied into a directory that is removed afterwards. */
TRUCE_CHECKED enum truce_status truce_verify_far(const struct truce_verify_options *options,
                                                 const struct truce_access *access, truce_line *fault,
                                                 truce_progress *progress, void *context, struct truce_buffer *answer,
                                                 struct truce_error *error);

/* ---- mirrors: another's register copied, with nothing of its host believed */

struct truce_mirror;
struct truce_mirror_options {
    const char *source;          /* http://…, https://… or a directory; NULL: the one it followed last */
    const char *directory;       /* made if it is not there */
    const char *genesis;         /* 64 hex that was compared out of band, or NULL */
    const char *log_key;         /* the log's verifier key where the genesis's is not to be relied on, or NULL */
    bool copies_only;            /* nothing is judged or cosigned: truce_verify does the one */
    const struct truce_key *key; /* to cosign and stamp with (TRUCE_USE_COSIGN), or NULL */
    struct truce_access access;  /* to the host */
    unsigned poll_s;             /* how often it looks, at least 1; 0: every 2 seconds */
    /* What the host did wrong is a line {"code","message","offset","place"} with TRUCE_UNVERIFIED; what keeps the
     * mirror from following a line with TRUCE_FAILED; a checkpoint that was reached {"cosigned","entries","published"}
     * with TRUCE_DONE. All from one thread. */
    truce_line *line;
    truce_progress *progress;
    void *context;
};
/* Strings and key stay the caller's. A mirror that was there before opens without its host. */
TRUCE_CHECKED enum truce_status truce_mirror_open(struct truce_mirror **out, const struct truce_mirror_options *options,
                                                  struct truce_error *error);
/* Once: the host's newest checkpoint, all that it covers, judged, published here, cosigned, and the cosignature
 * brought. TRUCE_UNVERIFIED where the host signed two histories (mirror-fork; the evidence is kept) or gives what its
 * checkpoint does not cover. */
TRUCE_CHECKED enum truce_status truce_mirror_catch_up(struct truce_mirror *mirror, struct truce_error *error);
/* The same again and again until truce_mirror_stop (from any thread, once), or until a fork: what fails is told and
 * tried again. */
TRUCE_CHECKED enum truce_status truce_mirror_follow(struct truce_mirror *mirror, struct truce_error *error);
TRUCE_API void truce_mirror_stop(struct truce_mirror *mirror);
/* The register to read and to serve; it stays the mirror's. truce_submit on it stamps and hands on. */
TRUCE_API struct truce_register *truce_mirror_register(struct truce_mirror *mirror);
TRUCE_API void truce_mirror_close(struct truce_mirror **mirror);

/* What was handed in at the mirror whose register this is, in the order in which it came, one line each:
 * {"at","id","stamp","state"}; state "in" the log, "refused" by the host with its signature, "waiting", or "withheld":
 * neither, though it came longer ago than a host may take (a day). */
TRUCE_CHECKED enum truce_status truce_arrivals(struct truce_register *reg, truce_line *line, void *context,
                                               struct truce_error *error);

/* ---- a change of host: the log goes on under another key when its host is gone (spec/take-over.md) */

struct truce_take_over {
    const char *copy;      /* the directory of a full copy, or what is left of the host's */
    const char *directory; /* the new one; a call that was cut short is made again */
    const char *votes; /* witnesses' votes (truce_witness_vote), one behind the other; may be NULL if there are none */
    size_t votes_size;
    const char *const *aside; /* names of witnesses whose votes are left out on purpose */
    size_t aside_count;
    const struct truce_key
        *key;            /* the log's new key, to become its host; NULL: a copy, which will follow the new host */
    const char *records; /* with it: the notes that put the key in force, one behind the other */
    size_t records_size;
    truce_line *line; /* receipts and refusals of what is handed in again; may be NULL */
    void *context;
};
/* {"base","beside","entries","host","missing":[{"by","from","key","to"}],"needed","new_key","old_key","receipts",
 * "refused","void","votes":[{"fate","size","witness"}],"waiting"}. What the copy has beyond the base, and in its
 * outbox, comes into the new outbox, and as the host in to the log. TRUCE_UNVERIFIED where a vote is of another history
 * (the evidence is kept). */
TRUCE_CHECKED enum truce_status truce_take_over(const struct truce_take_over *options, struct truce_buffer *answer,
                                                struct truce_error *error);

/* The index from the log, into a new file that replaces the old one. */
TRUCE_CHECKED enum truce_status truce_rebuild(struct truce_register *reg, truce_progress *progress, void *context,
                                              struct truce_error *error);

/* ---- other people's data, and worked cases */

/* One line a row: a receipt, {"already":ID,"row":…} or a refusal; flushed once its group is durable. `format`: "ged".
 */
TRUCE_CHECKED enum truce_status truce_import(struct truce_register *reg, const char *format, const char *path,
                                             const struct truce_key *key, truce_line *line, truce_progress *progress,
                                             void *context, struct truce_buffer *summary, struct truce_error *error);

TRUCE_CHECKED enum truce_status truce_case_list(struct truce_buffer *answer, struct truce_error *error);
/* A new register in `directory` from a worked case, with the exercise's keys in keys/NAME.key. */
TRUCE_CHECKED enum truce_status truce_case_load(const char *name, const char *directory, struct truce_buffer *answer,
                                                struct truce_error *error);

/* ---- statements out of a news text: what is proposed to a person, never a record by itself */

/* Reads plain text or HTML in UTF-8, Arabic or English, and proposes every statement that is attributed to somebody,
 * with the days, numbers of people and places that the text names:
 * {"counts":[{"best","end","high","low","of","start"}],"dates":[{"calendar","certain","doubts","end","kind","other",
 * "start","stated","value"}],"headline_end","lang","places":[{"candidates":[{"id","kind","metonym","names"}],"end",
 * "start"}],"sha256","statements":[{"act","cameo","content","content_end","content_start","counts","cue","dates","direct",
 * "end","organisation","perhaps","places","role","speaker","speaker_name","start","target","target_end","target_start"}]}.
 * Offsets are bytes of `text`, end exclusive, on UTF-8 boundaries; "perhaps" is an earlier name that may be the same;
 * "counts", "dates" and "places" of a statement are positions in the lists above. What is not there is left out. With a
 * register each statement has "offers" beside that: what it may be by, to and about (spec/intake.md). intake-… and
 * text-… codes. */
struct truce_intake_options {
    struct truce_register *reg; /* or NULL */
    const int64_t *day;         /* the text's own, in days since 1970-01-01, by which "yesterday" is counted; or NULL */
};
TRUCE_CHECKED enum truce_status truce_intake(const char *text, size_t size, const struct truce_intake_options *options,
                                             struct truce_buffer *answer, struct truce_error *error);

/* The text as people read it, at the very offsets of the source: of a page its markup is blanked, and what only fills
 * the place of an entity is U+0640 and U+200B; anything else as it is. */
TRUCE_CHECKED enum truce_status truce_intake_text(const char *text, size_t size, struct truce_buffer *shown, bool *page,
                                                  struct truce_error *error);

/* The record of kind "statement" that proposal `number` (from 1, in the order of the answer) becomes when a person
 * accepts it, as relaxed JSON for truce_write: the words with the source's hash and their span, so that they can be
 * checked for ever. Sign only what somebody has read. */
struct truce_acceptance {
    uint64_t number;
    const char *at;                /* when it was said, RFC 3339 UTC; must be given */
    const char *source;            /* who reported it and when, or NULL */
    const char *party, *addressed; /* names in the register, or NULL */
    const char *const *about;      /* ids of records that it is about, ended by NULL; or NULL */
    /* What a person mended of the proposal: NULL as proposed, "" left out. `words` must stand in the source near the
     * proposed ones, but for blanks (intake-words): they are quoted, and their span is theirs. */
    const char *speaker, *role, *organisation, *cue, *act, *words;
};
TRUCE_CHECKED enum truce_status truce_intake_record(const char *text, size_t size,
                                                    const struct truce_acceptance *acceptance,
                                                    struct truce_buffer *object, struct truce_error *error);

/* ---- searching a text that is in no register, as truce_find searches records */

/* A place that was found: bytes from … to of the text. Non-zero stops the work ("stopped"). */
typedef int truce_match(void *context, size_t from, size_t to);
/* Gives every place where the text (UTF-8) says the phrase, in order (spec/text.md). The answer: {"also":[…],
 * "matches":N}, where `also` are words that may be other spellings of a name looked for; they are no matches. */
TRUCE_CHECKED enum truce_status truce_search_text(const char *phrase, const char *text, size_t size, truce_match *match,
                                                  void *context, struct truce_buffer *answer,
                                                  struct truce_error *error);

/* ---- an operator's own base map: a PMTiles archive (version 3) whose tiles are pictures */

struct truce_tiles;
/* Refuses (tiles-format, tiles-kind, tiles-packed) what is none. The file stays open until it is closed. */
TRUCE_CHECKED enum truce_status truce_tiles_open(struct truce_tiles **out, const char *path, struct truce_error *error);
TRUCE_API void truce_tiles_close(struct truce_tiles **tiles);
struct truce_tiles_about {
    const char *type; /* "image/png" … */
    unsigned zoom_least, zoom_most;
};
TRUCE_API void truce_tiles_about(const struct truce_tiles *tiles, struct truce_tiles_about *out);
/* The tile at that zoom, x from the west and y from the north; size 0 where there is none. For any thread. */
TRUCE_CHECKED enum truce_status truce_tiles_read(const struct truce_tiles *tiles, unsigned zoom, uint32_t x, uint32_t y,
                                                 struct truce_buffer *tile, struct truce_error *error);

/* ---- tokens: by them a server knows its members. It keeps their hashes, never a token itself. */

enum { TRUCE_TOKEN_HASH_SIZE = 65, TRUCE_TOKEN_NAME_SIZE = 65 }; /* both with NUL */

/* A fresh token (32 random bytes in base64url) and its SHA-256 in hexadecimal. */
TRUCE_CHECKED enum truce_status truce_token_new(struct truce_buffer *token, char hash[TRUCE_TOKEN_HASH_SIZE],
                                                struct truce_error *error);
/* What a client says in Authorization: Basic, or Bearer where `name` is NULL. */
TRUCE_CHECKED enum truce_status truce_token_say(const char *name, const char *token, struct truce_buffer *authorization,
                                                struct truce_error *error);
/* What a server makes of it: the name ("" where none is said) and the token's hash. False if it is neither form. */
TRUCE_API bool truce_token_read(const char *authorization, size_t size, char name[TRUCE_TOKEN_NAME_SIZE],
                                char hash[TRUCE_TOKEN_HASH_SIZE]);
/* Compares in a time that tells nothing. */
TRUCE_API bool truce_token_equal(const char a[TRUCE_TOKEN_HASH_SIZE], const char b[TRUCE_TOKEN_HASH_SIZE]);

/* ---- sessions: a member comes in at a server's door by a key of its own (spec/http.md) */

/* Makes a session key and the letter by which `signing`, a party's signing key, lets it speak for the party: a new file
 * `path` with both. Times are seconds of UTC. `verifier` gets the session key's "name+hash+base64". */
struct truce_letter {
    const char *register_name; /* ORIGIN#16 digits */
    int64_t from, until;
};
TRUCE_CHECKED enum truce_status truce_session_new(const struct truce_key *signing, const struct truce_letter *letter,
                                                  const char *path, struct truce_buffer *verifier,
                                                  struct truce_error *error);
/* What a server at `url` is handed to come in: the letter, and the challenge that it gave, signed. Refuses a challenge
 * that is for another register, or for a server that is called otherwise: it would be passed on. */
TRUCE_CHECKED enum truce_status truce_session_answer(const char *path, const char *url, const char *challenge,
                                                     size_t size, struct truce_buffer *notes,
                                                     struct truce_error *error);

/* The server's side: a door of a register that is open for writing, for any thread. */
struct truce_door;
TRUCE_CHECKED enum truce_status truce_door_open(struct truce_door **out, struct truce_register *writer,
                                                struct truce_error *error);
TRUCE_API void truce_door_close(struct truce_door **door);

struct truce_rules {
    bool exercise, is_public; /* as the genesis and the policy in force say */
};
TRUCE_API void truce_door_rules(struct truce_door *door, struct truce_rules *out);

struct truce_visitor {
    char party[TRUCE_TOKEN_NAME_SIZE];
    int64_t until; /* the token opens nothing from then on; it may end sooner */
};
/* `host` is how the client calls the server: "https://register.example:8443". */
TRUCE_CHECKED enum truce_status truce_door_challenge(struct truce_door *door, const char *host,
                                                     struct truce_buffer *challenge, struct truce_error *error);
TRUCE_CHECKED enum truce_status truce_door_enter(struct truce_door *door, const char *host, const char *notes,
                                                 size_t size, struct truce_buffer *token, struct truce_visitor *visitor,
                                                 struct truce_error *error);
/* Is this the hash of a token that opens the door now? */
TRUCE_API bool truce_door_knows(struct truce_door *door, const char hash[TRUCE_TOKEN_HASH_SIZE],
                                struct truce_visitor *out);
TRUCE_API void truce_door_leave(struct truce_door *door, const char hash[TRUCE_TOKEN_HASH_SIZE]);
TRUCE_API uint64_t truce_door_count(struct truce_door *door); /* sessions that are open */

/* ---- a witness: it remembers the newest signed head of each log that it trusts, and cosigns what follows from that
 * (C2SP tlog-witness; spec/witness.md). It needs no register. */

struct truce_witness;

struct truce_witness_options {
    const char *directory;       /* its own; made if absent */
    const struct truce_key *key; /* of TRUCE_USE_COSIGN */
    const char *logs;            /* lines "log VKEY [URL]" and "witness NAME VKEY [URL]", as in a C2SP tlog-policy */
    /* Addresses where others serve a head that may bear its cosignature. After each start it cosigns nothing until more
     * than half of them have answered, unless an operator says that its memory is the newest there is. */
    const char *const *peers;
    size_t peer_count;
    const char *certificate_authority; /* for them: a PEM file, or NULL: the system's */
    bool override;                     /* the operator says so, which is written down */
    bool alone;                        /* nobody can confirm: enough if it was in use within the last hour */
};
TRUCE_CHECKED enum truce_status
truce_witness_open(struct truce_witness **out, const struct truce_witness_options *options, struct truce_error *error);
/* Nobody may use it any longer. */
TRUCE_API void truce_witness_close(struct truce_witness **witness);

/* What HTTP says: the library decides status, type and body; the caller frees the body. */
struct truce_witness_answer {
    unsigned status;
    unsigned retry_s; /* Retry-After, if not 0 */
    const char *type;
    struct truce_buffer body;
};
/* The body of a request to add-checkpoint. Many threads may call at once; what waits together becomes durable together.
 */
TRUCE_API void truce_witness_add(struct truce_witness *witness, const char *body, size_t size,
                                 struct truce_witness_answer *answer);
/* The newest head that was cosigned of the log whose origin has this SHA-256, in hexadecimal. */
TRUCE_API void truce_witness_show(struct truce_witness *witness, const char *origin_hash,
                                  struct truce_witness_answer *answer);
/* {"closed","evidence","heard","logs":[{"cosigned","origin","root","signs","size","stopped"}],"override","peers","sure",
 * "witness"} */
/* Votes for a change of host (spec/take-over.md): the witness promises durably never to cosign the log key `old_key`
 * again, and says what it cosigned last, as a signed note. witness-unconfirmed while its peers have not said enough. */
TRUCE_CHECKED enum truce_status truce_witness_vote(struct truce_witness *witness, const char *old_key,
                                                   const char *new_key, struct truce_buffer *note,
                                                   struct truce_error *error);
TRUCE_CHECKED enum truce_status truce_witness_about(struct truce_witness *witness, struct truce_buffer *answer,
                                                    struct truce_error *error);

/* ---- words: message catalogues, so that every client says the same */

/* The translation of an English message into the language asked for, or the message itself. */
TRUCE_API const char *truce_word(const char *message);
/* The same with a count, by the language's plural rule (six forms in Arabic). */
TRUCE_API const char *truce_words(const char *one, const char *many, uint64_t count);

#ifdef __cplusplus
}
#endif
#endif
