/* Training: multinomial logistic regression by stochastic gradient descent. Each snippet that is not yet identified
 * with confidence moves the weights of its features towards the right language, in steps that shrink with the use of a
 * feature (AdaGrad) and over time. */
#ifndef TOOLS_VOTES_LEARN_H
#define TOOLS_VOTES_LEARN_H

#include "tools/votes/features.h"

/* Adjusts the weights of the features. Prints progress on standard error. */
void learn_weights(const struct corpus *corpus, struct features *features);

#endif
