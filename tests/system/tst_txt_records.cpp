// SPDX-License-Identifier: GPL-3.0-or-later
// The look-up of a domain's TXT record, against a name server of this test's own.
#include <QHostAddress>
#include <QTest>
#include <QUdpSocket>
#include <QtEndian>

#include "backend/txt_records.h"

namespace {

// Answers every question with the records it was given, or that there is no such name.
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

} // namespace

class TxtRecordsTest : public QObject {
    Q_OBJECT

private slots:
    void findsRecordsAndJoinsTheirPieces()
    {
        NameServer server({{"v=spf1 -all"}, {QByteArray(200, 'a'), QByteArray(50, 'b')}});
        QVERIFY(server.isBound());
        const auto records = txtRecords("_clickroom-verify.go.acme.example", server.address());
        QCOMPARE(records.size(), std::size_t(2));
        QVERIFY(std::find(records.begin(), records.end(), "v=spf1 -all") != records.end());
        QVERIFY(std::find(records.begin(), records.end(), std::string(200, 'a') + std::string(50, 'b')) !=
                records.end());
        QCOMPARE(server.asked(), QByteArray("\x11_clickroom-verify\x02go\x04"
                                            "acme\x07"
                                            "example"));
    }

    void noNameIsNoRecord()
    {
        NameServer server({});
        QVERIFY(server.isBound());
        QVERIFY(txtRecords("_clickroom-verify.go.acme.example", server.address()).empty());
    }
};

QTEST_GUILESS_MAIN(TxtRecordsTest)
#include "tst_txt_records.moc"
