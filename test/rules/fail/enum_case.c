/* SPDX-License-Identifier: ISC */
/* enum_case.c: a switch over an enum forgets a state.
 * view: core
 * wanted: enumeration value 'HOLM_RULES_THREE' not handled */
#include <holm/base.h>

enum holm_rules_state {
    HOLM_RULES_ONE,
    HOLM_RULES_TWO,
    HOLM_RULES_THREE,
};
int holm_rules_step(enum holm_rules_state state);

int holm_rules_step(enum holm_rules_state state)
{
    switch (state) {
    case HOLM_RULES_ONE:
        return 1;
    case HOLM_RULES_TWO:
        return 2;
#ifndef BREAK
    case HOLM_RULES_THREE:
        return 3;
#endif
    }
    return 0;
}
