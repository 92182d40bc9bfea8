#include "web/handlers.h"

#define ROUTE(method, path, handler, who, about) {HTTP_##method, path, handler, WHO_##who, about},

const struct route routes[] = {
#include "web/routes.tbl.h"
};

#undef ROUTE

const size_t routes_count = sizeof routes / sizeof routes[0];
