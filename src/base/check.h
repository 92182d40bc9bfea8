/* base/check.h - the one way to state that something cannot happen.
 *
 * check() is for our own mistakes and stays on in production: it prints file and line and aborts
 * the worker; the open transaction rolls back and the supervisor starts another worker. Input,
 * files and rows are never our mistakes: those FAIL (base/fail.h).
 */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#define check(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

_Noreturn void check_failed(const char *condition, const char *file, int line);

#endif
