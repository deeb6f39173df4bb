#include "api/address.h"

#include <arpa/inet.h>
#include <stdio.h>

bool address_read(const char *address, char host[64], bool *loopback)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1) {
        *loopback = ntohl(four.s_addr) >> 24 == 127;
        snprintf(host, 64, "%s", address);
        return true;
    }
    if (inet_pton(AF_INET6, address, &six) != 1) return false;
    *loopback = IN6_IS_ADDR_LOOPBACK(&six);
    snprintf(host, 64, "[%.60s]", address);
    return true;
}
