// SPDX-License-Identifier: BSL-1.0
// relink-file FROM TO IN OUT: the prefix FROM of install names and rpaths becomes TO, for the oracle that is a script. Exit 0:
// OUT is complete; 2: refused; 1: anything else.
#include <fstream>
#include <iostream>
#include <reseal/source.hpp>
#include <sstream>
#include <string>
#include <string_view>

#include "relocate/linkage.hpp"
#include "relocate/placer.hpp"
#include "rewrite/file.hpp"

namespace {

using namespace reseal;

int complain(const std::vector<Finding>& findings) {
    int status = 0;
    for (const Finding& each : findings) {
        std::cerr << "relink-file: " << each.entry << ": " << name(each.code) << ": " << each.what << '\n';
        if (each.severity == Severity::error) status = 2;
    }
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: relink-file FROM TO IN OUT\n";
        return 1;
    }
    std::ifstream in(argv[3], std::ios::binary);
    std::ostringstream read;
    if (!(read << in.rdbuf())) return 1;
    const std::string input = read.str();
    const relocate::Linkage linkage = relocate::plan_linkage(MemorySource(input), {{argv[1], argv[2]}}, argv[3]);
    if (const int status = complain(linkage.findings)) return status;

    const Options options;
    rewrite::File file(argv[3], options, rewrite::CommandPlaces::may_move);
    relocate::Placer placer(linkage.edits);
    std::string output;
    constexpr std::size_t chunk = 4093;  // a prime, so that cuts fall anywhere in a page
    for (std::string_view rest = input; !rest.empty();) {
        const std::string_view part = rest.substr(0, chunk);
        match::Piece piece = placer.take({part, part});
        rest.remove_prefix(piece.bytes.size());
        while (!piece.bytes.empty()) {
            const rewrite::Step step = file.take(piece);
            output += step.out;
            piece = piece.part(step.taken, piece.bytes.size() - step.taken);
        }
    }
    output += file.end();
    if (const int status = complain(file.findings())) return status;
    std::ofstream out(argv[4], std::ios::binary);
    out << output << std::flush;
    return out ? 0 : 1;
}
