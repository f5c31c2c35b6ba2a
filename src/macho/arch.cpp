// SPDX-License-Identifier: BSL-1.0
#include "macho/arch.hpp"

#include <array>
#include <string_view>

#include "macho/constants.hpp"

namespace reseal::macho {
namespace {

constexpr std::uint32_t any = 0xffffffff;

struct Name {
    std::uint32_t cputype, cpusubtype;
    std::string_view name;
};

// The specific subtypes of a cpu come before its catch-all.
constexpr std::array names = std::to_array<Name>({
    {cpu_arm64, 2, "arm64e"},   {cpu_arm64, 1, "arm64v8"},   {cpu_arm64, any, "arm64"}, {cpu_arm64_32, any, "arm64_32"},
    {cpu_x86_64, 8, "x86_64h"}, {cpu_x86_64, any, "x86_64"}, {cpu_i386, any, "i386"},   {cpu_arm, 5, "armv4t"},
    {cpu_arm, 6, "armv6"},      {cpu_arm, 7, "armv5"},       {cpu_arm, 9, "armv7"},     {cpu_arm, 10, "armv7f"},
    {cpu_arm, 11, "armv7s"},    {cpu_arm, 12, "armv7k"},     {cpu_arm, 14, "armv6m"},   {cpu_arm, 15, "armv7m"},
    {cpu_arm, 16, "armv7em"},   {cpu_arm, any, "arm"},       {cpu_ppc, 9, "ppc750"},    {cpu_ppc, 10, "ppc7400"},
    {cpu_ppc, 11, "ppc7450"},   {cpu_ppc, 100, "ppc970"},    {cpu_ppc, any, "ppc"},     {cpu_ppc64, 100, "ppc970-64"},
    {cpu_ppc64, any, "ppc64"},
});

}  // namespace

std::string arch_name(std::uint32_t cputype, std::uint32_t cpusubtype) {
    cpusubtype &= 0x00ffffff;  // the top byte holds capability bits
    for (const Name& each : names)
        if (each.cputype == cputype && (each.cpusubtype == any || each.cpusubtype == cpusubtype)) return std::string(each.name);
    return "unknown(" + std::to_string(cputype) + "," + std::to_string(cpusubtype) + ")";
}

}  // namespace reseal::macho
