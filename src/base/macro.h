/* Small words used everywhere: what must be checked, what is tried, what is owned. */
#ifndef TRUCE_BASE_MACRO_H
#define TRUCE_BASE_MACRO_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(template_, first) __attribute__((format(printf, template_, first)))

/* OWN(fn): fn(&variable) runs when the variable leaves its scope. */
#define OWN(fn) __attribute__((cleanup(fn)))

/* TRY(call): leaves the function with the call's status unless it is STATUS_DONE. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        enum status try_status_ = (call);                                                                              \
        if (try_status_ != STATUS_DONE) return try_status_;                                                            \
    } while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
