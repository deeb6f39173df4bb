/* The log as it is now, asked for again only when it has grown. */
#ifndef TRUCE_API_NOW_H
#define TRUCE_API_NOW_H

#include "truce.h"

enum { ROOT_SIZE = 65, REGISTER_NAME_SIZE = 320 };

struct now {
    uint64_t size, published; /* published: when it was asked for */
    char root[ROOT_SIZE], register_name[REGISTER_NAME_SIZE];
    bool exercise;
};

struct api;
enum truce_status api_now(struct api *api, struct truce_register *reader, struct now *out, struct truce_error *error);

#endif
