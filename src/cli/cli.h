/* What the commands share: the table they stand in, one call of one of them, and the small things that each needs. */
#ifndef TRUCE_CLI_CLI_H
#define TRUCE_CLI_CLI_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "tell/ask.h"
#include "tell/words.h"
#include "truce.h"

struct call {
    const struct command *command;
    struct options options;
    const char *directory; /* -C, else $TRUCE_DIR, else "." */
    bool json;
};

struct command {
    const char *name, *alias;
    const char *usage;            /* what follows the name */
    const char *does;             /* one sentence */
    const char *more;             /* what else the help says, or NULL */
    const char *example;          /* as typed, or NULL */
    const struct option *options; /* its own */
    size_t least, most;           /* operands */
    bool reading;                 /* writes nothing: a reader that goes away early is no fault */
    enum truce_status (*run)(struct call *call);
};

extern const struct command *const commands[]; /* in the order of the help; ended by NULL */
extern const struct option global_options[];
const struct command *command_find(const char *name);

extern const struct command command_init, command_key, command_write, command_sign, command_submit, command_list,
    command_show, command_open, command_reveal, command_erase, command_standing, command_parties, command_why,
    command_verify, command_rebuild, command_import, command_case, command_terms, command_intake, command_search_text,
    command_serve, command_witness, command_mirror, command_arrivals, command_member, command_outbox, command_pouch,
    command_promises, command_bench, command_anchor, command_session, command_take_over, command_help;

/* ---- what a call was given */

static inline const char *call_option(const struct call *call, const char *name)
{
    return options_value(&call->options, name);
}
static inline bool call_has(const struct call *call, const char *name)
{
    return options_has(&call->options, name);
}
static inline const char *call_operand(const struct call *call, size_t i)
{
    return i < call->options.operands ? call->options.operand[i] : NULL;
}

/* Says what was wrong with the call (in the reader's language, holes filled) and where the help is. */
enum truce_status call_wrong(const struct call *call, const char *message, ...) __attribute__((sentinel));
/* An option that must be there: false after saying so. */
bool call_needs(const struct call *call, const char *option);

/* Opens the call's register; says what went wrong. */
enum truce_status call_open(const struct call *call, enum truce_mode mode, struct truce_register **reg);
/* Closes it; a failure to do so counts if all went well before. */
enum truce_status call_close(struct truce_register **reg, enum truce_status status);

/* The options as answers to ask.h; the context is the call. */
const char *call_ask(void *call, const char *name);
/* --as-of and --known. */
enum truce_status call_moment(struct call *call, struct truce_moment *moment);
extern const char call_known_help[], call_as_of_help[];

/* ---- files and secrets */

/* A whole file, or the standard input for "-"; says what went wrong. */
enum truce_status file_read(struct buffer *out, const char *path);
/* The same, and no more than is needed to know that there are more than so many bytes. */
enum truce_status file_read_most(struct buffer *out, const char *path, size_t most);
/* A new file or what replaces an old one. */
enum truce_status file_write(const char *path, struct slice data);

enum { PASSPHRASE_SIZE = 1024 };
/* The passphrase for a new key: "" for none, from --passphrase-file, or asked for twice with --passphrase. */
enum truce_status passphrase_new(const struct call *call, char out[PASSPHRASE_SIZE]);
/* One that must be: from the file that the option `file` names, or asked for twice. */
enum truce_status passphrase_needed(const struct call *call, const char *file, char out[PASSPHRASE_SIZE]);
/* Opens the key of --key, asking at the terminal if it is under a passphrase and --passphrase-file is not given. */
enum truce_status key_open(struct call *call, struct truce_key **key);
enum truce_status key_open_at(struct call *call, const char *path, struct truce_key **key);
enum truce_status reader_open_at(struct call *call, const char *path, struct truce_reader **reader);

/* Completes, signs and prints a record by the key of --key, and hands it in: to the server that holds the register, if
 * there is one. */
struct writing {
    const char *kind;
    struct slice object; /* its own fields as relaxed JSON */
    bool submits;
};
enum truce_status write_object(struct call *call, const struct writing *writing);

/* Prints a note, with --json inside an object. */
void note_give(const struct call *call, struct slice note);
/* A record of that kind, written with the key and printed, or handed in with --submit. */
enum truce_status note_write(struct call *call, struct truce_register *reg, const struct truce_key *key,
                             const char *kind, struct slice object);
/* With the key of --key and the call's register, opened so that what is written can be handed in if it is to be. */
typedef enum truce_status note_writer(struct call *call, struct truce_register *reg, const struct truce_key *key,
                                      const void *context);
enum truce_status note_written(struct call *call, bool hands_in, note_writer *write, const void *context);
/* truce_line functions; context is the call. One prints receipts and refusals as they are, one says them to people. */
int submit_line(void *context, enum truce_status status, const char *line, size_t size);
int receipt_say(void *context, enum truce_status status, const char *line, size_t size);
/* What a receipt says to people, appended; false if the line is none. */
bool receipt_words(struct buffer *out, const char *line);

/* The text that is shown before somebody makes a register for the first time. At a terminal it waits to be confirmed.
 */
enum truce_status first_run(const struct call *call);

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080": where to listen. */
bool listen_read(const char *text, char address[64], uint16_t *port);

void help_write(const struct command *command, struct buffer *out, size_t width); /* NULL: the whole program */

#define OPTION_KEY                                                                                                     \
    {                                                                                                                  \
        "key", '\0', "FILE", N_("Sign with this secret key.")                                                          \
    }
#define OPTION_PASSPHRASE_FILE                                                                                         \
    {                                                                                                                  \
        "passphrase-file", '\0', "FILE", N_("Take the key's passphrase from the first line of FILE.")                  \
    }
#define OPTION_PASSPHRASE                                                                                              \
    {                                                                                                                  \
        "passphrase", '\0', NULL, N_("Put new keys under a passphrase, asked for at the terminal.")                    \
    }
#define END_OF_OPTIONS                                                                                                 \
    {                                                                                                                  \
        NULL, '\0', NULL, NULL                                                                                         \
    }

#endif
