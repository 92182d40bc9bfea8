/* law/compulsory.h - what compulsory traffic insurance (交强险) pays at most, by the day of the
 * accident.
 *
 * The limits are a dated table (data/tables/compulsory-insurance.csv). A day before its first row
 * has none: no limit is made up.
 */
#ifndef LAW_COMPULSORY_H
#define LAW_COMPULSORY_H

#include "law/tables.h"

/* The limits in force on the day of the accident, which is what decides, not the day of the policy;
 * NULL when the table has none. LAW: compulsory-insurance-regulation@2019 23 */
const struct compulsory *compulsory_on(const struct law_tables *tables, Date accident);

#endif
