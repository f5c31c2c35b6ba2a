// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <string>

// What a reader says of a text that it does not take; "taken" of one that it takes.
template <class Read>
std::string refusal_of(Read&& read) {
    try {
        read();
    } catch (const reseal::Error& error) {
        CHECK(error.error() == reseal::ErrorCode::malformed);
        return error.what();
    }
    return "taken";
}
