/* store/readers.h - the read connections that nobody uses at the moment; private to store/.
 *
 * A connection is opened when it is first needed, never more than `most` at once, and waited for
 * with patience of 5 s.
 */
#ifndef STORE_READERS_H
#define STORE_READERS_H

#include <pthread.h>
#include <stdbool.h>

enum { READERS_WAIT_S = 5 };

struct sql;

struct readers {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    struct sql *idle;
    unsigned open;
    unsigned most;
};

void readers_open(struct readers *readers, unsigned most);
/* Ends the idle connections; none may be lent. */
void readers_close(struct readers *readers);

/* An idle connection, or leave (*out NULL) to open one; false after waiting in vain. Both are given
 * back with readers_return(). */
bool readers_take(struct readers *readers, struct sql **out);
/* sql NULL: the connection is gone, another may be opened. */
void readers_return(struct readers *readers, struct sql *sql);

#endif
