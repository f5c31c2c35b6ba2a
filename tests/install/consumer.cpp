// SPDX-License-Identifier: BSL-1.0
// A program of somebody else's that uses the installed library.
// usage: consumer PROGRAM FROM TO WANTED: rewriting PROGRAM gives WANTED, with a valid signature.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <reseal/reseal.hpp>
#include <string>

namespace {

std::string contents(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    reseal::StringSink out;
    reseal::Rewriter rewriter(reseal::Rules({{argv[2], argv[3]}}), out);
    rewriter.write(contents(argv[1]));
    rewriter.finish();

    const auto images = reseal::verify(reseal::MemorySource(out.bytes));
    const bool valid = images.size() == 1 && images[0].verdict == reseal::Verdict::valid;
    const bool same = out.bytes == contents(argv[4]);
    std::printf("reseal %s: %s, %s\n", RESEAL_VERSION, valid ? "valid" : "not valid", same ? "as wanted" : "other bytes");
    return valid && same ? 0 : 1;
}
