// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/request_head.h"
#include "tests/fuzz/fuzzer.h"

using redirect::HeadResult;
using State = HeadResult::State;

FUZZER(request_head)
{
    static const redirect::Limits limits;
    redirect::RequestHead head, again;
    const HeadResult whole = redirect::readHead(bytes, limits, head);
    if (whole.state == State::Refused)
        fuzz::require(whole.status >= 400 && whole.status < 500, "a refusal has a status of the client's");
    if (whole.state != State::Complete)
        return;
    fuzz::require(whole.bytes > 0 && whole.bytes <= bytes.size(), "no more is taken than there is");
    fuzz::require(head.path.size() + head.query.size() <= limits.urlBytes, "the target is bounded");
    for (const std::string_view view : {head.path, head.query, head.userAgent, head.referer, head.acceptLanguage,
                                        head.accept, head.secChUa, head.secChUaMobile, head.secChUaPlatform, head.form})
        fuzz::require(view.empty() || view == "/" || // what a target without a path asks for
                          (view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size()),
                      "views lie in the request");
    // What comes after a request changes nothing about it.
    const HeadResult alone = redirect::readHead(bytes.substr(0, whole.bytes), limits, again);
    fuzz::require(alone.state == State::Complete && alone.bytes == whole.bytes, "a request ends where it ends");
    fuzz::require(again.host == head.host && again.path == head.path && again.query == head.query &&
                      again.form == head.form && again.keepAlive == head.keepAlive,
                  "it is the same request");
}
