/* The command line's parser: every way to give an option, what is wrong with one, and what was probably meant. */
#include "check.h"

#include "cli/options.h"
#include "tell/nearest.h"

static const struct option shared[] = {
    {"directory", 'C', "DIR", ""},
    {"json", '\0', NULL, ""},
    {"help", 'h', NULL, ""},
    {NULL, '\0', NULL, NULL},
};
static const struct option own[] = {
    {"kind", 'k', "KIND", ""},
    {"near", '\0', "LAT,LON", ""},
    {"limit", '\0', "N", ""},
    {NULL, '\0', NULL, NULL},
};
static const struct option *const tables[] = {own, shared, NULL};

static struct options options;
static struct option_fault fault;

/* The arguments are one string, cut at spaces; "_" is an empty one. */
static bool parse(const char *line, bool first_only, int *at)
{
    static char text[512];
    char *argv[64] = {text};
    int argc = 0;
    snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
    options = (struct options){.count = 0};
    *at = 0;
    return options_parse(&options, tables, argc, argv, at, first_only, &fault);
}

static bool parses(const char *line)
{
    int at;
    return parse(line, false, &at);
}

static void every_way(void)
{
    CHECK(parses("--kind report -C/tmp/x a --json b"));
    CHECK_STRING(options_value(&options, "kind"), "report");
    CHECK_STRING(options_value(&options, "directory"), "/tmp/x");
    CHECK(options_has(&options, "json") && options_value(&options, "json") == NULL);
    CHECK(!options_has(&options, "limit") && options_value(&options, "limit") == NULL);
    CHECK_INT(options.operands, 2);
    CHECK_STRING(options.operand[1], "b");
    CHECK(parses("--kind=a=b -C dir --near -33.5,36"));
    CHECK_STRING(options_value(&options, "kind"), "a=b");
    CHECK_STRING(options_value(&options, "directory"), "dir");
    CHECK_STRING(options_value(&options, "near"), "-33.5,36");
    CHECK(parses("--kind a --kind b --limit=") && strcmp(options_value(&options, "kind"), "b") == 0);
    CHECK_STRING(options_value(&options, "limit"), "");
    CHECK(parses("- -- --json -x") && options.operands == 3 && !options_has(&options, "json"));
    CHECK_STRING(options.operand[0], "-");
    CHECK_STRING(options.operand[2], "-x");
    CHECK(parses("-hk report") && options_has(&options, "help"));
    CHECK_STRING(options_value(&options, "kind"), "report");
}

static void stops_at_the_command(void)
{
    int at;
    CHECK(parse("-C dir list --json", true, &at));
    CHECK_INT(at, 2);
    CHECK(!options_has(&options, "json") && options.operands == 0);
}

static void what_is_wrong(void)
{
    CHECK(!parses("--knid report") && fault.kind == OPTION_UNKNOWN);
    CHECK_STRING(fault.typed, "--knid");
    CHECK_STRING(fault.meant, "kind");
    CHECK(!parses("--directry=x") && fault.meant != NULL && strcmp(fault.meant, "directory") == 0);
    CHECK_STRING(fault.typed, "--directry");
    CHECK(!parses("--zzzzzz") && fault.kind == OPTION_UNKNOWN && fault.meant == NULL);
    CHECK(!parses("--kind") && fault.kind == OPTION_NEEDS_VALUE);
    CHECK(!parses("-C") && fault.kind == OPTION_NEEDS_VALUE);
    CHECK(!parses("--json=yes") && fault.kind == OPTION_TAKES_NONE);
    CHECK_STRING(fault.typed, "--json");
    CHECK(!parses("-x") && fault.kind == OPTION_UNKNOWN);
    char line[400] = "";
    for (int i = 0; i <= OPTIONS_MOST; i++) strcat(line, "-h ");
    CHECK(!parses(line) && fault.kind == OPTION_TOO_MANY);
}

static const char *nearest(const char *typed)
{
    struct nearest near = {.typed = typed};
    static const char *const names[] = {"init", "key", "write", "sign", "submit", "list", "show", "standing", "verify"};
    for (size_t i = 0; i < COUNT_OF(names); i++) nearest_consider(&near, names[i]);
    return near.best == NULL ? "" : near.best;
}

static void what_was_meant(void)
{
    CHECK_STRING(nearest("lsit"), "list");
    CHECK_STRING(nearest("verfy"), "verify");
    CHECK_STRING(nearest("stand"), "standing");
    CHECK_STRING(nearest("sing"), "sign");
    CHECK_STRING(nearest("quite-different"), "");
    CHECK_STRING(nearest(""), "");
    CHECK_STRING(nearest("a-word-that-is-much-longer-than-any-name-that-there-is"), "");
}

TESTS(every_way, stops_at_the_command, what_is_wrong, what_was_meant)
