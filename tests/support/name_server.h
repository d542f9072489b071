// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QUdpSocket>
#include <QtEndian>

#include "backend/runtime/config.h"

namespace support {

// A name server on a port of its own: answers every question with the records it was given, or that there is no such
// name. On one thread, whose events must run.
class NameServer {
public:
    explicit NameServer(QList<QByteArrayList> records) : m_records(std::move(records))
    {
        m_isBound = m_socket.bind(QHostAddress::LocalHost, 0);
        QObject::connect(&m_socket, &QUdpSocket::readyRead, &m_socket, [this] {
            while (m_socket.hasPendingDatagrams()) {
                QHostAddress from;
                quint16 port = 0;
                QByteArray query(m_socket.pendingDatagramSize(), Qt::Uninitialized);
                m_socket.readDatagram(query.data(), query.size(), &from, &port);
                m_socket.writeDatagram(answerTo(query), from, port);
            }
        });
    }

    bool isBound() const { return m_isBound; }
    runtime::HostPort address() const { return {"127.0.0.1", m_socket.localPort()}; }
    QByteArray asked() const { return m_asked; }
    void setRecords(QList<QByteArrayList> records) { m_records = std::move(records); }

private:
    QByteArray answerTo(const QByteArray& query)
    {
        const auto number = [](quint16 value) {
            QByteArray bytes(2, '\0');
            qToBigEndian(value, bytes.data());
            return bytes;
        };
        const qsizetype questionEnd = query.indexOf('\0', 12) + 5; // the name, its end, type and class
        m_asked = query.mid(12, questionEnd - 12 - 5);
        const quint16 flags = m_records.isEmpty() ? 0x8183 : 0x8180;
        QByteArray answer = query.left(2) + number(flags) + number(1) + number(static_cast<quint16>(m_records.size())) +
                            number(0) + number(0) + query.mid(12, questionEnd - 12);
        for (const QByteArrayList& record : m_records) {
            QByteArray text;
            for (const QByteArray& piece : record)
                text += static_cast<char>(piece.size()) + piece;
            // The question's name, TXT, IN, a minute to live.
            answer += number(0xc00c) + number(16) + number(1) + number(0) + number(60) +
                      number(static_cast<quint16>(text.size())) + text;
        }
        return answer;
    }

    QList<QByteArrayList> m_records;
    QUdpSocket m_socket;
    QByteArray m_asked;
    bool m_isBound = false;
};

} // namespace support
