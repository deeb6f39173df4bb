#include "cli/options.h"

#include "base/macro.h"
#include "tell/nearest.h"
#include <stdio.h>
#include <string.h>

static const struct option *find_long(const struct option *const *tables, const char *name, size_t size)
{
    for (; *tables != NULL; tables++)
        for (const struct option *o = *tables; o->name != NULL; o++)
            if (strlen(o->name) == size && memcmp(o->name, name, size) == 0) return o;
    return NULL;
}

static const struct option *find_letter(const struct option *const *tables, char letter)
{
    for (; *tables != NULL; tables++)
        for (const struct option *o = *tables; o->name != NULL; o++)
            if (letter != '\0' && o->letter == letter) return o;
    return NULL;
}

static bool fault_set(struct option_fault *fault, enum option_fault_kind kind, const char *typed, size_t size)
{
    *fault = (struct option_fault){.kind = kind};
    if (size >= sizeof fault->typed) size = sizeof fault->typed - 1;
    while (size > 0 && typed[size] != '\0' && ((unsigned char)typed[size] & 0xC0U) == 0x80U) size--;
    memcpy(fault->typed, typed, size);
    return false;
}

static bool keep(struct options *out, const struct option *option, const char *value, const char *typed,
                 struct option_fault *fault)
{
    if (out->count == OPTIONS_MOST) return fault_set(fault, OPTION_TOO_MANY, typed, strlen(typed));
    out->given[out->count] = option;
    out->value[out->count++] = value;
    return true;
}

static bool parse_long(struct options *out, const struct option *const *tables, int argc, char **argv, int *at,
                       struct option_fault *fault)
{
    const char *typed = argv[*at], *name = typed + 2, *equals = strchr(name, '=');
    size_t size = equals == NULL ? strlen(name) : (size_t)(equals - name);
    const struct option *option = find_long(tables, name, size);
    if (option == NULL) {
        fault_set(fault, OPTION_UNKNOWN, typed, size + 2);
        struct nearest near = {.typed = fault->typed + 2};
        for (; *tables != NULL; tables++)
            for (const struct option *o = *tables; o->name != NULL; o++) nearest_consider(&near, o->name);
        fault->meant = near.best;
        return false;
    }
    if (option->argument == NULL && equals != NULL) return fault_set(fault, OPTION_TAKES_NONE, typed, size + 2);
    const char *value = equals == NULL ? NULL : equals + 1;
    if (option->argument != NULL && value == NULL) {
        if (*at + 1 >= argc) return fault_set(fault, OPTION_NEEDS_VALUE, typed, size + 2);
        value = argv[++*at];
    }
    return keep(out, option, value, typed, fault);
}

static bool parse_letters(struct options *out, const struct option *const *tables, int argc, char **argv, int *at,
                          struct option_fault *fault)
{
    const char *typed = argv[*at];
    for (const char *letter = typed + 1; *letter != '\0'; letter++) {
        const struct option *option = find_letter(tables, *letter);
        if (option == NULL) return fault_set(fault, OPTION_UNKNOWN, typed, strlen(typed));
        if (option->argument == NULL) {
            if (!keep(out, option, NULL, typed, fault)) return false;
            continue;
        }
        const char *value = letter[1] != '\0' ? letter + 1 : *at + 1 < argc ? argv[++*at] : NULL;
        if (value == NULL) return fault_set(fault, OPTION_NEEDS_VALUE, typed, strlen(typed));
        return keep(out, option, value, typed, fault);
    }
    return true;
}

bool options_parse(struct options *out, const struct option *const *tables, int argc, char **argv, int *at,
                   bool first_only, struct option_fault *fault)
{
    for (bool only_operands = false; *at < argc; ++*at) {
        char *typed = argv[*at];
        bool operand = only_operands || typed[0] != '-' || typed[1] == '\0';
        if (operand && first_only) return true;
        if (operand) {
            if (out->operands == OPERANDS_MOST) return fault_set(fault, OPTION_TOO_MANY, typed, strlen(typed));
            out->operand[out->operands++] = typed;
        } else if (strcmp(typed, "--") == 0) {
            only_operands = true;
        } else if (!(typed[1] == '-' ? parse_long : parse_letters)(out, tables, argc, argv, at, fault)) {
            return false;
        }
    }
    return true;
}

const char *options_value(const struct options *options, const char *name)
{
    for (size_t i = options->count; i-- > 0;)
        if (strcmp(options->given[i]->name, name) == 0) return options->value[i];
    return NULL;
}

void options_values(const struct options *options, const char *name, const char *out[], size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < options->count && count + 1 < room; i++)
        if (strcmp(options->given[i]->name, name) == 0) out[count++] = options->value[i];
    out[count] = NULL;
}

bool options_has(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->given[i]->name, name) == 0) return true;
    return false;
}
