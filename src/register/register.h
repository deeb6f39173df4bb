/* What the use cases share: the opened register, and the way records take into it.
 *
 *     note → decode → signature → admission → log (durable) → index → receipt
 */
#ifndef TRUCE_REGISTER_REGISTER_H
#define TRUCE_REGISTER_REGISTER_H

#include "index/index.h"
#include "log/log.h"
#include "record/admission.h"
#include "truce.h"

enum { REGISTER_PATH_SIZE = 4096, REGISTER_GROUP = 1024 };
/* Memory that decoding any group fits in: whether a record is admitted must not hang on the others beside it. */
#define REGISTER_GROUP_BYTES                                                                                           \
    ((size_t)REGISTER_GROUP * (LIMIT_JSON_NODES * sizeof(struct json) + 4 * (size_t)LIMIT_ENTRY_BYTES))

struct writing;
struct sight;
struct mirrored;
struct heads;

struct truce_register {
    const struct system *system;
    char directory[REGISTER_PATH_SIZE];
    enum truce_mode mode;
    struct log *log;
    struct index *index;
    struct signer signer;   /* the log's key, when open for writing */
    enum truce_level level; /* of the receipts given */
    uint64_t seen; /* entries that the index had when this handle was last brought up to date: what answers hold */
    struct members *members;
    uint64_t members_size;         /* entries that members know */
    int64_t last_received_ms;      /* of the log's last entry; never decreases */
    struct writing *writing;       /* open for writing: what its writers share (writing.h) */
    struct mirrored *mirrored;     /* it follows another's log (mirrored.h): nothing is admitted here */
    struct truce_register *writer; /* the register that this reader stands beside, whose log it shares; or NULL */
    struct sight *sight;           /* what answers are computed from; a reader beside a writer uses the writer's */
    struct heads *heads;           /* what cosigners said of late; a reader beside a writer uses the writer's */
    unsigned generation;           /* beside a writer: of the index file that is open */
};

/* DIRECTORY/name into out; register-path if it does not fit. */
MUST_USE enum status register_path(char out[REGISTER_PATH_SIZE], const char *directory, const char *name,
                                   struct error *error);

MUST_USE enum status register_open(struct truce_register **out, const struct system *system, const char *directory,
                                   enum truce_mode mode, struct error *error);
/* The same for one that follows another's log; who opens it does the rest (mirrored.h). */
MUST_USE enum status register_open_following(struct truce_register **out, const struct system *system,
                                             const char *directory, struct error *error);
/* How many of the log's entries go into the index: all, or of a mirror those that were judged, at the end of a run. */
uint64_t register_size(const struct truce_register *reg);
/* An index of the log's first *applied entries at DIRECTORY/index.sqlite, made anew if it is of another log. */
MUST_USE enum status register_index_open(struct truce_register *reg, uint64_t *applied, struct error *error);
/* Publishes first if it was open for writing; frees in every case. */
enum status register_close(struct truce_register **reg, struct error *error);

/* A new directory with an empty log under `log_key`, opened for writing. register-exists if there is one. */
MUST_USE enum status register_found(struct truce_register **out, const char *directory, const struct signer *log_key,
                                    struct error *error);

/* Takes back a founding that failed: log, log key, and what is empty without them. Not for a register in use. */
void register_unfound(const char *directory);

/* The index is brought up to the log's size, which `seen` then is; what cannot be written is built in memory instead.
 * Beside a writer it waits a moment for the writer's follower, and `seen` is what that has. */
MUST_USE enum status register_catch_up(struct truce_register *reg, truce_progress *progress, void *context,
                                       struct error *error);
/* The same, but beside a writer nobody is waited for: `seen` is what the index has. */
MUST_USE enum status register_look(struct truce_register *reg, struct error *error);
/* As register_catch_up, and the members as of `seen`. */
MUST_USE enum status register_know(struct truce_register *reg, struct error *error);

/* ---- the log's key (log_key.c): log.key, and log-next.key for when the members change it */

/* The key that the published checkpoint bears; log-next.key takes the place of log.key once it is that one. */
MUST_USE enum status log_key_open(struct truce_register *reg, const char *log, struct error *error);
/* The log signs as the members say, from the size that they say; *changed: by another key than before. log-next-key
 * where the secret is not there. */
MUST_USE enum status log_key_follow(struct truce_register *reg, bool *changed, struct error *error);

/* For who leads (writing.h): index, members and follower are there; and the log has grown. */
MUST_USE enum status register_writer_ready(struct truce_register *reg, struct error *error);
void register_writer_grew(struct truce_register *reg);
MUST_USE enum status register_index_behind(struct error *error);

/* Members as of entry `size`, from the log through an index that has applied that far. */
MUST_USE enum status register_members(struct truce_register *reg, struct index *index, uint64_t size,
                                      struct members **out, struct error *error);

/* A fresh index of the whole log at `path` (a new file, or ":memory:"). Reads the log alone. */
MUST_USE enum status register_index_anew(struct truce_register *reg, const char *path, truce_progress *progress,
                                         void *context, struct index **out, struct error *error);

/* Judges and applies entries from … to to an index and members that stand at `from`. */
struct following {
    truce_progress *progress; /* any may be NULL */
    void (*found_void)(void *context, uint64_t entry, const struct error *why);
    void *context;
};
MUST_USE enum status register_apply(struct truce_register *reg, struct index *index, struct members *members,
                                    uint64_t from, uint64_t to, const struct following *following, struct error *error);

/* What became of one note. */
struct outcome {
    bool admitted, already; /* already: this text was in the log before */
    struct record_id id;
    uint64_t index;
    int64_t received_ms;
    struct hash submitted; /* SHA-256 of the bytes that came */
    struct error refusal;
};

/* Receipts for a group: one checkpoint for all; or promises, when none could be signed. */
struct receipts {
    struct buffer checkpoint; /* empty: promises */
    uint64_t size;
};
void receipts_clear(struct receipts *receipts);

/* Admits up to REGISTER_GROUP notes beside whoever else hands in (writing.h): on return those admitted are durable in
 * the log. `received_ms` is NULL (now) except for a case with a clock of its own; `receipts` may be NULL. */
MUST_USE enum status register_admit(struct truce_register *reg, const struct slice *notes, size_t count,
                                    const int64_t *received_ms, struct outcome *outcomes, struct receipts *receipts,
                                    struct error *error);

/* Appends the receipt or refusal as a JSON object, without newline. */
MUST_USE enum status receipts_put(struct receipts *receipts, struct truce_register *reg, const struct outcome *outcome,
                                  struct buffer *out, struct error *error);

/* The receipt of an entry as it can be given at this moment: by the highest level of heads that cover it. */
MUST_USE enum status receipt_of_now(struct truce_register *reg, uint64_t index, struct buffer *out,
                                    struct error *error);

/* Entry `index` taken apart; everything borrows from `entry` and `arena`. */
MUST_USE enum status register_read(struct truce_register *reg, uint64_t index, struct buffer *entry,
                                   struct arena *arena, struct record *record, int64_t *received_ms,
                                   struct error *error);

/* The entry of the record whose id is, or begins with, these digits. record-absent, index-… */
MUST_USE enum status register_find(struct truce_register *reg, const char *id, uint64_t *index, bool *is_void,
                                   struct error *error);
/* The note of the record whose id is, or begins with, these digits: as truce_show gives it. */
MUST_USE enum status register_note(struct truce_register *reg, const char *id, struct buffer *out, struct error *error);

/* ---- completing and signing what somebody writes */

/* A string replaced while a record is completed ("@label" in a case); false leaves it as it is. */
typedef bool complete_string(void *context, struct slice string, struct buffer *out);
struct sealer;
struct completion {
    struct sealer *sealer; /* what seals it (seal.h), or NULL: it is signed as it stands */
    const struct record_kind *kind;
    const struct json *object; /* relaxed: the kind's own fields, and envelope fields that the writer sets */
    struct slice register_name;
    struct slice written;          /* time text; used if the object has none */
    const struct verifier *author; /* of complete(): by whom and which key */
    int64_t seq;
    struct record_id prev; /* used if seq > 0 */
    complete_string *string;
    void *context;
};
/* Envelope filled, strings replaced; then sealed, made canonical and checked: the text that its author signs. */
MUST_USE enum status complete(struct buffer *text, const struct completion *completion, struct arena *arena,
                              struct error *error);
/* The same by its author's own hand: the signed note. */
MUST_USE enum status complete_and_sign(struct buffer *note, const struct completion *completion,
                                       const struct signer *signer, struct arena *arena, struct error *error);

/* Head of an author's chain in the log: seq of the next record and the id it follows. */
MUST_USE enum status register_head(struct truce_register *reg, const struct verifier *author, int64_t *next_seq,
                                   struct record_id *prev, struct error *error);

/* ---- key files */
MUST_USE enum status key_file_read(const struct system *system, const char *path, truce_passphrase *ask, void *context,
                                   struct signer *out, struct error *error);
MUST_USE enum status key_file_create(const struct system *system, const char *path, const struct signer *signer,
                                     struct slice passphrase, struct error *error);
/* Whose key it is, which the file says without its passphrase; false for a file that says nothing of the kind. */
bool key_file_names(const struct system *system, const char *path, char name[LIMIT_ORIGIN_BYTES + 1], uint32_t *id);
/* The same of each file in the register's own DIR/keys/. */
typedef enum status key_visit(void *context, const char *name, uint32_t id, struct error *error);
MUST_USE enum status register_keys(struct truce_register *reg, key_visit *visit, void *context, struct error *error);

struct reader_secret;
MUST_USE enum status reader_file_read(const struct system *system, const char *path, truce_passphrase *ask,
                                      void *context, struct reader_secret *out, struct error *error);
/* The bytes of any secret file, refused where others may read it; and what is done with them in the end. */
MUST_USE enum status secret_file_read(const struct system *system, const char *path, struct buffer *out,
                                      struct error *error);
void secret_wipe(struct buffer *buffer);
/* A session key's file begins with this line, so that it can be taken for no other key. */
#define SESSION_FILE_HEAD "TRUCE+SESSION+KEY\n"

/* A fresh token, and the hash that is kept of it. */
MUST_USE enum status token_new(struct truce_buffer *token, char hash[TRUCE_TOKEN_HASH_SIZE], struct error *error);

/* ---- one moment resolved: the log's first `size` entries, the world at `as_of` */
struct moment {
    uint64_t size;
    int64_t as_of;
};
MUST_USE enum status register_moment(struct truce_register *reg, const struct truce_moment *asked, struct moment *out,
                                     struct error *error);

/* What a query asks of the index. find-kind, find-order, find-distance */
MUST_USE enum status register_query(const struct truce_query *asked, uint64_t known, struct query *out,
                                    struct error *error);

/* The standing as JSON by a view of the log's first `at->size` entries, or now (`at` NULL) by a view of all; members
 * are known. */
struct view;
MUST_USE enum status register_standing(struct truce_register *reg, struct view *view, const struct moment *at,
                                       struct buffer *out, struct error *error);

/* ---- between the public header and the rooms */
struct truce_key {
    struct signer signer;
};
/* What an error says, in the language of truce_language. */
void public_message(const struct error *error, char *out, size_t size);
enum truce_status public_status(enum status status, const struct error *error, struct truce_error *out);
MUST_USE enum status public_buffer(struct truce_buffer *out, struct buffer *from, struct error *error);
/* {"code","message","offset","place"}, appended. */
MUST_USE enum status public_fault(const struct error *fault, struct buffer *out);
/* Calls line; a caller that wants to stop gives STATUS_FAILED "stopped". */
MUST_USE enum status public_line(truce_line *line, void *context, enum status status, struct slice text,
                                 struct error *error);
void received_format(int64_t received_ms, char out[25]); /* YYYY-MM-DDThh:mm:ss.mmmZ */

#endif
