// SPDX-License-Identifier: BSL-1.0
#include "container/detect.hpp"

#include "container/nar.hpp"
#include "container/plain.hpp"
#include "container/tar.hpp"

namespace reseal::container {

Format detect(std::string_view head, Format wanted) {
    if (head.starts_with(Nar::magic)) return Format::nar;
    if (wanted == Format::automatic && head.size() >= detect_bytes && Tar::begins(head.substr(0, detect_bytes)))
        return Format::tar;
    return Format::plain;
}

std::unique_ptr<Parser> make_parser(Format format, const std::string& name) {
    if (format == Format::nar) return std::make_unique<Nar>();
    if (format == Format::tar) return std::make_unique<Tar>();
    return std::make_unique<Plain>(name);
}

}  // namespace reseal::container
