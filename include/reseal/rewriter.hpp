// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <memory>
#include <string_view>

#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <reseal/sink.hpp>

namespace reseal {

/// Rewrites one stream and reseals the signed images in it, in one forward pass:
///
///     Rewriter rewriter(Rules({{old_path, new_path}}), out);
///     while (…) rewriter.write(chunk);
///     rewriter.finish();
///
/// The output, the report and the positions depend on the bytes only, never on how they were cut into chunks.
/// The output is not valid until finish() has returned.
///
/// Failure: when an image is refused nothing more reaches `out`, but write() goes on reading so that the report names every
/// refused image; finish() then throws Error (ErrorCode::refused). When `out` throws, that exception passes through, and
/// every later write() and finish() throws it again without writing.
class Rewriter final : public Sink {
public:
    /// `out` must outlive the rewriter.
    Rewriter(Rules rules, Sink& out, Options options = {});
    Rewriter(Rewriter&&) noexcept;
    Rewriter& operator=(Rewriter&&) noexcept;
    ~Rewriter() override;

    /// Any number of bytes, none included. After finish(): Error (ErrorCode::misuse).
    void write(std::string_view chunk) override;
    /// Passes on all that is decided by now; else some of it may wait for more. Where an input breaks off, so much has gone out
    /// then as follows from its bytes, whatever the chunks were.
    void settle();
    /// The end of the stream: writes what was held back, completes the report, raises the first failure.
    void finish();

    /// Whether something has been refused by now, so that nothing more goes out.
    bool refused() const;
    /// Complete once finish() has returned or thrown.
    const Report& report() const;
    Work work() const;

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace reseal
