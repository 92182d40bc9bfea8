/* law/injury_borne.h - who bears a loss that law/injury.c has counted; inside law/ only.
 *
 * Compulsory insurance first, within each of its three limits, which all victims of one accident
 * share by what each has lost; what is left by the share of fault;
 * of that the commercial insurance up to its limit, the liable side the rest. Damages for mental
 * distress were set by the fault already and are not divided again. LAW: civil-code@2020 1173,
 * 1213; traffic-accident-interpretation@2020 13, 19; road-traffic-safety-law@2021 76;
 * compulsory-insurance-regulation@2019 23
 */
#ifndef LAW_INJURY_BORNE_H
#define LAW_INJURY_BORNE_H

#include "law/injury.h"

/* Sets borne and due from the parts of the bill. */
void injury_bear(const struct law_tables *tables, const struct injury_ask *ask,
                 struct injury_answer *out);

#endif
