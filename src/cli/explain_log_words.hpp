// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a log says, in a person's words. Strings out of it are made printable.
#include <reseal/log.hpp>
#include <reseal/place.hpp>
#include <string>
#include <vector>

namespace reseal::cli {

/// Whether it is about a signature at all: a crash may have any reason.
bool is_about_signatures(const LogEvent& event);

/// Whether it says that something was kept from running, or may have been: systems also write of what they let pass.
bool tells_of_trouble(const LogEvent& event);

/// One sentence, without a full stop.
std::string logged_sentence(const LogEvent& event);

/// What the bits of a status mean for who wonders why a process was killed: those that say something of it.
std::vector<std::string> status_words(std::uint32_t status);

/// Which page that is: slice, slot, section, whether it is now what the signature says, and what stands there.
std::string place_line(const Place& place);

}  // namespace reseal::cli
