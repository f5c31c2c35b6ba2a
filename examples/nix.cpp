// SPDX-License-Identifier: BSL-1.0
// What a package manager written in C++ changes to stop breaking signed programs: where its headers declare the three sinks, it
// names ours over its own base classes. The code that uses them stays as it is.
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <map>
#include <reseal/nix.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace nix {

// Stand-ins for what is there already.
struct Sink {
    virtual ~Sink() = default;
    virtual void operator()(std::string_view data) = 0;
};
using StringSet = std::set<std::string>;
using StringMap = std::map<std::string, std::string>;

struct FileSink : Sink {
    void operator()(std::string_view data) override { std::fwrite(data.data(), 1, data.size(), stdout); }
};

// The patch:
//   -struct RewritingSink : Sink { …
//   -class RefScanSink : public Sink { …
//   -struct HashModuloSink : AbstractHashSink { …
using RewritingSink = reseal::nix::RewritingSink<Sink>;
using RefScanSink = reseal::nix::RefScanSink<Sink, StringSet>;
// using HashModuloSink = reseal::nix::HashModuloSink<AbstractHashSink, HashSink>;

}  // namespace nix

// usage: nix OLDHASH NEWHASH <NAR >NAR
int main(int argc, char** argv) {
    if (argc != 3) return 1;
    try {
        std::ostringstream in;
        in << std::cin.rdbuf();
        const std::string archive = in.str();
        nix::FileSink out;
        nix::RewritingSink rewrite(nix::StringMap{{argv[1], argv[2]}}, out);
        rewrite(archive);
        rewrite.flush();  // an image that cannot be resealed is an exception that names it

        nix::RefScanSink scan(nix::StringSet{argv[1]});
        scan(archive);
        std::cerr << rewrite.matches.size() << " places rewritten, " << scan.getResult().size() << " reference found\n";
        return 0;
    } catch (const reseal::Error& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
