// SPDX-License-Identifier: BSL-1.0
#include "laws/ways.hpp"

#include <algorithm>
#include <boost/iostreams/close.hpp>
#include <cstring>
#include <reseal/error.hpp>
#include <reseal/filter.hpp>
#include <string>

namespace laws {
namespace {

namespace io = boost::iostreams;

struct Into {
    using char_type = char;
    struct category : io::sink_tag {};
    std::string* output;
    std::streamsize write(const char* bytes, std::streamsize n) {
        output->insert(output->end(), bytes, bytes + n);
        return n;
    }
};

struct From {
    using char_type = char;
    struct category : io::source_tag {};
    std::vector<std::string_view> chunks;
    std::size_t next = 0;
    std::streamsize read(char* to, std::streamsize n) {
        if (next == chunks.size()) return -1;
        std::string_view& chunk = chunks[next];
        std::size_t count = std::min(chunk.size(), static_cast<std::size_t>(n));
        std::memcpy(to, chunk.data(), count);
        chunk.remove_prefix(count);
        if (chunk.empty()) ++next;
        return static_cast<std::streamsize>(count);
    }
};

template <class Action>
support::Rewritten run(const reseal::RewriteFilter& filter, std::string& output, Action action) {
    support::Rewritten out;
    try {
        action();
    } catch (const reseal::Error& error) {
        if (error.error() != reseal::ErrorCode::refused) throw;
        out.failure = error.what();
    }
    out.output = std::move(output);
    out.report = filter.report();
    out.work = filter.work();
    return out;
}

}  // namespace

support::Rewritten write_filter(const reseal::Rules& rules, const std::vector<std::string_view>& chunks,
                                const reseal::Options& options) {
    reseal::RewriteFilter filter(rules, options);
    std::string output;
    Into sink{&output};
    return run(filter, output, [&] {
        for (std::string_view chunk : chunks) filter.write(sink, chunk.data(), static_cast<std::streamsize>(chunk.size()));
        io::close(filter, sink, std::ios_base::out);
    });
}

support::Rewritten read_filter(const reseal::Rules& rules, const std::vector<std::string_view>& chunks,
                               const reseal::Options& options, std::size_t n) {
    reseal::RewriteFilter filter(rules, options);
    std::string output, buffer(n, '\0');
    From source{chunks};
    return run(filter, output, [&] {
        while (true) {
            std::streamsize got = filter.read(source, buffer.data(), static_cast<std::streamsize>(n));
            if (got < 0) break;
            output.append(buffer, 0, static_cast<std::size_t>(got));
        }
        io::close(filter, source, std::ios_base::in);
    });
}

}  // namespace laws
