/* seal/key_file.h - files of a directory of keys: mode 0600, on disk before anything names them. */
#ifndef SEAL_KEY_FILE_H
#define SEAL_KEY_FILE_H

#include "base/fail.h"

/* E_STORE "keys-broken" with what errno says. */
enum status key_file_fail(struct cx *cx, const char *what, const char *path);
/* exclusive: there must be no such file yet. */
enum status key_file_write(struct cx *cx, const char *path, Str bytes, bool exclusive);
/* *found is false when there is no such file. */
enum status key_file_read(struct cx *cx, const char *path, Str *out, bool *found);
enum status key_dir_sync(struct cx *cx, const char *path);

#endif
