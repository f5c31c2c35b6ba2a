// SPDX-License-Identifier: BSL-1.0
// rewrite-file RULES IN OUT: the library on one file, for the oracles that are scripts. Exit 0: OUT is complete; 2: refused;
// 1: anything else.
#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

namespace {

std::string read_file(const char* path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    if (!(bytes << in.rdbuf())) throw reseal::Error(reseal::ErrorCode::io, "cannot be read", path);
    return bytes.str();
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 4) {
        std::cerr << "usage: rewrite-file RULES IN OUT\n";
        return 1;
    }
    const std::string rules = read_file(argv[1]);
    const std::string input = read_file(argv[2]);
    reseal::StringSink sink;
    reseal::Options options;
    options.name = argv[2];
    reseal::Rewriter rewriter(reseal::Rules(reseal::parse_rules(rules, argv[1])), sink, options);
    constexpr std::size_t chunk = 4093;  // a prime, so that cuts fall anywhere in a page
    for (std::string_view rest = input; !rest.empty(); rest.remove_prefix(std::min(chunk, rest.size())))
        rewriter.write(rest.substr(0, chunk));
    rewriter.finish();
    std::ofstream out(argv[3], std::ios::binary);
    out << sink.bytes << std::flush;
    return out ? 0 : 1;
} catch (const reseal::Error& e) {
    std::cerr << "rewrite-file: " << e.what() << '\n';
    return e.error() == reseal::ErrorCode::refused ? 2 : 1;
}
