// SPDX-License-Identifier: BSL-1.0
// Rewrites a compressed package, an archive of a whole tree, in one chain: decompressed in front, compressed again behind.
#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <fstream>
#include <iostream>
#include <reseal/filter.hpp>

namespace io = boost::iostreams;

// usage: package IN.tar.gz OUT.tar.gz FROM TO
int main(int argc, char** argv) {
    if (argc != 5) return 1;
    try {
        reseal::RewriteFilter rewrite(reseal::Rules({{argv[3], argv[4]}}));
        std::ifstream in(argv[1], std::ios::binary);
        in.exceptions(std::ios::badbit | std::ios::failbit);
        io::filtering_ostream out;
        out.push(io::gzip_decompressor());
        out.push(rewrite);
        out.push(io::gzip_compressor());
        out.push(io::file_sink(argv[2], std::ios::binary));
        io::copy(in, out);
        for (const reseal::EntryReport& entry : rewrite.report().entries)
            std::cout << entry.path << ": " << entry.substitutions << ' ' << name(entry.status) << '\n';
    } catch (const std::ios_base::failure& failure) {
        std::cerr << failure.what() << '\n';
        return 1;
    }
}
