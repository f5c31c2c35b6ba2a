// SPDX-License-Identifier: BSL-1.0
// Rewrites standard input to standard output without Boost: one Rewriter over a sink of one's own.
#include <cstdio>
#include <iostream>
#include <memory>
#include <reseal/reseal.hpp>

/// Where the bytes go: write() takes all of them or throws.
class FileSink : public reseal::Sink {
public:
    explicit FileSink(std::FILE* file) : file_(file) {}
    void write(std::string_view bytes) override {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
            throw reseal::Error(reseal::ErrorCode::io, "cannot write");
    }
    void flush() {
        if (std::fflush(file_) != 0) throw reseal::Error(reseal::ErrorCode::io, "cannot write");
    }

private:
    std::FILE* file_;
};

// usage: sink FROM TO <IN >OUT
int main(int argc, char** argv) {
    if (argc != 3) return 1;
    try {
        FileSink out(stdout);
        reseal::Rewriter rewriter(reseal::Rules({{argv[1], argv[2]}}), out);
        const std::size_t size = std::size_t{64} * 1024;
        auto buffer = std::make_unique<char[]>(size);
        while (std::size_t count = std::fread(buffer.get(), 1, size, stdin)) rewriter.write({buffer.get(), count});
        if (std::ferror(stdin) != 0) throw reseal::Error(reseal::ErrorCode::io, "cannot read");
        rewriter.finish();  // throws where an image had to be refused: what came out so far is cut short
        out.flush();
        for (const reseal::Finding& note : rewriter.report().findings)
            std::cerr << name(note.code) << ": " << note.what << '\n';
    } catch (const reseal::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
