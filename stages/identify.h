/* The settings of [identify]. */
#ifndef STAGES_IDENTIFY_H
#define STAGES_IDENTIFY_H

#include "config/setting.h"

struct identify_settings {
    struct word_list skip; /* languages */
};
extern const struct setting identify_table[];

#endif
