/* Learning: each snippet whose language is not yet clear moves the weights of its features towards the right one, by
 * the gradient of multinomial logistic regression, in steps that get smaller with use (AdaGrad, by feature) and in
 * time. */
#ifndef TOOLS_VOTES_LEARN_H
#define TOOLS_VOTES_LEARN_H

#include "tools/votes/features.h"

/* Changes the weights. Prints its progress on stderr. */
void learn_weights(const struct corpus *corpus, struct features *features);

#endif
