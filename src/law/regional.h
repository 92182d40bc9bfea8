/* law/regional.h - yearly figures of a place that claims are computed from: average wage, income
 * and spending of townspeople.
 *
 * They are published every year, by each province and city, and are loaded (data/tables/
 * regional.csv); none comes with the program. A year without its own figure has none: that of
 * another year, or of another place, is never put in its stead.
 */
#ifndef LAW_REGIONAL_H
#define LAW_REGIONAL_H

#include "law/tables.h"

enum regional_kind {
    REGIONAL_WAGE,     /* 职工月平均工资 */
    REGIONAL_INCOME,   /* 城镇居民人均可支配收入, a year */
    REGIONAL_SPENDING, /* 城镇居民人均消费支出, a year */
};

/* Of the city with districts or the municipality that the division lies in; -1 when not loaded.
 * LAW: labour-contract-law@2012 47 */
Money regional_city(const struct law_tables *tables, Str division, int year,
                    enum regional_kind kind);
/* Of the nearest place above, itself included, that has a figure of its own: special zones and
 * cities planned apart have, other cities go by their province; -1 when not loaded.
 * LAW: personal-injury-interpretation@2022 22 */
Money regional_nearest(const struct law_tables *tables, Str division, int year,
                       enum regional_kind kind);

#endif
