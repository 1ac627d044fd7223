/* SPDX-License-Identifier: ISC */
/* holm/http.h: HTTP/1.1 without any I/O: all of holm/http. Pure. */
#pragma once

#include <holm/http/accept.h>
#include <holm/http/chunk.h>
#include <holm/http/condition.h>
#include <holm/http/date.h>
#include <holm/http/field.h>
#include <holm/http/fields.h>
#include <holm/http/head.h>
#include <holm/http/machine.h>
#include <holm/http/message.h>
#include <holm/http/range.h>
#include <holm/http/target.h>
