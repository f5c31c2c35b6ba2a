// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which kind of stream this is, by its first bytes.
#include <memory>
#include <reseal/options.hpp>
#include <string>
#include <string_view>

#include "container/parser.hpp"

namespace reseal::container {

/// So many bytes decide; a stream that is shorter is plain or a Nix archive.
constexpr std::size_t detect_bytes = 512;

/// nar, tar or plain, of those that are wanted: Format::automatic or nar_or_plain.
Format detect(std::string_view head, Format wanted = Format::automatic);

/// `name` is what a plain stream is called.
std::unique_ptr<Parser> make_parser(Format format, const std::string& name);

}  // namespace reseal::container
