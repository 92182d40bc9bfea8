/* web/guidance.h - the words around a procedure: what to do first in each state, how its acts are
 * put to people, what to know before beginning. data/guidance/PROCEDURE.yaml, data/doors.yaml.
 *
 * A file may be named as an envelope: its words are those of all procedures laid over it, and a
 * procedure's own are laid over them.
 * (1) The words never decide anything: an act that is not open is not offered, whatever they say.
 * (2) {name} is filled in; a sentence with a name for which there is nothing is left out whole, so
 *     that nobody reads "请在前办理". {due.NAME} is the end of the procedure's clock of that name:
 *     where several run, each sentence says whose it is. Other names: guidance_args(). (3) Read
 * once, constant while serving.
 *
 *   before: 提交后、立案前，可以撤回。          # beside the button that submits a draft
 *   noun: 起诉材料                              # 您将向…提交起诉材料
 *   limit: 法院应在收到后7日内决定是否立案。
 *   steps: [text, …]                            # how it goes, before one begins
 *   fee: {cause: cause, amount: claim.amount}   # paths of what the fee after docketing depends on
 *   prepare: {identity: text}                   # help beside kinds of material
 *   states:
 *     correction:
 *       tone: ask                               # ask bad good plain, or none
 *       party: {title, text, late: {title, text}, acts: [submit, insist], papers: {ruling:
 * 查看裁定书}} appeal: {paper: ruling, limit: 10 days, law: …}  # {appeal_due}, {ruled}: from that
 * paper's day court: {title, text, late: …, acts: […]} todo: {title, list: correction.items, item:
 * item, text: reason, act: submit} acts: ask-correction: {about, button, danger: true, key: B,
 * done: 已通知补正, link: {correction: 去补正}, phrases: {list: correction.items, item: item, text:
 * reason}}                                      # where saved phrases go: web/phrase.h
 */
#ifndef WEB_GUIDANCE_H
#define WEB_GUIDANCE_H

#include "base/share.h"
#include "flow/procedure.h"

struct guidance;

/* E_READ "data-unreadable" with file and line: an unknown key, a state, act or clock that the
 * newest version of the procedure has not, a file for no procedure. Lives in arena. */
enum status guidance_read(struct cx *cx, struct arena *arena, const struct share *share,
                          const struct procedures *procedures, const struct guidance **out);

/* The words of a procedure; an empty map when it has none. */
const struct value *guidance_of(const struct guidance *guidance, Str procedure);
/* [{title, text, procedure?, href?, first?}] */
const struct value *guidance_doors(const struct guidance *guidance);
/* Sentences of text with {name} filled from args (a map of texts), see (2). */
Str guidance_fill(struct arena *arena, Str text, const struct value *args);

#endif
