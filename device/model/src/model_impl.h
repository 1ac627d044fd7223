/* SPDX-License-Identifier: ISC */
/* model_impl.h: what the files of the model share. */
#pragma once

#include <holm/model_network.h>

/* holm_model__flow_take makes a free flow a used one; NULL if there is none. */
struct holm_model_flow *holm_model__flow_take(struct holm_model_network *model);

/* holm_model__flow_release gives up a flow that nobody uses any more. */
void holm_model__flow_release(struct holm_model_flow *flow);

/* holm_model__flow_break ends a flow with an error. */
void holm_model__flow_break(struct holm_model_flow *flow, enum holm_result error);

/* holm_model__flow_move moves what a flow has to send; answers whether anything changed. */
bool holm_model__flow_move(struct holm_model_flow *flow);

/* holm_model__fault is what the test's fault answers to a call. */
enum holm_result holm_model__fault(struct holm_model_network *model, enum holm_model_call call,
                                   struct holm_model_flow *flow);
