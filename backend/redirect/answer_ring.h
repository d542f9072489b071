// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace redirect {

// The answers of one connection in the order of its requests, numbered from 0: each waits until it is ready and all
// before it have left. A ring that grows by doubling and keeps its strings' memory.
class AnswerRing {
public:
    struct Answer {
        std::string text;
        bool ready = false;
    };

    std::size_t size() const { return m_count; }
    bool empty() const { return m_count == 0; }
    std::uint32_t nextNumber() const { return m_firstNumber + static_cast<std::uint32_t>(m_count); }

    Answer& push()
    {
        if (m_count == m_answers.size())
            grow();
        Answer& answer = m_answers[(m_first + m_count++) & (m_answers.size() - 1)];
        answer.text.clear();
        answer.ready = false;
        return answer;
    }

    Answer& front() { return m_answers[m_first]; }

    void pop()
    {
        // One huge answer must not stay with an idle connection.
        if (m_answers[m_first].text.capacity() > textBytesKept)
            m_answers[m_first].text = std::string();
        m_first = (m_first + 1) & (m_answers.size() - 1);
        ++m_firstNumber;
        --m_count;
    }

    Answer& at(std::uint32_t number)
    {
        return m_answers[(m_first + (number - m_firstNumber)) & (m_answers.size() - 1)];
    }
    // The answer with this number is ready to leave.
    void settle(std::uint32_t number) { at(number).ready = true; }

private:
    static constexpr std::size_t textBytesKept = 1024;

    void grow()
    {
        std::vector<Answer> larger(m_answers.empty() ? 1 : m_answers.size() * 2);
        for (std::size_t i = 0; i < m_count; ++i)
            larger[i] = std::move(m_answers[(m_first + i) & (m_answers.size() - 1)]);
        m_answers = std::move(larger);
        m_first = 0;
    }

    std::vector<Answer> m_answers; // its size is a power of two
    std::size_t m_first = 0;
    std::size_t m_count = 0;
    std::uint32_t m_firstNumber = 0;
};

} // namespace redirect
