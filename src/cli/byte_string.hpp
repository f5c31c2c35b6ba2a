// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the command's sources look for what bytes/ has.
#include "bytes/byte_string.hpp"
