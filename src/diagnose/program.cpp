// SPDX-License-Identifier: BSL-1.0
#include "diagnose/program.hpp"

#include <array>

#include "bytes/reader.hpp"
#include "macho/command_strings.hpp"
#include "macho/commands.hpp"
#include "macho/constants.hpp"

namespace reseal::diagnose {
namespace {

constexpr std::uint32_t lc_build_version = 0x32, lc_version_min_macos = 0x24, lc_version_min_ios = 0x25,
                        lc_version_min_tvos = 0x2f, lc_version_min_watchos = 0x30;
constexpr std::uint32_t mh_dyldlink = 0x4, mh_pie = 0x200000;

constexpr std::array<std::string_view, 13> platform_names{"",
                                                          "macOS",
                                                          "iOS",
                                                          "tvOS",
                                                          "watchOS",
                                                          "bridgeOS",
                                                          "Mac Catalyst",
                                                          "the iOS Simulator",
                                                          "the tvOS Simulator",
                                                          "the watchOS Simulator",
                                                          "DriverKit",
                                                          "visionOS",
                                                          "the visionOS Simulator"};

bool loads_library(std::uint32_t command) {
    return command == macho::lc_load_dylib || command == macho::lc_load_weak_dylib || command == macho::lc_reexport_dylib ||
           command == macho::lc_lazy_load_dylib || command == macho::lc_load_upward_dylib;
}

void read_platform(Program& program, const macho::Command& command, bytes::Order order) {
    bytes::Reader body(command.bytes.substr(8), order);
    std::uint32_t platform = 0;
    switch (command.cmd) {
        case lc_build_version: platform = body.u32(); break;
        case lc_version_min_macos: platform = 1; break;
        case lc_version_min_ios: platform = 2; break;
        case lc_version_min_tvos: platform = 3; break;
        case lc_version_min_watchos: platform = 4; break;
        default: return;
    }
    const std::uint32_t oldest = body.u32();
    // A library for macOS and Catalyst says both: the first is what counts here.
    if (!body.ok() || program.platform) return;
    program.platform = platform;
    program.oldest = oldest;
}

}  // namespace

bool Program::executable() const { return filetype == macho::mh_execute; }
bool Program::dynamic() const { return (flags & mh_dyldlink) != 0; }
bool Program::position_independent() const { return (flags & mh_pie) != 0; }

Program read_program(std::string_view head) {
    Program program;
    macho::Commands commands(head);
    if (!commands.start()) return program;
    const bytes::Order order = commands.start()->order;
    bytes::Reader header(head, order);
    header.skip(12);
    program.filetype = header.u32();
    header.skip(8);
    program.flags = header.u32();
    while (const std::optional<macho::Command> command = commands.next()) read_platform(program, *command, order);
    for (const macho::CommandString& each : macho::command_strings(head))
        if (loads_library(each.command) && program.libraries.size() < max_libraries)
            program.libraries.emplace_back(
                head.substr(static_cast<std::size_t>(each.text.offset), static_cast<std::size_t>(each.text.size)));
    return program;
}

std::string platform_name(std::uint32_t platform) {
    if (platform > 0 && platform < platform_names.size()) return std::string(platform_names[platform]);
    return std::string("platform ").append(std::to_string(platform));
}

std::string version_text(std::uint32_t version) {
    std::string text = std::to_string(version >> 16);
    text.append(".").append(std::to_string(version >> 8 & 0xff));
    if ((version & 0xff) != 0) text.append(".").append(std::to_string(version & 0xff));
    return text;
}

bool is_system_library(std::string_view path) { return path.starts_with("/usr/lib/") || path.starts_with("/System/"); }

}  // namespace reseal::diagnose
