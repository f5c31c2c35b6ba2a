// SPDX-License-Identifier: BSL-1.0
// What a package manager asks of a program after its own work on it: is its signature right, and if not, why, and what mends
// it.
#include <fstream>
#include <iostream>
#include <reseal/reseal.hpp>
#include <sstream>
#include <string>

// usage: check IN MENDED; writes MENDED only where new hashes are enough
int main(int argc, char** argv) {
    if (argc != 3) return 1;
    try {
        std::ifstream in(argv[1], std::ios::binary);
        if (!in) throw reseal::Error(reseal::ErrorCode::io, "cannot read");
        std::ostringstream read;
        read << in.rdbuf();
        std::string bytes = read.str();
        const reseal::MemorySource program(bytes);

        bool bad = false;
        for (const reseal::ImageVerdict& image : reseal::verify(program)) {
            bad = bad || image.bad;
            std::cout << image.arch << ": " << name(image.verdict);
            if (auto layer = image.layer()) std::cout << ", says " << name(*layer);
            std::cout << '\n';
        }
        if (!bad) return 0;

        reseal::Surroundings around;
        around.path = argv[1];
        for (const reseal::Cause& cause : reseal::explain(program, around).causes)
            if (!cause.note) std::cout << name(cause.code) << ": " << cause.verdict << '\n' << cause.remedy << '\n';

        const reseal::Fix mend = reseal::fix(program);  // refused: it takes a signer
        if (mend.refused()) return 2;
        for (const reseal::Replacement& part : mend.replacements)
            bytes.replace(static_cast<std::size_t>(part.offset), part.bytes.size(), part.bytes);
        std::ofstream out(argv[2], std::ios::binary);
        if (!out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush())
            throw reseal::Error(reseal::ErrorCode::io, "cannot write");
    } catch (const reseal::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
