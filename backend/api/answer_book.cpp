// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/answer_book.h"

#include <QByteArrayView>
#include <QCryptographicHash>

namespace api {

namespace {

std::string hashOf(std::string_view text)
{
    return QCryptographicHash::hash(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())),
                                    QCryptographicHash::Sha256)
        .toStdString();
}

} // namespace

void AnswerBook::Book::forget(const std::string& key)
{
    const auto found = entries.find(key);
    if (found == entries.end())
        return;
    if (found->second.answer)
        bytes -= found->second.answer->body.size();
    entries.erase(found);
}

void AnswerBook::Book::shrink(protocol::UtcMs now)
{
    while (!order.empty() && (now.value - order.front().first.value > keptMs || entries.size() >= entriesMax ||
                              order.size() >= 2 * entriesMax || bytes > bytesMax)) {
        const auto found = entries.find(order.front().second);
        if (found != entries.end() && found->second.time == order.front().first)
            forget(order.front().second);
        order.pop_front();
    }
}

void AnswerBook::Book::finish(const std::string& key, const Response& answer)
{
    const std::lock_guard lock(mutex);
    const auto found = entries.find(key);
    if (found == entries.end() || found->second.answer)
        return;
    // What failed on our side may be tried again.
    if (answer.status >= 500)
        return forget(key);
    found->second.answer = answer;
    bytes += answer.body.size();
}

std::optional<Respond> AnswerBook::begin(const Call& call, const Respond& respond, protocol::UtcMs now)
{
    const std::string& given = call.request.idempotencyKey;
    if (given.empty())
        return respond;
    if (given.size() > keyBytesMax) {
        respond(problem(400, "too_long", "Idempotency-Key", keyBytesMax));
        return std::nullopt;
    }
    const std::string key = std::to_string(call.caller.token.id.value) + "/" +
                            std::to_string(call.caller.workspace.value) + call.request.path + " " + given;
    const std::string bodyHash = hashOf(call.request.body);
    const std::lock_guard lock(m_book->mutex);
    m_book->shrink(now);
    if (const auto found = m_book->entries.find(key); found != m_book->entries.end()) {
        const Entry& entry = found->second;
        if (entry.bodyHash != bodyHash)
            respond(problem(422, "idempotency_mismatch", "Idempotency-Key"));
        else if (!entry.answer)
            respond(problem(409, "idempotency_in_progress", "Idempotency-Key"));
        else
            respond(*entry.answer);
        return std::nullopt;
    }
    m_book->entries.emplace(key, Entry{bodyHash, now, std::nullopt});
    m_book->order.emplace_back(now, key);
    return [book = m_book, key, respond](Response answer) {
        book->finish(key, answer);
        respond(std::move(answer));
    };
}

} // namespace api
